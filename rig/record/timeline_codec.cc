// The binary form of a timeline, as timeline_format.md specifies it.
#include <array>
#include <map>

#include "record/event.h"

namespace rig::record {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic{'O', 'T', 'T', 'L'};
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kHasAddress = 0x10;
constexpr std::uint8_t kHasValue = 0x20;
constexpr std::uint8_t kHasText = 0x40;
constexpr std::uint8_t kLaneMask = 0x0F;
constexpr std::size_t kLanes = 9;
constexpr std::uint8_t kKinds = static_cast<std::uint8_t>(EventKind::healing) + 1;

// Two's complement arithmetic on unsigned values: differences wrap instead of overflowing.
std::uint64_t zigzag(std::uint64_t value) {
  return (value << 1) ^ (value >> 63 != 0 ? ~std::uint64_t{0} : 0);
}
std::uint64_t unzigzag(std::uint64_t value) {
  return (value >> 1) ^ ((value & 1) != 0 ? ~std::uint64_t{0} : 0);
}

class Writer {
 public:
  std::vector<std::uint8_t> take() { return std::move(out_); }
  void byte(std::uint8_t value) { out_.push_back(value); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) {
      out_.push_back(static_cast<std::uint8_t>(value | 0x80));
    }
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  void event(const Event& event);

 private:
  void text(const std::string& text);

  std::vector<std::uint8_t> out_;
  std::map<std::string, std::uint64_t, std::less<>> texts_;
  std::uint64_t time_{};
  std::array<std::uint64_t, kLanes> addresses_{};
};

void Writer::text(const std::string& text) {
  const auto [known, added] = texts_.try_emplace(text, texts_.size() + 1);
  if (!added) {
    varint(known->second);
    return;
  }
  varint(0);
  varint(text.size());
  out_.insert(out_.end(), text.begin(), text.end());
}

void Writer::event(const Event& event) {
  const auto lane = static_cast<std::uint8_t>(event.lane);
  const auto time = static_cast<std::uint64_t>(event.at.time_since_epoch().count());
  byte(static_cast<std::uint8_t>(lane | (event.address != 0 ? kHasAddress : 0) |
                                 (event.value != 0 ? kHasValue : 0) |
                                 (!event.text.empty() ? kHasText : 0)));
  byte(static_cast<std::uint8_t>(event.kind));
  varint(zigzag(time - time_));
  time_ = time;
  if (event.address != 0) {
    varint(zigzag(event.address - addresses_[lane]));
    addresses_[lane] = event.address;
  }
  if (event.value != 0) {
    varint(event.value);
  }
  if (!event.text.empty()) {
    text(event.text);
  }
}

// Every read is checked; after the first failure good() stays false and the rest reads zeros.
class Reader {
 public:
  explicit Reader(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  std::uint8_t byte() {
    if (at_ >= bytes_.size()) {
      good_ = false;
      return 0;
    }
    return bytes_[at_++];
  }
  std::uint64_t varint();
  Event event();

 private:
  std::string text();

  const std::vector<std::uint8_t>& bytes_;
  std::size_t at_{};
  bool good_{true};
  std::vector<std::string> texts_;
  std::uint64_t time_{};
  std::array<std::uint64_t, kLanes> addresses_{};
};

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

std::string Reader::text() {
  const std::uint64_t known = varint();
  if (known != 0) {
    good_ = good_ && known <= texts_.size();
    return good_ ? texts_[known - 1] : std::string{};
  }
  const std::uint64_t length = varint();
  if (!good_ || length > left()) {
    good_ = false;
    return {};
  }
  const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(at_);
  at_ += length;
  return texts_.emplace_back(from, from + static_cast<std::ptrdiff_t>(length));
}

Event Reader::event() {
  Event event;
  const std::uint8_t flags = byte();
  const std::uint8_t lane = flags & kLaneMask;
  const std::uint8_t kind = byte();
  if (lane >= kLanes || kind >= kKinds || (flags & 0x80) != 0) {
    good_ = false;
    return event;
  }
  event.lane = static_cast<Lane>(lane);
  event.kind = static_cast<EventKind>(kind);
  time_ += unzigzag(varint());
  event.at = base::Instant{base::Duration{static_cast<std::int64_t>(time_)}};
  if ((flags & kHasAddress) != 0) {
    addresses_[lane] += unzigzag(varint());
    event.address = static_cast<std::uint32_t>(addresses_[lane]);
    good_ = good_ && addresses_[lane] <= 0xFFFFFFFF;
  }
  event.value = (flags & kHasValue) != 0 ? varint() : 0;
  event.text = (flags & kHasText) != 0 ? text() : std::string{};
  return event;
}

bool header_is_ours(Reader& reader) {
  bool ours = true;
  for (const std::uint8_t expected : kMagic) {
    ours = reader.byte() == expected && ours;
  }
  return reader.byte() == kVersion && ours && reader.good();
}

}  // namespace

std::vector<std::uint8_t> encode(const Timeline& timeline) {
  Writer writer;
  for (const std::uint8_t letter : kMagic) {
    writer.byte(letter);
  }
  writer.byte(kVersion);
  writer.varint(timeline.size());
  for (const Event& event : timeline) {
    writer.event(event);
  }
  return writer.take();
}

std::optional<Timeline> decode(const std::vector<std::uint8_t>& bytes) {
  Reader reader(bytes);
  if (!header_is_ours(reader)) {
    return std::nullopt;
  }
  const std::uint64_t count = reader.varint();
  // An event is at least three bytes: a hostile count cannot make us allocate.
  if (!reader.good() || count > reader.left() / 3) {
    return std::nullopt;
  }
  Timeline timeline;
  timeline.reserve(count);
  for (std::uint64_t i = 0; i < count && reader.good(); ++i) {
    timeline.push_back(reader.event());
  }
  if (!reader.good() || reader.left() != 0) {
    return std::nullopt;
  }
  return timeline;
}

}  // namespace rig::record
