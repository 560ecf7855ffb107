// Raw frames of one interface (packet(7)): what arrives there, and what is to leave there. Needs
// CAP_NET_RAW. The interface is promiscuous while the port lives.
#pragma once

#include <net/ethernet.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "io/unique_fd.h"

namespace rig::shaping {

class PacketPort {
 public:
  static constexpr std::size_t kAtOnce = 64;

  // Throws base::UsageError for an interface that is not there, base::RigError for want of rights.
  explicit PacketPort(const std::string& interface);

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  // Hands over what is there, at most kAtOnce, with the checksums it has on a wire; whether there
  // may be more. Throws base::RigError when the interface is gone or down.
  bool receive(const std::function<void(base::ByteView frame)>& taker);
  // How many of the frames, from the first on, the interface took.
  [[nodiscard]] std::size_t send(const std::vector<base::Bytes>& frames);
  // Frames that the kernel dropped because nobody took them in time, since the last call.
  [[nodiscard]] std::uint64_t take_missed();

 private:
  std::string interface_;
  std::size_t frame_bytes_;
  io::UniqueFd socket_;
  std::vector<std::uint8_t> buffer_;
  std::vector<std::uint8_t> about_;  // what the kernel says of each frame
  std::array<iovec, kAtOnce> pieces_{};
  std::array<mmsghdr, kAtOnce> messages_{};
};

}  // namespace rig::shaping
