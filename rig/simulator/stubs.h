// The state of a chip's stubbed registers (Stub in mcu_description.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "simulator/mcu_description.h"

namespace rig::simulator {

class Stubs {
 public:
  // `described` outlives this and its copies.
  explicit Stubs(std::span<const Stub> described)
      : described_(described), taken_(described.size()) {}

  // `word`: a multiple of 4. Empty or false: no stub is there.
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t word);
  [[nodiscard]] bool write(std::uint32_t word, std::uint32_t value);
  // What read() would give, without taking it.
  [[nodiscard]] std::optional<std::uint32_t> peek(std::uint32_t word) const;
  void reset();

 private:
  [[nodiscard]] std::optional<std::size_t> find(std::uint32_t word) const;

  std::span<const Stub> described_;
  std::vector<std::size_t> taken_;  // values of each stub that were read and will not come again
  std::map<std::uint32_t, std::uint32_t> written_;
};

}  // namespace rig::simulator
