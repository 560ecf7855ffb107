// The packets of a run as a pcap-ng file (--pcap).
#pragma once

#include <string>

#include "link/packet_log.h"
#include "scenario/bench.h"

namespace rig::cli {

struct PacketStory {
  std::string plan;
  std::string verdict;
};
// Throws base::RigError naming the file.
void write_packets(const std::string& file, const link::PacketLog& packets,
                   const PacketStory& story);

// Throws base::UsageError: the packets of this board do not pass through this process.
void refuse_packets_of(const scenario::BenchBoard& board, const std::string& file);

}  // namespace rig::cli
