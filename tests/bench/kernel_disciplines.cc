#include "bench/kernel_disciplines.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <fstream>
#include <system_error>

#include "base/rig_error.h"
#include "io/net_namespace.h"
#include "shaping/interface.h"
#include "shaping/netlink.h"

namespace rig::bench {

using namespace rig::shaping;

namespace {

void write_setting(const std::string& name, int value) {
  std::ofstream out("/proc/sys/net/ipv4/" + name);
  out << value << std::endl;
  if (!out) throw rig::base::RigError(std::make_error_code(std::errc::permission_denied), name);
}

void add_route(std::uint32_t address, const std::string& interface) {
  NetlinkMessage message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
  rtmsg head{};
  head.rtm_family = AF_INET;
  head.rtm_dst_len = 32;
  head.rtm_table = RT_TABLE_MAIN;
  head.rtm_protocol = RTPROT_STATIC;
  head.rtm_scope = RT_SCOPE_LINK;
  head.rtm_type = RTN_UNICAST;
  message.add(head);
  message.add_number(RTA_DST, htonl(address));
  message.add_number(RTA_OIF, static_cast<std::uint32_t>(interface_index(interface)));
  (void)NetlinkSocket().request(message, "route to " + interface);
}

}  // namespace

void forward_in(const NetworkLab& lab) {
  const rig::io::InNetNamespace inside(lab.middle());
  write_setting("ip_forward", 1);
  write_setting("conf/all/rp_filter", 0);
  write_setting("conf/all/proxy_arp", 1);
  add_route(NetworkLab::kDeviceAddress, NetworkLab::kBoardSide);
  add_route(NetworkLab::kServerAddress, NetworkLab::kServerSide);
}

bool set_tbf(const std::string& interface, std::uint32_t rate, std::uint32_t burst) {
  tc_tbf_qopt options{};
  options.rate.rate = rate;
  options.rate.linklayer = TC_LINKLAYER_ETHERNET;
  options.limit = 4U << 20;
  // The kernel counts the bucket in ticks of 64 ns.
  options.buffer = static_cast<std::uint32_t>(1e9 * burst / rate / 64);
  NetlinkMessage message(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE);
  tcmsg head{};
  head.tcm_ifindex = interface_index(interface);
  head.tcm_parent = TC_H_ROOT;
  message.add(head);
  message.add_attribute(TCA_KIND, std::string("tbf"));
  const std::size_t nest = message.begin(TCA_OPTIONS);
  message.add_number(TCA_TBF_PARMS, options);
  message.add_number(TCA_TBF_BURST, burst);
  message.end(nest);
  try {
    (void)NetlinkSocket().request(message, "set tbf on " + interface);
    return true;
  } catch (const rig::base::RigError& error) {
    fmt::print(stderr, "no tbf here: {}\n", error.what());
    return false;
  }
}

std::unique_ptr<NetemLink> netem_on(const std::string& interface,
                                    const rig::link::Profile& profile) {
  try {
    return std::make_unique<NetemLink>(
        profile,
        NetemLink::Settings{.board_side = "lo", .server_side = interface, .footprints = {}});
  } catch (const rig::base::RigError& error) {
    fmt::print(stderr, "no netem here: {}\n", error.what());
    return nullptr;
  }
}

}  // namespace rig::bench
