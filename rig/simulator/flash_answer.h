// What a flash controller makes of an access to its registers or to the array.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "base/time.h"

namespace rig::simulator {

// One operation of the array, as the controller starts it.
struct FlashStart {
  std::uint32_t offset{};
  std::uint32_t bytes{};
  bool erase{false};
  std::uint32_t value{};  // program: the data
  base::Duration takes{};
};
struct Refusal {
  std::uint32_t offset{};
  std::string_view why;
  bool bus_error{false};
};
// The first: nothing for the array.
using FlashAnswer = std::variant<std::monostate, FlashStart, Refusal>;

}  // namespace rig::simulator
