// Messages of the kernel's routing netlink (rtnetlink(7), netlink(7)): links and queueing
// disciplines. NetlinkMessage is pure; NetlinkSocket carries it.
//
// By hand, because no library at hand carries every attribute of netem, and what it cannot read
// back it cannot verify.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "io/unique_fd.h"

namespace rig::shaping {

// In the host's byte order, as the kernel has it; each attribute padded to four bytes.
class NetlinkMessage {
 public:
  NetlinkMessage(std::uint16_t type, std::uint16_t flags);

  template <class Struct>
  void add(const Struct& plain) {
    add_bytes({reinterpret_cast<const std::uint8_t*>(&plain), sizeof plain});
  }
  void add_attribute(std::uint16_t type, base::ByteView value);
  void add_attribute(std::uint16_t type, const std::string& text);  // with its final zero
  template <class Number>
  void add_number(std::uint16_t type, Number number) {
    add_attribute(type,
                  base::ByteView(reinterpret_cast<const std::uint8_t*>(&number), sizeof number));
  }
  // What is added until the matching end() is inside. Returns what end() takes.
  [[nodiscard]] std::size_t begin(std::uint16_t type);
  void end(std::size_t begun);

  // With its length filled in.
  [[nodiscard]] base::Bytes bytes(std::uint32_t sequence) const;

 private:
  void add_bytes(base::ByteView bytes);
  base::Bytes bytes_;
};

// Attributes by type; the last one of a type counts. What is cut off is left out.
using Attributes = std::map<std::uint16_t, base::ByteView>;
[[nodiscard]] Attributes attributes_in(base::ByteView bytes);

class NetlinkSocket {
 public:
  // Of the calling thread's network namespace. Throws base::RigError.
  NetlinkSocket();

  // Sends, and waits for the kernel's answer. The payloads of the messages that came (after their
  // headers); none for a request that is only acknowledged. Throws base::RigError with `attempt`
  // and what the kernel says; for EPERM the capability.
  std::vector<base::Bytes> request(const NetlinkMessage& message, const std::string& attempt);

 private:
  io::UniqueFd socket_;
  std::uint32_t sequence_{0};
};

}  // namespace rig::shaping
