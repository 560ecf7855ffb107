// Network namespaces of the kernel, without names: each lives as long as a descriptor, a thread or
// an interface's peer holds it, so that one goes with its process, however that ends, and
// everything in it goes along. Needs CAP_SYS_ADMIN.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "io/unique_fd.h"

namespace rig::io {

class NetNamespace {
 public:
  // A new one; its loopback interface is up. Throws base::RigError that names the capability.
  NetNamespace();
  // The one of that number (own_net_namespace), as far as a process that this one may look at or
  // `ip netns` keeps it.
  [[nodiscard]] static std::optional<NetNamespace> find(std::uint64_t number);
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

 private:
  explicit NetNamespace(UniqueFd descriptor) : descriptor_(std::move(descriptor)) {}
  UniqueFd descriptor_;
};

// The kernel's number of the calling thread's namespace: no other has it while that one lives.
[[nodiscard]] std::uint64_t own_net_namespace();

// The calling thread is in the namespace while this lives. Sockets that it opens meanwhile stay
// there; threads and children that it starts begin there.
class InNetNamespace {
 public:
  explicit InNetNamespace(const NetNamespace& where);  // throws base::RigError
  ~InNetNamespace();
  InNetNamespace(const InNetNamespace&) = delete;
  InNetNamespace& operator=(const InNetNamespace&) = delete;

 private:
  UniqueFd before_;
};

}  // namespace rig::io
