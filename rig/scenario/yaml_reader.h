// Strict reading of YAML: every value knows its place, every key must be asked for, and whatever is
// wrong is thrown as base::UsageError "file:line:column: what is wrong; what would be right".
// Not a general YAML binding: scalars, lists and maps with text keys.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace rig::scenario {

class Value {
 public:
  Value(const YAML::Node& node, std::string file) : node_(node), file_(std::move(file)) {}

  [[nodiscard]] bool is_map() const { return node_.IsMap(); }
  [[nodiscard]] bool is_text() const { return node_.IsScalar(); }
  [[noreturn]] void fail(const std::string& what) const;
  [[nodiscard]] std::string where() const;  // "file:line:column"

  // Each throws when the value is something else. `text` is never empty.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::uint64_t integer(std::uint64_t least, std::uint64_t most) const;
  // Of the target's memory: 0x and hexadecimal digits.
  [[nodiscard]] std::uint32_t address() const;
  [[nodiscard]] base::Duration duration() const;
  [[nodiscard]] double rate() const;      // bits per second
  [[nodiscard]] double fraction() const;  // from percent
  [[nodiscard]] std::uint64_t bytes() const;
  [[nodiscard]] std::vector<Value> list() const;
  [[nodiscard]] std::vector<std::pair<std::string, Value>> entries() const;
  // The position in `names`; otherwise an error that lists them.
  [[nodiscard]] std::size_t one_of(const std::vector<std::string>& names) const;

 private:
  friend class Section;
  [[nodiscard]] std::string kind() const;

  YAML::Node node_;
  std::string file_;
};

// A map whose keys are known. done() rejects those nobody asked for.
class Section {
 public:
  // Throws when the value is no map, or has a key twice.
  explicit Section(const Value& value);

  [[nodiscard]] std::optional<Value> find(const std::string& key);
  // Throws "key 'x' is missing; " + hint.
  [[nodiscard]] Value need(const std::string& key, const std::string& hint);
  [[noreturn]] void fail(const std::string& what) const { value_.fail(what); }
  void done() const;

 private:
  void blame_slip(const std::string& key) const;

  Value value_;
  std::vector<std::string> known_;
};

// Throws UsageError when the file cannot be read or is no YAML.
[[nodiscard]] Value read_yaml(const std::filesystem::path& file);
// The same of a text that `file` once held; complaints name it.
[[nodiscard]] Value parse_yaml(const std::string& text, const std::filesystem::path& file);

}  // namespace rig::scenario
