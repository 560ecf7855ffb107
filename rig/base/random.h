// Seeded random numbers: the only source of chance in the rig. A value type, so that a copied world
// draws the same numbers as its original. SplitMix64 (Steele, Lea, Flood, OOPSLA 2014, figure 17).
#pragma once

#include <cstdint>
#include <string_view>

namespace rig::base {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t next();
  // Uniform in [0, bound); bound 0 gives 0. The bias is below 2^-32 for the bounds used here.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  // Uniform in [0, 1).
  [[nodiscard]] double unit();

 private:
  std::uint64_t state_;
};

// An independent seed for one part of a world ("link", "ram"), so that adding a draw in one part
// does not shift the numbers of another.
[[nodiscard]] std::uint64_t derived_seed(std::uint64_t seed, std::string_view part);

}  // namespace rig::base
