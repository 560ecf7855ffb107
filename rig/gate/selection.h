// Which stored campaigns a question is about. A name that the store does not have is refused with
// the nearest one that it has: a gate must not be silent about a slip.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace rig::gate {

// Empty members do not restrict.
struct Selection {
  std::vector<std::string> scenarios{};
  std::string batch{};
  std::optional<std::int64_t> since_unix_us{};
};

// Oldest first, known-bad ones included. Throws base::UsageError for a scenario or a batch that the
// store never saw; campaigns that are merely too old or of another batch are left out.
[[nodiscard]] std::vector<store::Campaign> select(store::Store& store, const Selection& selection);

// One side of a comparison: "12", "night-3", or by its kind: "campaign=12", "batch=night-3",
// "firmware=electron-2.0.0", "firmware=electron-2.0.0@3fa1" (the beginning of a hash),
// "board=desk-1". Without a kind: a number is a campaign, a name a batch, else a firmware, else a
// board. Throws base::UsageError when there is no such thing.
[[nodiscard]] std::vector<store::Campaign> select(store::Store& store, const std::string& side);

// Its name on the bench; the kind of board where it has none.
[[nodiscard]] std::string board_label(const store::Campaign& campaign);

}  // namespace rig::gate
