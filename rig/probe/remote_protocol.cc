#include "probe/remote_protocol.h"

#include <fmt/format.h>

#include <charconv>

namespace rig::probe {
namespace {

constexpr char kEscape = '}';
constexpr char kEscapeBit = 0x20;
constexpr int kRunBias = 29;
constexpr char kFirstRun = ' ';
constexpr char kLastRun = '~';

std::uint8_t sum_of(std::string_view raw) {
  unsigned sum = 0;
  for (const char byte : raw) sum += static_cast<unsigned char>(byte);
  return static_cast<std::uint8_t>(sum);
}

std::optional<unsigned> hex_number(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// Empty when an escape or a run stands where it cannot, or when it unfolds into too much.
std::optional<std::string> decoded(std::string_view raw) {
  std::string text;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    const bool special = raw[at] == kEscape || raw[at] == '*';
    if (!special) {
      text += raw[at];
    } else if (at + 1 == raw.size()) {
      return std::nullopt;
    } else if (const char next = raw[++at]; raw[at - 1] == kEscape) {
      text += static_cast<char>(next ^ kEscapeBit);
    } else {
      if (text.empty() || next < kFirstRun || next > kLastRun) return std::nullopt;
      text.append(static_cast<std::size_t>(next - kRunBias), text.back());
    }
    if (text.size() > PacketReader::kLongestPacket) return std::nullopt;
  }
  return text;
}

// Pulls "name:value;" from the front of what follows the signal in a T packet.
std::string_view next_pair(std::string_view& pairs) {
  const std::size_t end = pairs.find(';');
  const std::string_view pair = pairs.substr(0, end);
  pairs.remove_prefix(end == pairs.npos ? pairs.size() : end + 1);
  return pair;
}

std::optional<Address> watch_in(std::string_view pairs) {
  while (!pairs.empty()) {
    const std::string_view pair = next_pair(pairs);
    for (const std::string_view name : {"watch:", "rwatch:", "awatch:"}) {
      if (pair.starts_with(name)) return hex_number(pair.substr(name.size()));
    }
  }
  return std::nullopt;
}

// "Z4,20000010,4": GDB manual, "Packets", "z type,addr,kind". The kind of a breakpoint on ARM is
// the length of its instruction; 2 is Thumb.
std::string trigger_command(char verb, const Trigger& trigger) {
  return fmt::format("{}{},{:x},{:x}", verb, static_cast<int>(trigger.kind), trigger.address,
                     is_breakpoint(trigger) ? 2 : trigger.length);
}

}  // namespace

std::string framed(std::string_view payload) {
  std::string raw;
  for (const char byte : payload) {
    const bool special = byte == '#' || byte == '$' || byte == kEscape;
    if (special) raw += kEscape;
    raw += special ? static_cast<char>(byte ^ kEscapeBit) : byte;
  }
  return fmt::format("${}#{:02x}", raw, sum_of(raw));
}

void PacketReader::receive(base::ByteView bytes, std::vector<Received>& received) {
  for (const char byte : base::as_text(bytes)) {
    switch (state_) {
      case State::between:
        between(byte, received);
        break;
      case State::payload:
        if (byte == '#') {
          state_ = State::first_digit;
        } else if (raw_.size() == kLongestPacket) {
          received.push_back({Received::Kind::garbage, raw_.substr(0, 64)});
          state_ = State::between;
        } else {
          raw_ += byte;
        }
        break;
      case State::first_digit:
        first_digit_ = byte;
        state_ = State::second_digit;
        break;
      case State::second_digit:
        finish(byte, received);
        state_ = State::between;
        break;
    }
  }
}

void PacketReader::between(char byte, std::vector<Received>& received) {
  if (byte == '+' || byte == '-') {
    received.push_back({byte == '+' ? Received::Kind::acknowledged : Received::Kind::refused, {}});
  } else if (byte == '$' || byte == '%') {
    notification_ = byte == '%';
    raw_.clear();
    state_ = State::payload;
  } else {
    received.push_back({Received::Kind::garbage, std::string(1, byte)});
  }
}

void PacketReader::finish(char second_digit, std::vector<Received>& received) {
  const std::string digits{first_digit_, second_digit};
  const auto text = hex_number(digits) == sum_of(raw_) ? decoded(raw_) : std::nullopt;
  if (!text) {
    received.push_back({Received::Kind::damaged, raw_ + "#" + digits});
    return;
  }
  received.push_back(
      {notification_ ? Received::Kind::notification : Received::Kind::packet, *text});
}

std::optional<StopReply> parse_stop_reply(std::string_view payload) {
  if (payload.size() < 3) return std::nullopt;
  const auto number = hex_number(payload.substr(1, 2));
  if (!number) return std::nullopt;
  StopReply reply{.kind = StopReply::Kind::stopped, .number = static_cast<int>(*number)};
  const std::string_view rest = payload.substr(3);
  switch (payload[0]) {
    case 'T':
      reply.watch = watch_in(rest);
      return reply;
    case 'S':
      return rest.empty() ? std::optional(reply) : std::nullopt;
    case 'W':
      reply.kind = StopReply::Kind::exited;
      return reply;
    case 'X':
      reply.kind = StopReply::Kind::killed;
      return reply;
    default:
      return std::nullopt;
  }
}

std::string to_text(const Trigger& trigger) {
  if (is_breakpoint(trigger)) return fmt::format("the breakpoint at {:#010x}", trigger.address);
  const char* verb = trigger.kind == Trigger::Kind::write  ? "write"
                     : trigger.kind == Trigger::Kind::read ? "read"
                                                           : "access";
  return fmt::format("the {} of {} bytes at {:#010x}", verb, trigger.length, trigger.address);
}

std::string insert_command(const Trigger& trigger) { return trigger_command('Z', trigger); }

std::string remove_command(const Trigger& trigger) { return trigger_command('z', trigger); }

std::string read_command(Address from, std::size_t length) {
  return fmt::format("m{:x},{:x}", from, length);
}

std::string write_command(Address to, base::ByteView bytes) {
  return fmt::format("M{:x},{:x}:{}", to, bytes.size(), to_hex(bytes));
}

std::string to_hex(base::ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    digits += kDigits[byte >> 4U];
    digits += kDigits[byte & 15U];
  }
  return digits;
}

std::optional<base::Bytes> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  base::Bytes bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    const auto value = hex_number(digits.substr(at, 2));
    if (!value) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(*value));
  }
  return bytes;
}

std::string feature(std::string_view answer, std::string_view name) {
  while (!answer.empty()) {
    std::string_view pair = next_pair(answer);
    if (!pair.starts_with(name)) continue;
    pair.remove_prefix(name.size());
    if (pair.starts_with('=')) return std::string(pair.substr(1));
    if (pair == "+" || pair == "-" || pair == "?") return std::string(pair);
  }
  return {};
}

}  // namespace rig::probe
