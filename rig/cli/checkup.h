// What otarig doctor found: one line per thing that was looked at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rig::cli {

struct Check {
  enum class State : std::uint8_t {
    good,
    broken,   // nothing works until it is repaired
    notice,   // works, but worth knowing
    skipped,  // was not looked at, and why
  };
  State state{State::good};
  std::string what{};    // "board tracker: console"
  std::string found{};   // "first byte 0.3 s after power"
  std::string advice{};  // what to do; empty when there is nothing to do
};

// Told of each check as soon as it is done.
class Checkup {
 public:
  explicit Checkup(bool json) : json_(json) {}

  void good(const std::string& what, const std::string& found);
  void broken(const std::string& what, const std::string& found, const std::string& advice);
  void notice(const std::string& what, const std::string& found, const std::string& advice);
  void skipped(const std::string& what, const std::string& why, const std::string& advice = {});

  [[nodiscard]] int count(Check::State state) const;
  // The sum of it, or one JSON object; to stdout.
  void finish() const;

 private:
  void add(Check check);

  bool json_;
  std::vector<Check> checks_;
};

}  // namespace rig::cli
