// One Unicorn instance: executes Cortex-M3 code over its own copies of flash and RAM.
//
// Not a board: it has no state that outlives a call besides translated code and the memory copies,
// and neither influences results. One per worker thread; reused for any number of worlds.
// Translated code is what is expensive, so attaching a world compares 4 KB pages and drops the code
// of those alone that differ.
//
// Unicorn 2.0.1, measured: uc_emu_stop() in a memory or MMIO callback leaves at once with a stale
// PC (start of the block), in a block callback it leaves before the block with an exact PC. So the
// engine only ever stops in the block callback, except for faults, whose PC is searched for
// (fault_location.h).
#pragma once

#include <unicorn/unicorn.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "simulator/cpu.h"

namespace rig::simulator {

class Mcu;

inline constexpr std::uint32_t kFlashBase = 0x08000000;
inline constexpr std::uint32_t kFlashSize = 1U << 20;
inline constexpr std::uint32_t kRamBase = 0x20000000;
inline constexpr std::uint32_t kRamSize = 128U << 10;

// Names the contents of an engine's memory; equal stamps mean equal memory.
struct EngineStamp {
  std::uint64_t engine{};
  std::uint64_t count{};
  bool operator==(const EngineStamp&) const = default;
};

class Engine {
 public:
  // Throws base::RigError when Unicorn refuses.
  Engine();
  ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Makes the memory copies equal to these; cheap when `known` still names them. Returns the stamp
  // to pass next time if the caller changes neither meanwhile.
  EngineStamp attach(base::ByteView flash, base::ByteView ram, EngineStamp known);
  // Runs until something stops the processor; registers, time and memory are updated.
  Stop run(Mcu& mcu, CpuRegisters& registers, CpuClock& clock);

  [[nodiscard]] std::span<std::uint8_t> ram() { return {ram_.get(), kRamSize}; }
  // Copies these bytes of flash from their true contents. Not from within a callback.
  void refresh_flash(base::ByteView truth, std::uint32_t offset, std::uint32_t length);
  // The word at `offset` was stored raw by the CPU but must read as `truth` says: put right before
  // the next block or peripheral access.
  void correct_later(std::uint32_t offset) { corrections_.push_back(offset); }
  // Start of the basic block in execution.
  [[nodiscard]] std::uint32_t block() const { return block_; }
  // PRIMASK, BASEPRI, FAULTMASK at this moment.
  struct Masks {
    std::uint32_t primask{};
    std::uint32_t basepri{};
    std::uint32_t faultmask{};
  };
  [[nodiscard]] Masks masks() const;
  // Code pages whose flash changed while the CPU was running are dropped at the next stop.
  void code_changed(std::uint32_t offset);

 private:
  struct CloseEngine {
    void operator()(uc_engine* engine) const { uc_close(engine); }
  };
  struct FreeMemory {
    void operator()(std::uint8_t* memory) const { std::free(memory); }  // from aligned_alloc
  };
  using Memory = std::unique_ptr<std::uint8_t[], FreeMemory>;
  static constexpr std::uint32_t kPage = 4096;

  [[nodiscard]] static Memory allocate(std::uint32_t size);
  void map_memory();
  void map_peripherals();
  void add_hooks();
  void load(const CpuRegisters& registers);
  void store(CpuRegisters& registers) const;
  [[nodiscard]] Stop classify(uc_err error, CpuRegisters& registers);
  [[nodiscard]] std::uint16_t half_word_at(std::uint32_t address) const;
  void sync_page(std::uint8_t* mine, const std::uint8_t* truth, std::uint32_t address);
  void drop_code(std::uint32_t address);
  void apply_corrections();
  [[nodiscard]] bool masks_changed() const;
  void begin_block(std::uint64_t address, std::uint32_t size);

  static void on_block(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);
  static bool on_flash_store(uc_engine*, uc_mem_type, std::uint64_t address, int size,
                             std::int64_t value, void* self);
  static bool on_invalid(uc_engine*, uc_mem_type, std::uint64_t address, int size,
                         std::int64_t value, void* self);
  static void on_interrupt(uc_engine*, std::uint32_t number, void* self);
  template <std::uint32_t Base>
  static std::uint64_t on_read(uc_engine*, std::uint64_t offset, unsigned size, void* self);
  template <std::uint32_t Base>
  static void on_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                       void* self);
  template <std::uint32_t Base>
  void map_region(std::uint32_t size);

  Memory flash_;
  Memory ram_;
  std::unique_ptr<uc_engine, CloseEngine> uc_;
  std::array<std::uint8_t, kFlashSize / kPage> flash_code_{};  // pages with translated code
  std::array<std::uint8_t, kRamSize / kPage> ram_code_{};
  std::vector<std::uint32_t> corrections_;
  std::vector<std::uint32_t> stale_code_;
  EngineStamp stamp_;

  // Only during run():
  Mcu* mcu_{};
  CpuClock* clock_{};
  Masks watched_;
  std::uint32_t block_{};
  std::uint32_t block_size_{};
  bool stopped_{};
  std::optional<Stop> event_;  // interrupt or fault seen by a callback
};

}  // namespace rig::simulator
