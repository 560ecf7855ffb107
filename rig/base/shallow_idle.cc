#include "base/shallow_idle.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>

namespace rig::base {
namespace {

constexpr const char* kRequestFile = "/dev/cpu_dma_latency";
constexpr const char* kDriverFile = "/sys/devices/system/cpu/cpuidle/current_driver";
constexpr std::int32_t kFirstIdleStateUs = 2;  // C1 and WFI are left within 1 to 2 us

// On a guest whose processors halt into their host nothing (they poll instead), else what lets them
// rest in their first idle state.
std::int32_t shallow_enough_us() {
  std::string driver;
  std::ifstream(kDriverFile) >> driver;
  return driver == "haltpoll" ? 0 : kFirstIdleStateUs;
}

}  // namespace

ShallowIdle::ShallowIdle() {
  UniqueFd file(::open(kRequestFile, O_WRONLY | O_CLOEXEC));
  if (!file) return;
  const std::int32_t allowed = shallow_enough_us();
  if (::write(file.get(), &allowed, sizeof allowed) == sizeof allowed) request_ = std::move(file);
}

}  // namespace rig::base
