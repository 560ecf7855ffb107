#include "simulator/code_pages.h"

namespace rig::simulator {

void CodePages::keep(std::uint32_t page, const std::uint8_t* memory) {
  if (!sources_[page]) {
    sources_[page] = std::make_unique<Bytes>();
  }
  std::memcpy(sources_[page]->data(), memory, kPage);
}

// Stores into RAM are not reported, so its bytes are kept from the start.
void CodePages::translated(std::uint32_t page, const std::uint8_t* memory) {
  states_[page] = State::current;
  if (page >= first_ram_page_) {
    keep(page, memory);
  }
}

void CodePages::will_change(std::uint32_t page, const std::uint8_t* memory) {
  if (states_[page] == State::current) {
    states_[page] = State::aside;
    if (page < first_ram_page_) {
      keep(page, memory);
    }
  }
}

bool CodePages::matches(std::uint32_t page, const std::uint8_t* memory) const {
  switch (states_[page]) {
    case State::none:
      return false;
    case State::current:
      return page < first_ram_page_ || std::memcmp(sources_[page]->data(), memory, kPage) == 0;
    case State::aside:
      return std::memcmp(sources_[page]->data(), memory, kPage) == 0;
  }
  return false;
}

}  // namespace rig::simulator
