// A stored timeline, read from its bytes by nothing but the format's description
// (rig/record/timeline_format.md, rig/store/schema.md). It shares no code with the rig, so that the
// rig's counts can be held against what is found here.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace night_count {

struct RawEvent {
  std::int64_t at_ns{};
  int lane{};
  int kind{};
  std::uint64_t address{};
  std::uint64_t value{};
  std::string text{};
};

// Numbers of lanes and kinds that tell a story; the order is that of the enumerators in
// rig/record/event.h.
constexpr int kRig = 0;
constexpr int kPower = 1;
constexpr int kConsole = 2;
constexpr int kDevice = 3;
constexpr int kCpu = 4;
constexpr int kUpdateOffered = 2;
constexpr int kCutLanded = 4;
constexpr int kCutMissed = 5;
constexpr int kCleanReboot = 6;
constexpr int kRigFault = 9;
constexpr int kCycleEnd = 10;
constexpr int kOff = 11;
constexpr int kOn = 12;
constexpr int kReset = 15;

// `stored`: the blob of the column `packed`. Throws std::runtime_error for what is no timeline.
[[nodiscard]] std::vector<RawEvent> unpacked(const std::vector<unsigned char>& stored);

}  // namespace night_count
