#include "base/random.h"

namespace rig::base {

std::uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

std::uint64_t Random::below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t derived_seed(std::uint64_t seed, std::string_view part) {
  std::uint64_t mixed = Random(seed).next();
  for (const char letter : part) {
    mixed = Random(mixed ^ static_cast<unsigned char>(letter)).next();
  }
  return mixed;
}

}  // namespace rig::base
