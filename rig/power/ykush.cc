#include "power/ykush.h"

#include <fcntl.h>

namespace rig::power {

UniqueFd open_hidraw(const std::string& node) {
  return UniqueFd(check_switch(open(node.c_str(), O_RDWR | O_CLOEXEC), "open " + node));
}

}  // namespace rig::power
