#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace rig::base {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: otarig is wrong about itself: %s does not hold\n", file, line,
               condition);
  std::abort();
}

}  // namespace rig::base
