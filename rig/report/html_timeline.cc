#include "report/html_timeline.h"

#include <zlib.h>

#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "report/json_report.h"

namespace rig::report {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64(base::ByteView bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < have ? bytes[i + k] : std::uint8_t{});
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= have ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return out;
}

std::string packed_events(const record::Timeline& events) {
  nlohmann::json rows = nlohmann::json::array();
  for (const record::Event& event : events) {
    rows.push_back({base::to_microseconds(event.at), record::name_of(event.lane),
                    record::name_of(event.kind), event.address, event.value, event.text});
  }
  const std::string text = dumped(rows);
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  base::Bytes packed(size);
  const int result = compress2(packed.data(), &size, reinterpret_cast<const Bytef*>(text.data()),
                               static_cast<uLong>(text.size()), Z_BEST_COMPRESSION);
  RIG_ASSERT(result == Z_OK);
  return base64({packed.data(), size});
}

}  // namespace rig::report
