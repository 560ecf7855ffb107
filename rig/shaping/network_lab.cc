#include "shaping/network_lab.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include <fstream>
#include <string>

#include "shaping/interface.h"
#include "shaping/netlink.h"

namespace rig::shaping {
namespace {

constexpr const char* kOuter = "otarig0";  // the interface of device and server
constexpr unsigned kPrefixBits = 24;

// A pair of Ethernet interfaces: `inner` here, kOuter in the other namespace.
void make_pair(const std::string& inner, const io::NetNamespace& outer) {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  message.add(ifinfomsg{});
  message.add_attribute(IFLA_IFNAME, inner);
  const std::size_t info = message.begin(IFLA_LINKINFO);
  message.add_attribute(IFLA_INFO_KIND, std::string("veth"));
  const std::size_t data = message.begin(IFLA_INFO_DATA);
  const std::size_t peer = message.begin(VETH_INFO_PEER);
  message.add(ifinfomsg{});
  message.add_attribute(IFLA_IFNAME, std::string(kOuter));
  message.add_number(IFLA_NET_NS_FD, static_cast<std::uint32_t>(outer.descriptor()));
  message.end(peer);
  message.end(data);
  message.end(info);
  (void)NetlinkSocket().request(message, "make the pair of interfaces " + inner);
}

// The neighbour discovery of IPv6 would take its time on a slow line. Best effort: a container may
// forbid it, and the packets are counted like all others then.
void be_without_ipv6() {
  std::ofstream("/proc/sys/net/ipv6/conf/all/disable_ipv6") << "1\n";
  std::ofstream("/proc/sys/net/ipv6/conf/default/disable_ipv6") << "1\n";
}

void prepare(const std::string& interface, std::uint32_t mtu) {
  for (const Offload each : {Offload::tcp_segmentation, Offload::segmentation,
                             Offload::receive_merging, Offload::checksums}) {
    if (is_on(interface, each)) set(interface, each, false);
  }
  set_mtu(interface, mtu);
  raise_interface(interface);
}

void prepare_end(const io::NetNamespace& where, std::uint32_t address, std::uint32_t mtu) {
  const io::InNetNamespace inside(where);
  set_address(kOuter, address, kPrefixBits);
  prepare(kOuter, mtu);
}

}  // namespace

NetworkLab::NetworkLab(std::uint32_t mtu) {
  for (const io::NetNamespace* each : {&device_, &middle_, &server_}) {
    const io::InNetNamespace inside(*each);
    be_without_ipv6();
  }
  {
    const io::InNetNamespace inside(middle_);
    make_pair(kBoardSide, device_);
    make_pair(kServerSide, server_);
    prepare(kBoardSide, mtu);
    prepare(kServerSide, mtu);
  }
  prepare_end(device_, kDeviceAddress, mtu);
  prepare_end(server_, kServerAddress, mtu);
}

}  // namespace rig::shaping
