#include "store/json_text.h"

#include <fmt/format.h>

namespace rig::store {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string json_object_of(const std::map<std::string, std::string>& values) {
  std::string out;
  for (const auto& [key, value] : values) {
    out += fmt::format("{}{}:{}", out.empty() ? "" : ",", quoted(key), quoted(value));
  }
  return "{" + out + "}";
}

}  // namespace rig::store
