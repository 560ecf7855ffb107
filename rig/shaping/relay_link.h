// The relay engine: any number of TCP and UDP ports on one line. Needs no privileges.
#pragma once

#include <deque>
#include <vector>

#include "shaping/tcp_relay.h"
#include "shaping/udp_relay.h"

namespace rig::shaping {

struct Forward {
  base::Protocol protocol{base::Protocol::tcp};
  base::Endpoint listen{};
  base::Endpoint upstream{};
};

class RelayLink final : public Link {
 public:
  struct Settings {
    std::vector<Forward> forwards{};
    TcpConnection::Settings connection{};
    Line::Settings line{};
  };

  // Throws base::UsageError for a profile that a relay cannot express, an MSS out of 1..65495, and
  // two forwards of one protocol to the same server; base::RigError for a port that cannot be had.
  RelayLink(io::Loop& loop, const link::Profile& profile, const Settings& settings);

  void set(const link::Profile& profile) override;
  void set_phase(const std::string& phase) override { line_.set_phase(phase); }
  void count_from_here() override { line_.count_from_here(); }
  void watch_bytes(const std::optional<link::ByteCount>& count) override {
    line_.watch_bytes(count);
  }
  [[nodiscard]] Stats stats() const override;
  [[nodiscard]] Happenings take_happenings() override { return line_.take_happenings(); }
  std::optional<link::PacketLog> end() override;
  // Where each forward listens, in their order: with the port that the kernel chose.
  [[nodiscard]] std::vector<base::Endpoint> listening() const;

 private:
  [[nodiscard]] bool carries_tcp() const;

  std::vector<Forward> forwards_;
  Line line_;
  std::deque<TcpRelay> tcp_;
  std::deque<UdpRelay> udp_;
};

}  // namespace rig::shaping
