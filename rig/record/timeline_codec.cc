// The binary form of a timeline, as timeline_format.md specifies it.
#include <array>
#include <map>
#include <span>

#include "record/event.h"

namespace rig::record {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic{'O', 'T', 'T', 'L'};
constexpr std::uint8_t kInterleaved = 1;  // versions; still read
constexpr std::uint8_t kColumns = 2;      // written
constexpr std::uint8_t kHasAddress = 0x10;
constexpr std::uint8_t kHasValue = 0x20;
constexpr std::uint8_t kHasText = 0x40;
constexpr std::uint8_t kLaneMask = 0x0F;
constexpr std::size_t kLanes = 9;
constexpr std::uint8_t kKinds = static_cast<std::uint8_t>(EventKind::shaped) + 1;

// Two's complement arithmetic on unsigned values: differences wrap instead of overflowing.
std::uint64_t zigzag(std::uint64_t value) {
  return (value << 1) ^ (value >> 63 != 0 ? ~std::uint64_t{0} : 0);
}
std::uint64_t unzigzag(std::uint64_t value) {
  return (value >> 1) ^ ((value & 1) != 0 ? ~std::uint64_t{0} : 0);
}

void append_varint(std::vector<std::uint8_t>& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

// The times go into a column of their own: they are noise to a compressor, and what is left
// repeats.
class Writer {
 public:
  void event(const Event& event);
  [[nodiscard]] const std::vector<std::uint8_t>& times() const { return times_; }
  [[nodiscard]] const std::vector<std::uint8_t>& rest() const { return rest_; }

 private:
  void text(const std::string& text);

  std::vector<std::uint8_t> times_;
  std::vector<std::uint8_t> rest_;
  std::map<std::string, std::uint64_t, std::less<>> texts_;
  std::uint64_t time_{};
  std::array<std::uint64_t, kLanes> addresses_{};
};

void Writer::text(const std::string& text) {
  const auto [known, added] = texts_.try_emplace(text, texts_.size() + 1);
  if (!added) {
    append_varint(rest_, known->second);
    return;
  }
  append_varint(rest_, 0);
  append_varint(rest_, text.size());
  rest_.insert(rest_.end(), text.begin(), text.end());
}

void Writer::event(const Event& event) {
  const auto lane = static_cast<std::uint8_t>(event.lane);
  const auto time = static_cast<std::uint64_t>(event.at.time_since_epoch().count());
  append_varint(times_, zigzag(time - time_));
  time_ = time;
  rest_.push_back(static_cast<std::uint8_t>(lane | (event.address != 0 ? kHasAddress : 0) |
                                            (event.value != 0 ? kHasValue : 0) |
                                            (!event.text.empty() ? kHasText : 0)));
  rest_.push_back(static_cast<std::uint8_t>(event.kind));
  if (event.address != 0) {
    append_varint(rest_, zigzag(event.address - addresses_[lane]));
    addresses_[lane] = event.address;
  }
  if (event.value != 0) {
    append_varint(rest_, event.value);
  }
  if (!event.text.empty()) {
    text(event.text);
  }
}

// Every read is checked; after the first failure good() stays false and the rest reads zeros.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return good_ && left() == 0; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  void fail() { good_ = false; }
  std::uint8_t byte();
  std::uint64_t varint();
  // The next `length` bytes; none of them when there are fewer.
  std::span<const std::uint8_t> take(std::uint64_t length);

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_{};
  bool good_{true};
};

std::uint8_t Reader::byte() {
  if (at_ >= bytes_.size()) {
    good_ = false;
    return 0;
  }
  return bytes_[at_++];
}

std::uint64_t Reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t next = byte();
    value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
    if ((next & 0x80) == 0) {
      good_ = good_ && (shift < 63 || next <= 1);
      return value;
    }
  }
  good_ = false;
  return 0;
}

std::span<const std::uint8_t> Reader::take(std::uint64_t length) {
  if (!good_ || length > left()) {
    good_ = false;
    return {};
  }
  const auto taken = bytes_.subspan(at_, length);
  at_ += length;
  return taken;
}

// Times and the rest come from two columns, or in version 1 from one and the same reader.
class Events {
 public:
  Events(Reader& times, Reader& rest) : times_(times), rest_(rest) {}
  Event next();

 private:
  std::string text();

  Reader& times_;
  Reader& rest_;
  std::vector<std::string> texts_;
  std::uint64_t time_{};
  std::array<std::uint64_t, kLanes> addresses_{};
};

std::string Events::text() {
  const std::uint64_t known = rest_.varint();
  if (known > texts_.size()) {
    rest_.fail();
  }
  if (known != 0) {
    return rest_.good() ? texts_[known - 1] : std::string{};
  }
  const auto letters = rest_.take(rest_.varint());
  return texts_.emplace_back(letters.begin(), letters.end());
}

Event Events::next() {
  Event event;
  const std::uint8_t flags = rest_.byte();
  const std::uint8_t lane = flags & kLaneMask;
  const std::uint8_t kind = rest_.byte();
  if (lane >= kLanes || kind >= kKinds || (flags & 0x80) != 0) {
    rest_.fail();
    return event;
  }
  event.lane = static_cast<Lane>(lane);
  event.kind = static_cast<EventKind>(kind);
  time_ += unzigzag(times_.varint());
  event.at = base::Instant{base::Duration{static_cast<std::int64_t>(time_)}};
  if ((flags & kHasAddress) != 0) {
    addresses_[lane] += unzigzag(rest_.varint());
    event.address = static_cast<std::uint32_t>(addresses_[lane]);
    if (addresses_[lane] > 0xFFFFFFFF) {
      rest_.fail();
    }
  }
  event.value = (flags & kHasValue) != 0 ? rest_.varint() : 0;
  event.text = (flags & kHasText) != 0 ? text() : std::string{};
  return event;
}

// The version; 0 when the bytes are no timeline.
std::uint8_t version_of(Reader& reader) {
  bool ours = true;
  for (const std::uint8_t expected : kMagic) {
    ours = reader.byte() == expected && ours;
  }
  const std::uint8_t version = reader.byte();
  return ours && reader.good() ? version : 0;
}

std::optional<Timeline> read_events(std::uint64_t count, Reader& times, Reader& rest) {
  // An event is at least two bytes: a hostile count cannot make us allocate.
  if (!rest.good() || count > rest.left() / 2) {
    return std::nullopt;
  }
  Events events(times, rest);
  Timeline timeline;
  timeline.reserve(count);
  for (std::uint64_t i = 0; i < count && rest.good() && times.good(); ++i) {
    timeline.push_back(events.next());
  }
  if (!rest.at_end() || !times.at_end()) {
    return std::nullopt;
  }
  return timeline;
}

}  // namespace

std::vector<std::uint8_t> encode(const Timeline& timeline) {
  Writer writer;
  for (const Event& event : timeline) {
    writer.event(event);
  }
  std::vector<std::uint8_t> out(kMagic.begin(), kMagic.end());
  out.push_back(kColumns);
  append_varint(out, timeline.size());
  append_varint(out, writer.times().size());
  out.insert(out.end(), writer.times().begin(), writer.times().end());
  out.insert(out.end(), writer.rest().begin(), writer.rest().end());
  return out;
}

std::optional<Timeline> decode(const std::vector<std::uint8_t>& bytes) {
  Reader rest(bytes);
  const std::uint8_t version = version_of(rest);
  const std::uint64_t count = rest.varint();
  if (version == kInterleaved) {
    return read_events(count, rest, rest);
  }
  if (version != kColumns) {
    return std::nullopt;
  }
  Reader times(rest.take(rest.varint()));
  return read_events(count, times, rest);
}

}  // namespace rig::record
