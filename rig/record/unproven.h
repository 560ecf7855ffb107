// How a timeline says that power was switched off and that nothing proves it: the reason of a cut
// that was missed begins with this. A cut that was missed otherwise was never tried.
#pragma once

namespace rig::record {

inline constexpr char kUnprovenCut[] = "no cut: ";

}  // namespace rig::record
