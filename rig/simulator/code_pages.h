// Which 4 KB pages of an emulator's memory have translated code, and from which bytes it was
// translated. Translating is what costs, so code is not dropped when its page changes: it is set
// aside, and is good again when the page holds the same bytes again (a sweep goes back to the same
// few images thousands of times). Code that is set aside must not run: the engine asks before every
// basic block.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace rig::simulator {

class CodePages {
 public:
  static constexpr std::uint32_t kPage = 4096;

  enum class State : std::uint8_t {
    none,     // no code
    current,  // translated from what the page holds
    aside,    // translated from what it once held
  };

  // Pages of flash, then those of RAM.
  CodePages(std::uint32_t flash, std::uint32_t ram)
      : first_ram_page_(flash), states_(flash + ram), sources_(flash + ram) {}

  [[nodiscard]] State state(std::uint32_t page) const { return states_[page]; }
  // Code was translated from `memory`, the page's bytes.
  void translated(std::uint32_t page, const std::uint8_t* memory);
  // The page is about to change; `memory` are its bytes before.
  void will_change(std::uint32_t page, const std::uint8_t* memory);
  // Whether code exists that was translated from exactly these bytes.
  [[nodiscard]] bool matches(std::uint32_t page, const std::uint8_t* memory) const;
  // Code that was set aside fits again.
  void restore(std::uint32_t page) { states_[page] = State::current; }
  void forget(std::uint32_t page) { states_[page] = State::none; }

 private:
  using Bytes = std::array<std::uint8_t, kPage>;

  void keep(std::uint32_t page, const std::uint8_t* memory);

  std::uint32_t first_ram_page_;
  std::vector<State> states_;
  // The bytes that the code was translated from; for a flash page that is current: its contents.
  std::vector<std::unique_ptr<Bytes>> sources_;
};

}  // namespace rig::simulator
