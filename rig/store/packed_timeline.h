// A timeline as the store keeps it: compressed, and without the leading events that it shares with
// the trunk of its campaign (the update without a cut, executed once).
//
// Pure and free of the database, so that worker threads can pack before they hand over.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "record/event.h"

namespace rig::store {

struct PackedTimeline {
  std::uint64_t events{};         // of the whole timeline
  std::uint64_t shared_events{};  // leading events that are found in the trunk
  base::Bytes packed;             // the rest: u32 le size, then a zlib stream of record::encode
};

// `trunk` may be empty: then nothing is shared.
[[nodiscard]] PackedTimeline pack(const record::Timeline& timeline,
                                  const record::Timeline& trunk = {});

// The whole timeline again. Empty when the bytes are damaged, or when the trunk is too short.
[[nodiscard]] std::optional<record::Timeline> unpack(const PackedTimeline& packed,
                                                     const record::Timeline& trunk = {});

}  // namespace rig::store
