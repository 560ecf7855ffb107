#include "cli/packet_file.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/rig_error.h"
#include "cli/workspace.h"
#include "link/pcapng.h"
#include "record/vocabulary.h"

namespace rig::cli {

std::exception_ptr write_packets(const std::string& file, const link::PacketLog& packets,
                                 const PacketStory& story, record::Timeline& timeline) {
  const base::Bytes bytes =
      link::pcapng_of(packets, fmt::format("otarig {} verdict={}", story.plan, story.verdict));
  try {
    write_text(file, std::string(base::as_text(bytes)));
  } catch (const base::RigError&) {
    return std::current_exception();
  }
  const base::Instant end = timeline.empty() ? base::kCycleStart : timeline.back().at;
  timeline.push_back(
      {end, record::Lane::link, record::EventKind::note, 0, 0,
       std::string(record::link_note::kPacketFile) + std::filesystem::absolute(file).string()});
  return nullptr;
}

void drop_file_notes(record::Timeline& timeline) {
  std::erase_if(timeline, [](const record::Event& each) {
    return each.lane == record::Lane::link && each.kind == record::EventKind::note &&
           each.text.starts_with(record::link_note::kPacketFile);
  });
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
