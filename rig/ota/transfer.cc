#include "ota/transfer.h"

#include <algorithm>

#include "base/checksum.h"

namespace rig::ota {

Transfer::Transfer(const CatalogueEntry& entry) : entry_(&entry) {}

std::uint16_t Transfer::chunk_count() const {
  return static_cast<std::uint16_t>((entry_->image.size() + kChunkBytes - 1) / kChunkBytes);
}

void Transfer::ask_for(const Missing& missing) {
  repair_.clear();
  repaired_ = 0;
  for (const std::uint16_t index : missing.indices) {
    if (index < chunk_count()) repair_.push_back(index);
  }
}

bool Transfer::has_next() const {
  switch (phase_) {
    case Phase::offered:
    case Phase::finishing:
      return false;
    case Phase::sending:
      return first_pass_ < chunk_count();
    case Phase::repairing:
      return repaired_ < repair_.size();
  }
  return false;
}

std::optional<std::uint16_t> Transfer::next_chunk() {
  if (!has_next()) return std::nullopt;
  return phase_ == Phase::sending ? first_pass_++ : repair_[repaired_++];
}

Chunk Transfer::chunk(std::uint16_t index) const {
  const std::size_t at = index * kChunkBytes;
  const base::ByteView data =
      base::ByteView(entry_->image).subspan(at, std::min(kChunkBytes, entry_->image.size() - at));
  return Chunk{
      .crc = base::crc32(data), .index = index, .data = base::Bytes(data.begin(), data.end())};
}

}  // namespace rig::ota
