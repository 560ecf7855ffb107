#include "io/local_address.h"

#include <algorithm>

#include "base/rig_error.h"

namespace rig::io {

sockaddr_un local_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw base::RigError(std::make_error_code(std::errc::filename_too_long),
                         "use a socket at " + path,
                         "a socket's path has at most 107 bytes; set TMPDIR to a shorter folder");
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

}  // namespace rig::io
