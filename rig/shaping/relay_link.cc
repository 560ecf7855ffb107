#include "shaping/relay_link.h"

#include <algorithm>
#include <set>

#include "base/rig_error.h"
#include "shaping/capability.h"

namespace rig::shaping {
namespace {

using base::Protocol;

constexpr std::uint16_t kLargestMss = 65'495;  // IPv4's 65535 less two headers

bool any_tcp(const std::vector<Forward>& forwards) {
  return std::ranges::any_of(forwards,
                             [](const Forward& each) { return each.protocol == Protocol::tcp; });
}

// Packets of a line are told apart by their ends.
void check(const RelayLink::Settings& settings) {
  if (settings.connection.mss < 1 || settings.connection.mss > kLargestMss) {
    throw base::UsageError("an MSS is 1 to 65495 bytes; write --mss 536");
  }
  std::set<std::pair<Protocol, base::Endpoint>> servers;
  for (const Forward& each : settings.forwards) {
    if (servers.emplace(each.protocol, each.upstream).second) continue;
    throw base::UsageError("two ports of one relay lead to " + io::to_text(each.upstream) +
                           "; connect to one of them, or start two relays");
  }
}

const link::Profile& checked(const link::Profile& profile, const RelayLink::Settings& settings) {
  check(settings);
  refuse_beyond(Engine::relay, profile, any_tcp(settings.forwards));
  return profile;
}

}  // namespace

RelayLink::RelayLink(io::Loop& loop, const link::Profile& profile, const Settings& settings)
    : forwards_(settings.forwards), line_(loop, checked(profile, settings), settings.line) {
  for (const Forward& each : forwards_) {
    if (each.protocol == Protocol::tcp) {
      tcp_.emplace_back(
          loop, line_,
          TcpRelay::Settings{
              .listen = each.listen, .upstream = each.upstream, .connection = settings.connection});
    } else {
      udp_.emplace_back(loop, line_,
                        UdpRelay::Settings{.listen = each.listen, .upstream = each.upstream});
    }
  }
}

bool RelayLink::carries_tcp() const { return any_tcp(forwards_); }

void RelayLink::set(const link::Profile& profile) {
  refuse_beyond(Engine::relay, profile, carries_tcp());
  line_.set(profile);
}

std::optional<link::PacketLog> RelayLink::end() {
  tcp_.clear();
  udp_.clear();
  return line_.log();
}

Stats RelayLink::stats() const {
  Stats stats = line_.stats();
  stats.engine = "relay";
  stats.running = line_.running();
  return stats;
}

std::vector<base::Endpoint> RelayLink::listening() const {
  std::vector<base::Endpoint> all;
  auto tcp = tcp_.begin();
  auto udp = udp_.begin();
  for (const Forward& each : forwards_) {
    all.push_back(each.protocol == Protocol::tcp ? (tcp++)->local() : (udp++)->local());
  }
  return all;
}

}  // namespace rig::shaping
