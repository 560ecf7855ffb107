#include "base/let_go.h"

#include <sys/file.h>
#include <sys/ioctl.h>

namespace rig::base {

void let_go(int descriptor) {
  ::ioctl(descriptor, TIOCNXCL);
  ::flock(descriptor, LOCK_UN);
}

}  // namespace rig::base
