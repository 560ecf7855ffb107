// otarig doctor: the path that a bench says is shaped. Nothing is shaped; a server behind a relay
// is connected to and told nothing.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/rig_error.h"
#include "cli/doctor.h"
#include "cli/link_control.h"
#include "io/inet.h"
#include "shaping/interface.h"
#include "shaping/packet_port.h"

namespace rig::cli {
namespace {

constexpr std::chrono::milliseconds kPatience{3000};  // a server that takes longer is no server
constexpr const char* kAdvice = "see 'link' of that board in the bench file";

std::string interfaces_in_words(const scenario::LinkSpec& spec) {
  for (const std::string& each : {spec.board_side, spec.server_side}) {
    static_cast<void>(shaping::interface_index(each));
    if (spec.engine != scenario::LinkEngine::packets) continue;
    if (shaping::has_address(each)) {
      throw base::UsageError("interface " + each +
                             " has an address, so this machine would answer besides");
    }
    const shaping::PacketPort port(each);  // or the right to is missing
  }
  return fmt::format("{}: board at {}, server at {}", name_of(spec.engine), spec.board_side,
                     spec.server_side);
}

std::string ports_in_words(const scenario::LinkSpec& spec) {
  std::string text = "relay:";
  for (const auto& each : spec.forwards) {
    static_cast<void>(io::resolve(each.listen));
    text += fmt::format(" {} to {}", each.listen, io::to_text(io::resolve(each.to)));
  }
  return text;
}

// What connecting to it ended in; none: it listens.
std::error_code knock(const base::Endpoint& server) {
  const io::UniqueFd socket = io::start_connecting(server);
  pollfd waiting{socket.get(), POLLOUT, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(kPatience.count()));
  if (ready < 0) return {errno, std::generic_category()};  // interrupted: nobody answered
  if (ready == 0) return std::make_error_code(std::errc::timed_out);
  return io::pending_error(socket.get());
}

// A service over UDP owes no answer to a stranger, so it is not asked.
void check_server(const std::string& what, const scenario::ForwardSpec& forward, Checkup& checkup) {
  if (forward.udp) {
    return checkup.skipped(what, forward.to +
                                     " is reached by UDP: whether it listens only its "
                                     "product can find out");
  }
  try {
    const base::Endpoint server = io::resolve(forward.to);
    const std::error_code error = knock(server);
    if (!error) return checkup.good(what, io::to_text(server) + " takes connections");
    checkup.broken(what, fmt::format("{}: {}", io::to_text(server), error.message()),
                   "start the update server, or name another in 'forwards' of that board");
  } catch (const std::exception& error) {
    checkup.broken(what, error.what(), kAdvice);
  }
}

}  // namespace

void check_link(const scenario::BenchBoard& board, Checkup& checkup) {
  if (!board.link) return;
  const std::string what = fmt::format("board {}: link", board.name);
  try {
    if (std::ranges::count(running_links(), board.name) > 0) {
      return checkup.skipped(what, "is shaped now; see otarig link show " + board.name);
    }
    const bool relay = board.link->engine == scenario::LinkEngine::relay;
    checkup.good(what, relay ? ports_in_words(*board.link) : interfaces_in_words(*board.link));
    for (const auto& each : board.link->forwards) {
      check_server(fmt::format("board {}: server", board.name), each, checkup);
    }
  } catch (const std::exception& error) {
    checkup.broken(what, error.what(), kAdvice);
  }
}

}  // namespace rig::cli
