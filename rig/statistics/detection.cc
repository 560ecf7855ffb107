#include "statistics/detection.h"

#include <algorithm>
#include <cmath>

namespace rig::statistics {

double chance_of_hit(CutTimes cuts, base::Duration window) {
  if (cuts.size() < 2) return 0;
  const double width = std::chrono::duration<double, std::micro>(window).count();
  const double places = static_cast<double>(cuts.back() - cuts.front()) - width;
  if (places <= 0) return 1;
  // A window that begins up to its width before a cut holds that cut. Between neighbours that are
  // further apart than that, the rest of the gap is missed.
  double missed = 0;
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    missed += std::max(0.0, static_cast<double>(cuts[i] - cuts[i - 1]) - width);
  }
  return std::clamp(1 - missed / places, 0.0, 1.0);
}

std::optional<std::uint64_t> cuts_for_hit(Stretch stretch, double probability) {
  if (stretch.window <= base::Duration::zero()) return std::nullopt;
  if (stretch.window >= stretch.span) return 1;
  const double share = base::to_seconds(stretch.window) / base::to_seconds(stretch.span);
  return static_cast<std::uint64_t>(std::ceil(std::log1p(-probability) / std::log1p(-share)));
}

}  // namespace rig::statistics
