#include "cli/packet_file.h"

#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/workspace.h"
#include "link/pcapng.h"

namespace rig::cli {

void write_packets(const std::string& file, const link::PacketLog& packets,
                   const PacketStory& story) {
  const base::Bytes bytes =
      link::pcapng_of(packets, fmt::format("otarig {} verdict={}", story.plan, story.verdict));
  write_text(file, std::string(base::as_text(bytes)));
}

void refuse_packets_of(const scenario::BenchBoard& board, const std::string& file) {
  const bool counted = board.link && board.link->engine != scenario::LinkEngine::netem;
  if (scenario::rig_is_modem(board) || counted) return;
  throw base::UsageError(fmt::format(
      "--pcap {}: the packets of board '{}' do not pass through the rig; declare its link with "
      "engine packets or relay on the bench, or run with --board sim",
      file, board.name));
}

}  // namespace rig::cli
