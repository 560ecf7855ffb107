#include "night_count/raw_timeline.h"

#include <zlib.h>

#include <cstring>
#include <map>

namespace night_count {
namespace {

using Bytes = std::vector<unsigned char>;

Bytes inflated(const Bytes& stored) {
  if (stored.size() < 4) throw std::runtime_error("a timeline without a size");
  uLongf size = stored[0] | stored[1] << 8 | stored[2] << 16;
  size |= static_cast<uLongf>(stored[3]) << 24;
  Bytes plain(size);
  const uLong packed = static_cast<uLong>(stored.size() - 4);
  if (uncompress(plain.data(), &size, stored.data() + 4, packed) != Z_OK || size != plain.size()) {
    throw std::runtime_error("a timeline that does not unpack");
  }
  return plain;
}

class Column {
 public:
  Column(const unsigned char* begin, const unsigned char* end) : at_(begin), end_(end) {}

  unsigned char byte() {
    if (at_ == end_) throw std::runtime_error("a timeline that ends too early");
    return *at_++;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const unsigned char next = byte();
      value += std::uint64_t{next & 0x7FU} << shift;
      if (next < 0x80) return value;
    }
  }
  // Zero, -1, 1, -2, 2, ..
  std::int64_t difference() {
    const std::uint64_t coded = number();
    const auto half = static_cast<std::int64_t>(coded / 2);
    return coded % 2 == 0 ? half : -half - 1;
  }
  std::string letters(std::uint64_t count) {
    if (count > static_cast<std::uint64_t>(end_ - at_)) throw std::runtime_error("a text too long");
    std::string text(reinterpret_cast<const char*>(at_), count);
    at_ += count;
    return text;
  }
  [[nodiscard]] const unsigned char* at() const { return at_; }
  [[nodiscard]] bool empty() const { return at_ == end_; }

 private:
  const unsigned char* at_;
  const unsigned char* end_;
};

std::string text_in(Column& events, std::vector<std::string>& known) {
  const std::uint64_t reference = events.number();
  if (reference > 0) return known.at(reference - 1);
  known.push_back(events.letters(events.number()));
  return known.back();
}

}  // namespace

std::vector<RawEvent> unpacked(const Bytes& stored) {
  const Bytes plain = inflated(stored);
  if (plain.size() < 5 || std::memcmp(plain.data(), "OTTL\x02", 5) != 0) {
    throw std::runtime_error("not a timeline of version 2");
  }
  const unsigned char* end = plain.data() + plain.size();
  Column events(plain.data() + 5, end);
  const std::uint64_t count = events.number();
  const std::string column = events.letters(events.number());
  const auto* first = reinterpret_cast<const unsigned char*>(column.data());
  Column times(first, first + column.size());
  std::vector<RawEvent> timeline;
  std::vector<std::string> texts;
  std::map<int, std::int64_t> addresses;
  std::int64_t now = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    RawEvent event;
    now += times.difference();
    event.at_ns = now;
    const unsigned char tag = events.byte();
    event.lane = tag & 15;
    event.kind = events.byte();
    if ((tag & 16) != 0) {
      event.address = static_cast<std::uint64_t>(addresses[event.lane] += events.difference());
    }
    if ((tag & 32) != 0) event.value = events.number();
    if ((tag & 64) != 0) event.text = text_in(events, texts);
    timeline.push_back(std::move(event));
  }
  if (!events.empty() || !times.empty()) throw std::runtime_error("bytes behind the last event");
  return timeline;
}

}  // namespace night_count
