// Device and server of a NetworkLab as their kernels have them: plain sockets, in the namespaces of
// both, that say what arrived.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/network.h"
#include "base/unique_fd.h"
#include "shaping/network_lab.h"

namespace rig::system {

inline constexpr std::uint16_t kStreamPort = 80;
inline constexpr std::uint16_t kOtherPort = 8080;  // nobody listens

// A device's socket and a server's, for datagrams. Both wait for what has to come 5 s at most, and
// a little for what should not.
class DatagramPair {
 public:
  using Texts = std::vector<std::string>;
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds kLittle{60};
  struct Settings {
    bool marked{false};  // the device's can carry an ECN mark
  };
  DatagramPair(const shaping::NetworkLab& lab, const Settings& settings);

  void send(const std::string& text);    // up
  void answer(const std::string& text);  // down, to where the last one came from
  // What arrives: so many, and whatever else does until nothing has for a little while; " CE"
  // behind it for its mark. By the server, by the device.
  [[nodiscard]] Texts heard(std::size_t count, Milliseconds little = kLittle);
  [[nodiscard]] Texts answered(std::size_t count, Milliseconds little = kLittle);
  [[nodiscard]] std::uint16_t port_seen() const { return last_.port; }

 private:
  [[nodiscard]] Texts take(const base::UniqueFd& socket, std::size_t count, Milliseconds little);
  base::UniqueFd server_;
  base::UniqueFd device_;
  base::Endpoint last_;  // whom the server heard
};

enum class StreamEnd : std::uint8_t { whole, reset, silent, refused };

struct Order {
  std::uint16_t port{kStreamPort};
  std::size_t bytes{};                 // that a server at kStreamPort sends, and then its FIN
  std::chrono::milliseconds patience;  // of the device with a silent server
};
struct Story {
  StreamEnd end{};
  std::size_t bytes{};
  std::chrono::duration<double> took{};
};

// The device connects and takes what comes.
[[nodiscard]] Story fetch(const shaping::NetworkLab& lab, const Order& order);

// The device connects, is silent for so long, and speaks: whole when the server hears it, reset
// when the connection is gone.
[[nodiscard]] StreamEnd speak_after(const shaping::NetworkLab& lab,
                                    std::chrono::milliseconds silence);

}  // namespace rig::system
