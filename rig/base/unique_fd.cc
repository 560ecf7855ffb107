#include "base/unique_fd.h"

#include <unistd.h>

namespace rig::base {

void UniqueFd::reset() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace rig::base
