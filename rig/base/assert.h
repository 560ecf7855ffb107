// RIG_ASSERT: the rig's own promises, checked in release builds too. A rig that is wrong about
// itself must stop rather than hand out a verdict. Never for user input or for what a device does.
#pragma once

namespace rig::base {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace rig::base

#define RIG_ASSERT(condition) \
  ((condition) ? void() : ::rig::base::assertion_failed(#condition, __FILE__, __LINE__))
