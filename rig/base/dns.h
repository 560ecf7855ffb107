// Questions for names and their answers on the wire (RFC 1035): one question, of an IPv4 address.
// Pure. Whatever else DNS can say is foreign here and read as nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace rig::base {

inline constexpr std::uint16_t kDnsPort = 53;

// RFC 1035 section 4.1.1.
enum class DnsCode : std::uint8_t { good = 0, server_failure = 2, no_such_name = 3, refused = 5 };

struct DnsQuestion {
  std::uint16_t id{};
  std::string host;      // "upgrades.example.net"
  bool address{true};    // of type A; false: of another type, to which nobody here has an answer
  std::size_t length{};  // of header and question
};

struct DnsAnswer {
  std::uint16_t id{};
  DnsCode code{};
  std::optional<std::uint32_t> address{};
};

// `host` as a question for its address. A name that DNS cannot carry (a label of none or more than
// 63 characters, more than 253 in all) is absent.
[[nodiscard]] std::optional<Bytes> dns_query(std::string_view host, std::uint16_t id);
// Absent: no question, or none that could be repeated in an answer.
[[nodiscard]] std::optional<DnsQuestion> dns_question(ByteView datagram);
// The answer to a datagram that is a question; absent address: that there is none, with `code`.
[[nodiscard]] Bytes dns_answer(ByteView question, DnsCode code,
                               std::optional<std::uint32_t> address);
// Absent: no answer, or one that ends too early.
[[nodiscard]] std::optional<DnsAnswer> read_dns_answer(ByteView datagram);

}  // namespace rig::base
