// otarig doctor: the path that a bench says is shaped. Nothing is shaped, nothing is connected to.
#include <fmt/format.h>

#include <algorithm>

#include "base/rig_error.h"
#include "cli/doctor.h"
#include "cli/link_control.h"
#include "io/inet.h"
#include "shaping/interface.h"
#include "shaping/packet_port.h"

namespace rig::cli {
namespace {

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
  } catch (const std::exception& error) {
    checkup.broken(what, error.what(), kAdvice);
  }
}

}  // namespace rig::cli
