#include "shaping/qdisc.h"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/rig_error.h"
#include "shaping/interface.h"

namespace rig::shaping {
namespace {

tcmsg root_of(const std::string& interface) {
  tcmsg head{};
  head.tcm_family = AF_UNSPEC;
  head.tcm_ifindex = interface_index(interface);
  head.tcm_parent = TC_H_ROOT;
  return head;
}

}  // namespace

std::optional<Qdisc> root_qdisc(const std::string& interface) {
  const tcmsg wanted = root_of(interface);
  NetlinkMessage message(RTM_GETQDISC, NLM_F_DUMP);
  message.add(wanted);
  for (const base::Bytes& each :
       NetlinkSocket().request(message, "read the queueing discipline of " + interface)) {
    tcmsg head{};
    if (each.size() < sizeof head) continue;
    std::memcpy(&head, each.data(), sizeof head);
    if (head.tcm_ifindex != wanted.tcm_ifindex || head.tcm_parent != TC_H_ROOT) continue;
    const Attributes attributes = attributes_in(base::ByteView(each).subspan(sizeof head));
    Qdisc found{.kind = {}, .by_hand = head.tcm_handle != 0, .options = {}};
    if (attributes.contains(TCA_KIND)) {
      found.kind = std::string(base::as_text(attributes.at(TCA_KIND))).c_str();
    }
    if (attributes.contains(TCA_OPTIONS)) {
      const base::ByteView options = attributes.at(TCA_OPTIONS);
      found.options.assign(options.begin(), options.end());
    }
    return found;
  }
  return std::nullopt;
}

void set_netem(const std::string& interface, const NetemSettings& settings) {
  NetlinkMessage message(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE);
  message.add(root_of(interface));
  add_netem(message, settings);
  try {
    (void)NetlinkSocket().request(message, "set netem on " + interface);
  } catch (const base::RigError& error) {
    if (error.code().value() != ENOENT) throw;
    throw base::RigError(error.code(), "set netem on " + interface,
                         "this kernel has no sch_netem; write engine: packets");
  }
}

void clear_root_qdisc(const std::string& interface) {
  NetlinkMessage message(RTM_DELQDISC, 0);
  message.add(root_of(interface));
  try {
    (void)NetlinkSocket().request(message, "remove the queueing discipline of " + interface);
  } catch (const base::RigError& error) {
    const int code = error.code().value();
    if (code != ENOENT && code != EINVAL) throw;  // the kernel's own cannot be removed
  }
}

}  // namespace rig::shaping
