#include "shaping/netem_link.h"

#include <fmt/format.h>

#include "base/rig_error.h"
#include "shaping/capability.h"
#include "shaping/interface.h"
#include "shaping/qdisc.h"

namespace rig::shaping {
namespace {

void refuse_shaped(const std::string& interface) {
  const auto root = root_qdisc(interface);
  if (!root || !root->by_hand) return;
  throw base::UsageError(fmt::format(
      "interface {} is shaped already, by '{}'; remove that first: tc qdisc del dev {} root",
      interface, root->kind, interface));
}

void set_verified(const std::string& interface, const link::Path& path) {
  const NetemSettings asked = netem_of(path);
  set_netem(interface, asked);
  const auto root = root_qdisc(interface);
  const auto wrong = root && root->kind == "netem" ? differences(asked, netem_in(root->options))
                                                   : std::vector<std::string>{"no netem is there"};
  if (wrong.empty()) return;
  throw base::RigError(std::make_error_code(std::errc::operation_not_supported),
                       "set netem on " + interface,
                       fmt::format("the kernel took something else ({}); write engine: packets",
                                   fmt::join(wrong, "; ")));
}

}  // namespace

NetemLink::NetemLink(const link::Profile& profile, const Settings& settings)
    : settings_(settings), start_(io::now()) {
  refuse_beyond(Engine::netem, profile);
  refuse_one_for_both(settings_.board_side, settings_.server_side);
  refuse_shaped(settings_.board_side);
  refuse_shaped(settings_.server_side);
  footprint_.emplace(settings_.footprints);
  footprint_->note("qdisc " + settings_.board_side);
  footprint_->note("qdisc " + settings_.server_side);
  try {
    set(profile);
  } catch (...) {
    clear();
    throw;
  }
}

NetemLink::~NetemLink() { clear(); }

void NetemLink::set(const link::Profile& profile) {
  refuse_beyond(Engine::netem, profile);
  set_verified(settings_.board_side, profile.down);
  set_verified(settings_.server_side, profile.up);
  profile_ = profile.name;
}

void NetemLink::watch_bytes(const std::optional<link::ByteCount>& count) {
  if (!count) return;
  throw base::UsageError(
      "engine netem counts no wire bytes: the packets stay in the kernel; write engine: packets, "
      "or "
      "cut by phase, console or time");
}

// The interface may be gone, and all that was on it.
void NetemLink::clear() noexcept {
  for (const std::string& each : {settings_.board_side, settings_.server_side}) {
    try {
      clear_root_qdisc(each);
    } catch (const std::exception&) {
    }
  }
}

Stats NetemLink::stats() const {
  return {.engine = name_of(Engine::netem), .profile = profile_, .running = io::now() - start_};
}

}  // namespace rig::shaping
