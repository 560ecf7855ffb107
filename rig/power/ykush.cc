#include "power/ykush.h"

#include <fcntl.h>

namespace rig::power {

base::UniqueFd open_hidraw(const std::string& node) {
  return base::UniqueFd(check_switch(open(node.c_str(), O_RDWR | O_CLOEXEC), "open " + node));
}

}  // namespace rig::power
