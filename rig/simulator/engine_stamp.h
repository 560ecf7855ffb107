// Names the contents of an engine's memory; equal stamps mean equal memory.
#pragma once

#include <cstdint>

namespace rig::simulator {

struct EngineStamp {
  std::uint64_t engine{};
  std::uint64_t count{};
  bool operator==(const EngineStamp&) const = default;
};

}  // namespace rig::simulator
