// The modem's resolver: asks the network's server for a name, and again until it answers or the
// modem gives up. One question at a time. Pure; copied with the modem.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/network.h"
#include "base/time.h"

namespace rig::modem {

class Resolver {
 public:
  struct Ends {
    std::uint32_t device{};
    base::Endpoint server{};
  };

  // In place of what was asked before. False: no name that could be asked for.
  [[nodiscard]] bool ask(std::string_view host, const Ends& ends, base::Instant now);
  // True: it was for the resolver.
  [[nodiscard]] bool receive(const base::Packet& packet);
  void advance(base::Instant now);
  void forget() { question_.reset(); }
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<base::Packet> take_packets();

  [[nodiscard]] std::optional<std::uint32_t> address() const;
  // The server knows no address, or has not answered in time.
  [[nodiscard]] bool failed() const;

 private:
  struct Question {
    base::Packet packet;
    std::uint16_t id{};
    int left{};  // times that it may be sent
    std::optional<base::Instant> next{};
    std::optional<std::uint32_t> address{};
    bool failed{false};
  };
  void send(base::Instant now);

  std::uint16_t asked_{0};
  std::optional<Question> question_;
  std::vector<base::Packet> packets_;
};

}  // namespace rig::modem
