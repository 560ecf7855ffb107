#include "scenario/yaml_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include "base/rig_error.h"
#include "base/suggestion.h"
#include "scenario/units.h"

namespace rig::scenario {
namespace {

std::string place(const std::string& file, const YAML::Mark& mark) {
  return mark.is_null() ? file : fmt::format("{}:{}:{}", file, mark.line + 1, mark.column + 1);
}

}  // namespace

void Value::fail(const std::string& what) const { throw base::UsageError(where() + ": " + what); }

std::string Value::where() const { return place(file_, node_.Mark()); }

std::string Value::kind() const {
  if (node_.IsScalar()) {
    return "'" + node_.Scalar() + "'";
  }
  return node_.IsMap() ? "a map" : node_.IsSequence() ? "a list" : "nothing";
}

std::string Value::text() const {
  if (!node_.IsScalar() || node_.Scalar().empty()) {
    fail("expected a text, found " + kind());
  }
  return node_.Scalar();
}

bool Value::boolean() const {
  if (!node_.IsScalar() || (node_.Scalar() != "true" && node_.Scalar() != "false")) {
    fail("expected true or false, found " + kind());
  }
  return node_.Scalar() == "true";
}

std::uint64_t Value::integer(std::uint64_t least, std::uint64_t most) const {
  const std::string digits = node_.IsScalar() ? node_.Scalar() : "";
  std::uint64_t number{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  if (digits.empty() || !whole || number < least || number > most) {
    fail(fmt::format("expected a whole number from {} to {}, found {}", least, most, kind()));
  }
  return number;
}

std::uint32_t Value::address() const {
  const std::string text = node_.IsScalar() ? node_.Scalar() : "";
  std::uint32_t number{};
  const bool prefixed = text.starts_with("0x") && text.size() > 2;
  const char* first = text.data() + (prefixed ? 2 : 0);
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(first, last, number, 16);
  if (!prefixed || error != std::errc{} || end != last) {
    fail(fmt::format("expected an address, as in 0x08000000, found {}", kind()));
  }
  return number;
}

base::Duration Value::duration() const {
  const auto length = duration_from(node_.IsScalar() ? node_.Scalar() : "");
  if (!length) {
    fail(fmt::format("{} is no duration; write a number with {}", kind(), kDurationUnits));
  }
  return *length;
}

double Value::rate() const {
  const auto rate = rate_from(node_.IsScalar() ? node_.Scalar() : "");
  if (!rate) {
    fail(fmt::format("{} is no rate; write a number with {}", kind(), kRateUnits));
  }
  return *rate;
}

double Value::fraction() const {
  const auto fraction = fraction_from(node_.IsScalar() ? node_.Scalar() : "");
  if (!fraction) {
    fail(kind() + " is no percentage; write 0% to 100%, as in 2%");
  }
  return *fraction;
}

std::uint64_t Value::bytes() const {
  const auto bytes = bytes_from(node_.IsScalar() ? node_.Scalar() : "");
  if (!bytes) {
    fail(kind() + " is no number of bytes; write it plain or with B, KB or MB, as in 64KB");
  }
  return *bytes;
}

std::vector<Value> Value::list() const {
  if (!node_.IsSequence()) {
    fail("expected a list, as in [a, b], found " + kind());
  }
  std::vector<Value> items;
  for (const YAML::Node& item : node_) {
    items.emplace_back(item, file_);
  }
  return items;
}

std::vector<std::pair<std::string, Value>> Value::entries() const {
  if (!node_.IsMap()) {
    fail("expected a map, as in {key: value}, found " + kind());
  }
  std::vector<std::pair<std::string, Value>> entries;
  for (const auto& entry : node_) {
    entries.emplace_back(Value(entry.first, file_).text(), Value(entry.second, file_));
  }
  return entries;
}

std::size_t Value::one_of(const std::vector<std::string>& names) const {
  const std::string word = text();
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) {
    fail(fmt::format("unknown '{}'; expected one of: {}.{}", word, base::joined(names),
                     base::did_you_mean(word, names)));
  }
  return static_cast<std::size_t>(found - names.begin());
}

Section::Section(const Value& value) : value_(value) {
  std::set<std::string> seen;
  if (!value_.node_.IsMap()) {
    value_.fail("expected a map, as in {key: value}, found " + value_.kind());
  }
  for (const auto& entry : value_.node_) {
    const Value key(entry.first, value_.file_);
    if (!seen.insert(key.text()).second) {
      key.fail("key '" + key.text() + "' stands here a second time; keep one");
    }
  }
}

std::optional<Value> Section::find(const std::string& key) {
  known_.push_back(key);
  const YAML::Node node = value_.node_[key];
  return node.IsDefined() ? std::optional(Value(node, value_.file_)) : std::nullopt;
}

Value Section::need(const std::string& key, const std::string& hint) {
  auto value = find(key);
  if (!value) {
    blame_slip(key);
    fail("key '" + key + "' is missing; " + hint);
  }
  return *value;
}

// A missing key that stands there misspelt is reported as what it is.
void Section::blame_slip(const std::string& key) const {
  for (const auto& entry : value_.node_) {
    const Value present(entry.first, value_.file_);
    const std::string name = present.text();
    const bool known = std::find(known_.begin(), known_.end(), name) != known_.end();
    const std::string hint = known ? "" : base::did_you_mean(name, {key});
    if (!hint.empty()) {
      present.fail(fmt::format("unknown key '{}'.{}", name, hint));
    }
  }
}

void Section::done() const {
  for (const auto& entry : value_.node_) {
    const Value key(entry.first, value_.file_);
    const std::string name = key.text();
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      key.fail(fmt::format("unknown key '{}'; known here: {}.{}", name, base::joined(known_),
                           base::did_you_mean(name, known_)));
    }
  }
}

Value read_yaml(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) {
    throw base::UsageError("cannot read '" + file.string() + "'; is the path right?");
  }
  return parse_yaml(text.str(), file);
}

Value parse_yaml(const std::string& text, const std::filesystem::path& file) {
  try {
    return {YAML::Load(text), file.string()};
  } catch (const YAML::Exception& error) {
    throw base::UsageError(place(file.string(), error.mark) + ": this is no YAML: " + error.msg);
  }
}

}  // namespace rig::scenario
