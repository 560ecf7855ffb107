#include "simulator/stubs.h"

#include <algorithm>

namespace rig::simulator {

std::optional<std::size_t> Stubs::find(std::uint32_t word) const {
  for (std::size_t i = 0; i < described_.size(); ++i) {
    if (described_[i].range.contains(word)) return i;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Stubs::peek(std::uint32_t word) const {
  const auto index = find(word);
  if (!index) return std::nullopt;
  const Stub& stub = described_[*index];
  if (!stub.values.empty()) return stub.values[taken_[*index]];
  const auto written = written_.find(word);
  return written == written_.end() ? 0 : written->second;
}

std::optional<std::uint32_t> Stubs::read(std::uint32_t word) {
  const auto value = peek(word);
  if (value) {
    const std::size_t index = *find(word);
    const std::size_t count = described_[index].values.size();
    if (taken_[index] + 1 < count) ++taken_[index];
  }
  return value;
}

bool Stubs::write(std::uint32_t word, std::uint32_t value) {
  const auto index = find(word);
  if (!index) return false;
  if (described_[*index].values.empty()) written_[word] = value;
  return true;
}

void Stubs::reset() {
  std::ranges::fill(taken_, std::size_t{0});
  written_.clear();
}

}  // namespace rig::simulator
