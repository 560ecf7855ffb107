#include "shaping/netlink.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/rig_error.h"

namespace rig::shaping {
namespace {

constexpr std::size_t kAlignment = 4;
constexpr std::size_t kHeader = 4;  // of an attribute
constexpr std::size_t kLargest = 64U << 10;

std::size_t aligned(std::size_t length) { return (length + kAlignment - 1) & ~(kAlignment - 1); }

template <class Number>
Number read_host(base::ByteView bytes, std::size_t at) {
  Number number{};
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

// The kernel's own words, where it has some (NLMSGERR_ATTR_MSG).
// NETLINK_CAP_ACK: the request's header is repeated, and not the rest of it.
std::string words_in(base::ByteView error) {
  constexpr std::size_t kBefore = sizeof(int) + sizeof(nlmsghdr);
  if (error.size() <= kBefore) return {};
  const Attributes attributes = attributes_in(error.subspan(kBefore));
  const auto found = attributes.find(NLMSGERR_ATTR_MSG);
  if (found == attributes.end() || found->second.empty()) return {};
  const std::string_view text = base::as_text(found->second);
  return "the kernel says: " + std::string(text.substr(0, text.size() - 1));
}

std::string advice_for(int error, base::ByteView message) {
  if (error == EPERM) return "takes CAP_NET_ADMIN: run as root, or setcap cap_net_admin+ep otarig";
  return words_in(message);
}

void set_option(int socket, int option) {
  const int on = 1;
  ::setsockopt(socket, SOL_NETLINK, option, &on, sizeof on);
}

}  // namespace

NetlinkMessage::NetlinkMessage(std::uint16_t type, std::uint16_t flags) {
  add(nlmsghdr{.nlmsg_len = 0,
               .nlmsg_type = type,
               .nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST | NLM_F_ACK),
               .nlmsg_seq = 0,
               .nlmsg_pid = 0});
}

void NetlinkMessage::add_bytes(base::ByteView bytes) {
  base::append(bytes_, bytes);
  bytes_.resize(aligned(bytes_.size()));
}

void NetlinkMessage::add_attribute(std::uint16_t type, base::ByteView value) {
  add(nlattr{.nla_len = static_cast<std::uint16_t>(kHeader + value.size()), .nla_type = type});
  add_bytes(value);
}

void NetlinkMessage::add_attribute(std::uint16_t type, const std::string& text) {
  add_attribute(
      type, base::ByteView(reinterpret_cast<const std::uint8_t*>(text.c_str()), text.size() + 1));
}

std::size_t NetlinkMessage::begin(std::uint16_t type) {
  const std::size_t begun = bytes_.size();
  add(nlattr{.nla_len = 0, .nla_type = type});
  return begun;
}

void NetlinkMessage::end(std::size_t begun) {
  const auto length = static_cast<std::uint16_t>(bytes_.size() - begun);
  std::memcpy(bytes_.data() + begun, &length, sizeof length);
}

base::Bytes NetlinkMessage::bytes(std::uint32_t sequence) const {
  base::Bytes all = bytes_;
  auto header = read_host<nlmsghdr>(all, 0);
  header.nlmsg_len = static_cast<std::uint32_t>(all.size());
  header.nlmsg_seq = sequence;
  std::memcpy(all.data(), &header, sizeof header);
  return all;
}

Attributes attributes_in(base::ByteView bytes) {
  Attributes all;
  while (bytes.size() >= kHeader) {
    const auto header = read_host<nlattr>(bytes, 0);
    if (header.nla_len < kHeader || header.nla_len > bytes.size()) break;
    all[header.nla_type & NLA_TYPE_MASK] = bytes.subspan(kHeader, header.nla_len - kHeader);
    bytes = bytes.subspan(std::min(aligned(header.nla_len), bytes.size()));
  }
  return all;
}

NetlinkSocket::NetlinkSocket()
    : socket_(base::check_errno(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE),
                                "open a netlink socket")) {
  set_option(socket_.get(), NETLINK_EXT_ACK);
  set_option(socket_.get(), NETLINK_CAP_ACK);
  const timeval limit{.tv_sec = 5, .tv_usec = 0};  // the kernel answers at once
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

std::vector<base::Bytes> NetlinkSocket::request(const NetlinkMessage& message,
                                                const std::string& attempt) {
  const base::Bytes bytes = message.bytes(++sequence_);
  base::check_errno(static_cast<int>(::send(socket_.get(), bytes.data(), bytes.size(), 0)),
                    attempt);
  std::vector<base::Bytes> answers;
  base::Bytes buffer(kLargest);
  while (true) {
    const auto count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    base::check_errno(static_cast<int>(count), attempt);
    base::ByteView rest(buffer.data(), static_cast<std::size_t>(count));
    while (rest.size() >= sizeof(nlmsghdr)) {
      const auto header = read_host<nlmsghdr>(rest, 0);
      if (header.nlmsg_len < sizeof(nlmsghdr) || header.nlmsg_len > rest.size()) break;
      const auto payload = rest.subspan(sizeof(nlmsghdr), header.nlmsg_len - sizeof(nlmsghdr));
      rest = rest.subspan(std::min(aligned(header.nlmsg_len), rest.size()));
      if (header.nlmsg_seq != sequence_) continue;  // of a request that was given up
      if (header.nlmsg_type == NLMSG_DONE) return answers;
      if (header.nlmsg_type != NLMSG_ERROR) {
        answers.emplace_back(payload.begin(), payload.end());
        continue;
      }
      const int error = -read_host<int>(payload, 0);
      if (error == 0) return answers;
      throw base::RigError({error, std::generic_category()}, attempt, advice_for(error, payload));
    }
  }
}

}  // namespace rig::shaping
