// The packets of a run as a pcap-ng file (--pcap).
#pragma once

#include <exception>
#include <string>

#include "link/packet_log.h"
#include "record/event.h"
#include "scenario/bench.h"

namespace rig::cli {

struct PacketStory {
  std::string plan;
  std::string verdict;
};
// A note behind the end of the timeline then says where they are. Nothing is noted where the file
// could not be written: base::RigError, for the caller to throw once the cycle is booked.
[[nodiscard]] std::exception_ptr write_packets(const std::string& file,
                                               const link::PacketLog& packets,
                                               const PacketStory& story,
                                               record::Timeline& timeline);
// That note is about this run and its files, not about what the cycle was.
void drop_file_notes(record::Timeline& timeline);

// Throws base::UsageError: the packets of this board do not pass through this process.
void refuse_packets_of(const scenario::BenchBoard& board, const std::string& file);

}  // namespace rig::cli
