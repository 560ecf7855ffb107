// What is kept of one execution from power-on: what it looked at in flash, what it changed there,
// and how it ended.
//
// Everything that an execution does follows from what it starts from: the contents of flash, and
// the rest of the world (registers that outlive a loss of power, the modem, the server, timers).
// Rests that are equal in everything that can be observed have the same number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "record/verdict.h"

namespace rig::explore {

using RestNumber = std::uint32_t;

// One finished operation of the array, eight bytes small: a recovery has a hundred thousand.
class Change {
 public:
  [[nodiscard]] static Change program(std::uint32_t offset, std::uint32_t bytes,
                                      std::uint32_t value) {
    return {offset | bytes << kBytesShift, value};
  }
  [[nodiscard]] static Change erase(std::uint32_t offset, std::uint32_t bytes) {
    return {offset | kErase, bytes};
  }
  [[nodiscard]] bool is_erase() const { return (where_ & kErase) != 0; }
  [[nodiscard]] std::uint32_t offset() const { return where_ & kOffset; }
  [[nodiscard]] std::uint32_t bytes() const {
    return is_erase() ? value_ : where_ >> kBytesShift & 7;
  }
  [[nodiscard]] std::uint32_t value() const { return is_erase() ? 0xFFFFFFFF : value_; }
  bool operator==(const Change&) const = default;

 private:
  static constexpr std::uint32_t kErase = 1U << 31;
  static constexpr unsigned kBytesShift = 24;
  static constexpr std::uint32_t kOffset = (1U << kBytesShift) - 1;
  Change(std::uint32_t where, std::uint32_t value) : where_(where), value_(value) {}

  std::uint32_t where_;
  std::uint32_t value_;
};

// How a recovery ended.
struct Ending {
  record::Verdict verdict{};
  // What the world outside could see of it, times and flash operations left out: two recoveries
  // with the same story are the same behaviour, whatever they read.
  std::string story;
  bool operator==(const Ending&) const = default;
};

// From `first` change on, a loss of power leaves this rest behind.
struct RestSpan {
  std::uint32_t first{};
  RestNumber rest{};
  bool operator==(const RestSpan&) const = default;
};

// A change whose rest depends on the torn model as well: a line of the console was on its way, and
// a loss of power a little later lets more of it out.
struct RestException {
  std::uint32_t change{};
  std::uint32_t model{};  // of CellModels
  RestNumber rest{};
  bool operator==(const RestException&) const = default;
};

struct Trace {
  std::vector<std::uint32_t> reads;       // words, in the order of the first look at each
  std::vector<Change> changes;            // in order; a cut may fall into each of them
  std::vector<RestSpan> rests;            // ascending; the first is from change 0
  std::vector<RestException> exceptions;  // ascending by change, then model
  Ending ending;
};

}  // namespace rig::explore
