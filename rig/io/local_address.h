// The address of a Unix domain socket in the file system.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

namespace rig::io {

// Throws base::RigError when the path is longer than the 107 bytes that fit.
[[nodiscard]] sockaddr_un local_address(const std::string& path);

}  // namespace rig::io
