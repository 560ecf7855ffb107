// The 128 KB of RAM. While a processor runs, the engine's memory is the truth and this is a window
// on it; a copy always takes the contents of that moment. When a flash operation is in flight the
// contents at its start are kept beside it: the rest of the basic block still runs (see
// Mcu::flash_store), and a power cut must not see what it did.
#pragma once

#include <optional>
#include <span>

#include "base/bytes.h"

namespace rig::simulator {

class Ram {
 public:
  explicit Ram(std::size_t size) : own_(size) {}
  Ram(const Ram& other);
  Ram& operator=(const Ram& other);
  ~Ram() = default;

  // The bytes that the processor continues with.
  [[nodiscard]] std::span<std::uint8_t> bytes();
  [[nodiscard]] base::ByteView bytes() const;
  // The engine's memory holds bytes() from here on, until detach().
  void attach(std::span<std::uint8_t> live) { live_ = live; }
  void detach();
  void freeze();
  void thaw() { frozen_.reset(); }
  // Without power and not to be kept: gives the memory back until there is power again.
  void release() { own_ = {}; }
  void provide(std::size_t size) { own_.resize(size); }
  // Contents as of freeze() become the contents; needs detach() first.
  void roll_back();

 private:
  base::Bytes own_;
  std::optional<base::Bytes> frozen_;
  std::span<std::uint8_t> live_;
};

}  // namespace rig::simulator
