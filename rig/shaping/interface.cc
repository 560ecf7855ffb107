#include "shaping/interface.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/rig_error.h"
#include "base/suggestion.h"
#include "io/unique_fd.h"

namespace rig::shaping {
namespace {

constexpr const char* kCapability =
    "takes CAP_NET_ADMIN: run as root, or setcap cap_net_admin+ep otarig";

ifreq request_for(const std::string& name) {
  ifreq request{};
  name.copy(static_cast<char*>(request.ifr_name), kLongestInterfaceName);
  return request;
}

int control(unsigned long number, ifreq& request) {
  const io::UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return ::ioctl(socket.get(), number, &request);
}

void control_or_throw(unsigned long number, ifreq& request, const std::string& attempt) {
  if (control(number, request) == 0) return;
  throw base::RigError({errno, std::generic_category()}, attempt,
                       errno == EPERM ? kCapability : "");
}

struct Commands {
  const char* name;
  std::uint32_t get;
  std::uint32_t set;
};

Commands commands_of(Offload offload) {
  switch (offload) {
    case Offload::receive_merging:
      return {"gro", ETHTOOL_GGRO, ETHTOOL_SGRO};
    case Offload::segmentation:
      return {"gso", ETHTOOL_GGSO, ETHTOOL_SGSO};
    case Offload::tcp_segmentation:
      return {"tso", ETHTOOL_GTSO, ETHTOOL_STSO};
    case Offload::checksums:
      return {"tx", ETHTOOL_GTXCSUM, ETHTOOL_STXCSUM};
  }
  return {};
}

// The driver's answer; false: it does not know the command.
bool ethtool(const std::string& interface, ethtool_value& value, const std::string& attempt) {
  ifreq request = request_for(interface);
  request.ifr_data = reinterpret_cast<char*>(&value);
  if (control(SIOCETHTOOL, request) == 0) return true;
  if (errno == EOPNOTSUPP) return false;
  throw base::RigError({errno, std::generic_category()}, attempt,
                       errno == EPERM ? kCapability : "");
}

}  // namespace

std::vector<std::string> interface_names() {
  std::vector<std::string> names;
  const std::unique_ptr<struct if_nameindex, decltype(&::if_freenameindex)> all(::if_nameindex(),
                                                                                ::if_freenameindex);
  for (const auto* each = all.get(); each != nullptr && each->if_index != 0; ++each) {
    names.emplace_back(each->if_name);
  }
  return names;
}

int interface_index(const std::string& name) {
  const unsigned index = name.size() <= kLongestInterfaceName ? ::if_nametoindex(name.c_str()) : 0;
  if (index != 0) return static_cast<int>(index);
  const auto names = interface_names();
  throw base::UsageError("there is no interface '" + name + "'; there are: " + base::joined(names) +
                         "." + base::did_you_mean(name, names));
}

void refuse_one_for_both(const std::string& board_side, const std::string& server_side) {
  if (board_side != server_side) return;
  throw base::UsageError("'" + board_side +
                         "' cannot be both sides of a link; name two interfaces");
}

bool has_address(const std::string& name) {
  ifreq request = request_for(name);
  if (control(SIOCGIFADDR, request) == 0) return true;
  if (errno == EADDRNOTAVAIL) return false;
  throw base::RigError({errno, std::generic_category()}, "read the address of " + name);
}

std::uint32_t mtu_of(const std::string& name) {
  ifreq request = request_for(name);
  control_or_throw(SIOCGIFMTU, request, "read the MTU of " + name);
  return static_cast<std::uint32_t>(request.ifr_mtu);
}

void raise_interface(const std::string& name) {
  ifreq request = request_for(name);
  control_or_throw(SIOCGIFFLAGS, request, "read the state of " + name);
  if ((request.ifr_flags & IFF_UP) != 0) return;
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  control_or_throw(SIOCSIFFLAGS, request, "start interface " + name);
}

void set_mtu(const std::string& name, std::uint32_t mtu) {
  ifreq request = request_for(name);
  request.ifr_mtu = static_cast<int>(mtu);
  control_or_throw(SIOCSIFMTU, request, "set the MTU of " + name + " to " + std::to_string(mtu));
}

void set_address(const std::string& name, std::uint32_t address, unsigned prefix_bits) {
  const auto put = [&](unsigned long number, std::uint32_t value) {
    ifreq request = request_for(name);
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(value);
    std::memcpy(&request.ifr_addr, &in, sizeof in);
    control_or_throw(number, request, "give " + name + " an address");
  };
  put(SIOCSIFADDR, address);
  put(SIOCSIFNETMASK, prefix_bits == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix_bits));
}

std::string name_of(Offload offload) { return commands_of(offload).name; }

bool is_on(const std::string& interface, Offload offload) {
  ethtool_value value{.cmd = commands_of(offload).get, .data = 0};
  return ethtool(interface, value, "read offload " + name_of(offload) + " of " + interface) &&
         value.data != 0;
}

void set(const std::string& interface, Offload offload, bool on) {
  const std::string attempt = std::string("switch offload ") + name_of(offload) + " of " +
                              interface + (on ? " on" : " off");
  ethtool_value value{.cmd = commands_of(offload).set, .data = on ? 1U : 0U};
  (void)ethtool(interface, value, attempt);
  if (is_on(interface, offload) == on) return;
  throw base::RigError(std::make_error_code(std::errc::operation_not_supported), attempt,
                       "its driver does not; use another adapter");
}

WithoutOffloads::WithoutOffloads(std::string interface, std::vector<Offload> offloads)
    : interface_(std::move(interface)) {
  try {
    for (const Offload each : offloads) {
      if (!is_on(interface_, each)) continue;
      set(interface_, each, false);
      were_on_.push_back(each);
    }
  } catch (...) {
    restore();
    throw;
  }
}

WithoutOffloads::~WithoutOffloads() { restore(); }

// The interface may be gone, and its offloads with it.
void WithoutOffloads::restore() noexcept {
  for (const Offload each : were_on_) {
    try {
      set(interface_, each, true);
    } catch (const std::exception&) {
    }
  }
}

}  // namespace rig::shaping
