// What the kernel shapes with, set up to be measured beside the engines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "link/profile.h"
#include "shaping/netem_link.h"
#include "shaping/network_lab.h"

namespace rig::bench {

// The kernel hands packets on between device and server by itself, so that what its disciplines do
// is not measured behind an engine of ours. Throws rig::base::RigError where a container forbids
// it.
void forward_in(const shaping::NetworkLab& lab);

// tbf with the smallest bucket that passes the packet: rate in bytes/s. False where the kernel has
// none, and says so.
[[nodiscard]] bool set_tbf(const std::string& interface, std::uint32_t rate, std::uint32_t burst);

// The kernel's netem through our own engine of it, which reads back what it has set.
[[nodiscard]] std::unique_ptr<shaping::NetemLink> netem_on(const std::string& interface,
                                                           const link::Profile& profile);

}  // namespace rig::bench
