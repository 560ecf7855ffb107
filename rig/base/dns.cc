#include "base/dns.h"

#include <algorithm>

#include "base/assert.h"

namespace rig::base {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;
constexpr std::uint16_t kTypeAddress = 1;
constexpr std::uint16_t kClassInternet = 1;
constexpr std::uint16_t kResponse = 0x8000;
constexpr std::uint16_t kRecursionWanted = 0x0100;
constexpr std::uint16_t kRecursionThere = 0x0080;
constexpr std::uint16_t kKindMask = 0x7800;  // OPCODE; 0: a question
constexpr std::uint16_t kCodeMask = 0x000F;
constexpr std::uint8_t kPointer = 0xC0;        // section 4.1.4: a name that is somewhere before
constexpr std::uint16_t kToQuestion = 0xC00C;  // the name behind the header
constexpr std::uint32_t kLifetimeS = 60;

// One behind the labels at `at`, of which the last is empty; 0: there is no such end. `pointers`:
// the last one may also say where the rest is.
enum class Pointers : bool { none, allowed };
std::size_t name_end(ByteView datagram, std::size_t at, Pointers pointers) {
  while (at < datagram.size()) {
    const std::uint8_t length = datagram[at];
    if (length == 0) return at + 1;
    const bool pointer = pointers == Pointers::allowed && (length & kPointer) == kPointer;
    if (pointer) return at + 2 <= datagram.size() ? at + 2 : 0;
    if (length > kLongestLabel) return 0;
    at += length + std::size_t{1};
  }
  return 0;
}

std::string name_at(ByteView datagram, std::size_t at) {
  std::string name;
  for (; datagram[at] != 0; at += datagram[at] + std::size_t{1}) {
    if (!name.empty()) name += '.';
    name += as_text(datagram.subspan(at + 1, datagram[at]));
  }
  return name;
}

void append_record(Bytes& to, std::uint32_t address) {
  append_be16(to, kToQuestion);
  append_be16(to, kTypeAddress);
  append_be16(to, kClassInternet);
  append_be32(to, kLifetimeS);
  append_be16(to, sizeof address);
  append_be32(to, address);
}

}  // namespace

std::optional<Bytes> dns_query(std::string_view host, std::uint16_t id) {
  if (host.empty() || host.size() > kLongestName) return std::nullopt;
  Bytes query;
  append_be16(query, id);
  append_be16(query, kRecursionWanted);
  append_be16(query, 1);  // question
  for (int other = 0; other < 3; ++other) append_be16(query, 0);
  while (!host.empty()) {
    const std::string_view label = host.substr(0, host.find('.'));
    if (label.empty() || label.size() > kLongestLabel) return std::nullopt;
    query.push_back(static_cast<std::uint8_t>(label.size()));
    append(query, label);
    host.remove_prefix(std::min(label.size() + 1, host.size()));
  }
  query.push_back(0);
  append_be16(query, kTypeAddress);
  append_be16(query, kClassInternet);
  return query;
}

std::optional<DnsQuestion> dns_question(ByteView datagram) {
  if (datagram.size() < kHeader) return std::nullopt;
  const std::uint16_t flags = read_be16(datagram, 2);
  const bool one_question = (flags & (kResponse | kKindMask)) == 0 && read_be16(datagram, 4) == 1;
  // Nothing is before the name of a question that it could point to.
  const std::size_t end = one_question ? name_end(datagram, kHeader, Pointers::none) : 0;
  if (end == 0 || end + 4 > datagram.size()) return std::nullopt;
  return DnsQuestion{.id = read_be16(datagram, 0),
                     .host = name_at(datagram, kHeader),
                     .address = read_be16(datagram, end) == kTypeAddress &&
                                read_be16(datagram, end + 2) == kClassInternet,
                     .length = end + 4};
}

Bytes dns_answer(ByteView question, DnsCode code, std::optional<std::uint32_t> address) {
  const auto asked = dns_question(question);
  RIG_ASSERT(asked.has_value());
  const bool known = address && asked->address;
  Bytes answer;
  append_be16(answer, asked->id);
  append_be16(answer, static_cast<std::uint16_t>(kResponse | kRecursionWanted | kRecursionThere |
                                                 static_cast<std::uint16_t>(code)));
  append_be16(answer, 1);
  append_be16(answer, known ? 1 : 0);
  append_be16(answer, 0);
  append_be16(answer, 0);
  append(answer, question.subspan(kHeader, asked->length - kHeader));
  if (known) append_record(answer, *address);
  return answer;
}

std::optional<DnsAnswer> read_dns_answer(ByteView datagram) {
  if (datagram.size() < kHeader) return std::nullopt;
  const std::uint16_t flags = read_be16(datagram, 2);
  if ((flags & kResponse) == 0 || read_be16(datagram, 4) != 1) return std::nullopt;
  DnsAnswer answer{.id = read_be16(datagram, 0), .code = static_cast<DnsCode>(flags & kCodeMask)};
  std::size_t at = name_end(datagram, kHeader, Pointers::allowed);
  if (at == 0 || at + 4 > datagram.size()) return std::nullopt;
  at += 4;
  for (std::uint16_t left = read_be16(datagram, 6); left > 0 && !answer.address; --left) {
    constexpr std::size_t kFixed = 10;  // type, class, lifetime, length
    const std::size_t record = name_end(datagram, at, Pointers::allowed);
    if (record == 0 || record + kFixed > datagram.size()) return std::nullopt;
    const std::size_t length = read_be16(datagram, record + 8);
    if (record + kFixed + length > datagram.size()) return std::nullopt;
    const bool is_address = read_be16(datagram, record) == kTypeAddress && length == 4;
    if (is_address) answer.address = read_be32(datagram, record + kFixed);
    at = record + kFixed + length;
  }
  return answer;
}

}  // namespace rig::base
