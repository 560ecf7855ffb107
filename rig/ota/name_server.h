// Answers questions for names, as the resolver of a mobile network does. Pure and without a state.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/network.h"

namespace rig::ota {

class NameServer {
 public:
  NameServer(base::Endpoint at, std::map<std::string, std::uint32_t> hosts)
      : at_(at), hosts_(std::move(hosts)) {}

  [[nodiscard]] bool serves(const base::Packet& packet) const {
    return packet.protocol == base::Protocol::udp && packet.destination == at_;
  }
  // Absent: that was no question.
  [[nodiscard]] std::optional<base::Packet> answer(const base::Packet& question) const;

 private:
  base::Endpoint at_;
  std::map<std::string, std::uint32_t> hosts_;
};

}  // namespace rig::ota
