// The 128 KB of RAM, on the heap and aligned to a page: an engine maps it as it is, so that running
// a world copies none of it. When a flash operation is in flight the contents at its start are kept
// beside it: the rest of the basic block still runs (see Mcu::flash_store), and a power cut must
// not see what it did.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"

namespace rig::simulator {

class Ram {
 public:
  static constexpr std::size_t kBytes = 128U << 10;

  Ram();  // all zero
  Ram(const Ram& other);
  Ram& operator=(const Ram& other);
  ~Ram() = default;

  // Where the bytes are never changes while this object lives.
  [[nodiscard]] std::span<std::uint8_t> bytes() { return {memory_.get(), kBytes}; }
  [[nodiscard]] base::ByteView bytes() const { return {memory_.get(), kBytes}; }
  void freeze() { frozen_ = base::Bytes(bytes().begin(), bytes().end()); }
  void thaw() { frozen_.reset(); }
  // Contents as of freeze() become the contents.
  void roll_back();

 private:
  struct FreeMemory {
    void operator()(std::uint8_t* memory) const { std::free(memory); }  // from aligned_alloc
  };
  std::unique_ptr<std::uint8_t[], FreeMemory> memory_;
  std::optional<base::Bytes> frozen_;
};

}  // namespace rig::simulator
