// How to read one product's console: regexes that turn its lines into observations and update
// phases. Data from fixtures/devices/<name>.yaml; the vocabulary is record/vocabulary.h.
//
// Rules are tried in the order of the file and the first that matches a line speaks for it. A
// rule's named groups (?P<ver>..) become fields, after them its constant fields. Patterns are RE2
// (linear time, whatever a device prints), searched within the line unless they anchor themselves.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/library.h"

namespace rig::scenario {

struct Observation {
  std::string text;   // "online mode=normal user=2 phase=confirmed"
  std::string phase;  // entered with this line; empty: unchanged
};

class DeviceProfile {
 public:
  struct Rule {
    std::string match;  // RE2
    std::string event;
    std::string fields;  // constant fields, " key=value key=value"
    std::string phase;
  };

  // Throws base::UsageError naming the pattern that is no regex.
  DeviceProfile(std::string name, std::vector<Rule> rules);
  ~DeviceProfile();
  DeviceProfile(DeviceProfile&&) noexcept;
  DeviceProfile& operator=(DeviceProfile&&) noexcept;

  [[nodiscard]] const std::string& name() const { return name_; }
  // Empty when no rule speaks for the line.
  [[nodiscard]] std::optional<Observation> observe(std::string_view line) const;

 private:
  struct Compiled;
  std::string name_;
  std::vector<Compiled> rules_;
};

// `name`: on the shelf, or the path of a file that ends in .yaml. Throws base::UsageError: missing
// file (with the names there are), or "file:line:column: ...".
[[nodiscard]] DeviceProfile load_device_profile(const Library& library, std::string_view name);

}  // namespace rig::scenario
