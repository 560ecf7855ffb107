#include "shaping/packet_port.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>

#include "base/rig_error.h"
#include "shaping/frame.h"
#include "shaping/interface.h"

namespace rig::shaping {
namespace {

constexpr int kBufferBytes = 16 << 20;
constexpr std::size_t kLinkHeader = 18;  // Ethernet with a VLAN tag

std::size_t largest_frame(const std::string& interface) {
  (void)interface_index(interface);  // says more of a name that is none
  return mtu_of(interface) + kLinkHeader;
}

io::UniqueFd open_socket(const std::string& interface) {
  const std::string attempt = "take packets from " + interface;
  // Bound before it has a protocol: otherwise it would begin with packets of every interface.
  io::UniqueFd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) {
    throw base::RigError(
        {errno, std::generic_category()}, attempt,
        errno == EPERM ? "takes CAP_NET_RAW: run as root, or setcap cap_net_raw+ep otarig" : "");
  }
  return socket;
}

void set_option(int socket, int option, int value, const std::string& interface) {
  base::check_errno(::setsockopt(socket, SOL_PACKET, option, &value, sizeof value),
                    "prepare packets of " + interface);
}

void bind_to(int socket, int index, const std::string& interface) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = index;
  base::check_errno(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address),
                    "take packets from " + interface);
}

void make_promiscuous(int socket, int index, const std::string& interface) {
  packet_mreq request{};
  request.mr_ifindex = index;
  request.mr_type = PACKET_MR_PROMISC;
  base::check_errno(
      ::setsockopt(socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request),
      "take all packets from " + interface);
}

// The forced size goes beyond the system's limit; without the right to it, the limit.
void enlarge_buffers(int socket) {
  for (const auto& [forced, plain] :
       {std::pair{SO_RCVBUFFORCE, SO_RCVBUF}, std::pair{SO_SNDBUFFORCE, SO_SNDBUF}}) {
    if (::setsockopt(socket, SOL_SOCKET, forced, &kBufferBytes, sizeof kBufferBytes) != 0) {
      ::setsockopt(socket, SOL_SOCKET, plain, &kBufferBytes, sizeof kBufferBytes);
    }
  }
}

constexpr std::size_t kAboutBytes = CMSG_SPACE(sizeof(tpacket_auxdata));

bool lacks_checksum(msghdr& message) {
  const cmsghdr* about = CMSG_FIRSTHDR(&message);
  if (about == nullptr || about->cmsg_level != SOL_PACKET || about->cmsg_type != PACKET_AUXDATA) {
    return false;
  }
  tpacket_auxdata data{};
  std::memcpy(&data, CMSG_DATA(about), sizeof data);
  return (data.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
}

}  // namespace

PacketPort::PacketPort(const std::string& interface)
    : interface_(interface),
      frame_bytes_(largest_frame(interface)),
      socket_(open_socket(interface)),
      buffer_(kAtOnce * frame_bytes_),
      about_(kAtOnce * kAboutBytes) {
  const int index = interface_index(interface);
  enlarge_buffers(socket_.get());
  set_option(socket_.get(), PACKET_IGNORE_OUTGOING, 1, interface);  // what we send ourselves
  set_option(socket_.get(), PACKET_QDISC_BYPASS, 1, interface);     // no queue but the model's
  set_option(socket_.get(), PACKET_AUXDATA, 1, interface);          // lacks_checksum()
  make_promiscuous(socket_.get(), index, interface);
  bind_to(socket_.get(), index, interface);
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    pieces_[i] = {.iov_base = buffer_.data() + i * frame_bytes_, .iov_len = frame_bytes_};
    messages_[i].msg_hdr.msg_iov = &pieces_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
    messages_[i].msg_hdr.msg_control = about_.data() + i * kAboutBytes;
  }
}

bool PacketPort::receive(const std::function<void(base::ByteView frame)>& taker) {
  for (mmsghdr& each : messages_) each.msg_hdr.msg_controllen = kAboutBytes;
  const int count = ::recvmmsg(socket_.get(), messages_.data(), kAtOnce, MSG_TRUNC, nullptr);
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return false;
    throw base::RigError({errno, std::generic_category()}, "take packets from " + interface_,
                         "is it up, and still there?");
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    if (messages_[i].msg_len > frame_bytes_) {
      throw base::RigError(std::make_error_code(std::errc::message_size),
                           "take packets from " + interface_,
                           "several came in one: switch tso, gso and gro off on both of its ends");
    }
    const std::span frame(buffer_.data() + i * frame_bytes_, messages_[i].msg_len);
    if (lacks_checksum(messages_[i].msg_hdr)) complete_checksum(frame);
    taker(frame);
  }
  return count == kAtOnce;
}

std::size_t PacketPort::send(const std::vector<base::Bytes>& frames) {
  std::array<iovec, kAtOnce> pieces{};
  std::array<mmsghdr, kAtOnce> messages{};
  std::size_t sent = 0;
  while (sent < frames.size()) {
    const std::size_t count = std::min(kAtOnce, frames.size() - sent);
    for (std::size_t i = 0; i < count; ++i) {
      const base::Bytes& frame = frames[sent + i];
      pieces[i] = {.iov_base = const_cast<std::uint8_t*>(frame.data()), .iov_len = frame.size()};
      messages[i].msg_hdr.msg_iov = &pieces[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int took =
        ::sendmmsg(socket_.get(), messages.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
    if (took < 0 && errno == ENETDOWN) {
      base::check_errno(took, "send packets to " + interface_);
    }
    if (took <= 0) return sent;  // its queue is full
    sent += static_cast<std::size_t>(took);
  }
  return sent;
}

std::uint64_t PacketPort::take_missed() {
  tpacket_stats stats{};
  socklen_t length = sizeof stats;
  ::getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &stats, &length);
  return stats.tp_drops;
}

}  // namespace rig::shaping
