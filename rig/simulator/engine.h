// Executes Cortex-M3 code over its own copies of flash and RAM, with Unicorn.
//
// Not a board: nothing in it outlives a call besides translated code and the memory copies, and
// neither influences results. One per worker thread; reused for any number of worlds.
//
// Translating code is what costs. So a few Unicorn instances ("banks") are kept, each with code
// from other contents of the same pages; when code is about to run that the current bank has not,
// one that has it takes over (at most once per reset, so that two never play ping-pong), and code
// is set aside rather than dropped while its page holds something else (code_pages.h).
//
// Unicorn 2.0.1, measured: uc_emu_stop() in a memory or MMIO callback leaves at once with a stale
// PC (start of the block), in a block callback it leaves before the block with an exact PC. So the
// engine only ever stops in the block callback, except for faults, whose PC is searched for
// (fault_location.h). Stores into a region that uc_mem_protect() made read-only are discarded after
// the UC_HOOK_MEM_WRITE_PROT callback, so the callback decides what flash holds.
//
// A block that was looked at once is settled (settled_blocks.h): it begins by itself from then on,
// and calls back only when time is up or somebody wants to stop (unicorn_blocks.cc).
#pragma once

#include <unicorn/unicorn.h>

#include <bitset>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "simulator/block_pace.h"
#include "simulator/code_pages.h"
#include "simulator/cpu.h"
#include "simulator/engine_stamp.h"
#include "simulator/fault_location.h"
#include "simulator/mcu_description.h"
#include "simulator/settled_blocks.h"

namespace rig::simulator {

class FlashReads;
class Mcu;

// What an engine knows about loads from flash: `seen` can tell them to FlashReads, and takes a
// little longer for each.
enum class Loads : std::uint8_t { direct, seen };

// How a block that is settled begins: by itself, where Unicorn's insides are known
// (unicorn_blocks.h), or it asks each time. What comes out is the same.
enum class Blocks : std::uint8_t { enter, ask };

class Engine {
 public:
  // Throws base::RigError when Unicorn refuses.
  explicit Engine(Loads loads = Loads::direct, Blocks blocks = Blocks::enter);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Has this chip's memories from here on; what it had of another chip's is gone.
  void take_shape(const McuDescription& mcu);
  // Loads are seen from here on, whatever it was made for.
  void see_all_loads();
  // Makes the memory copies equal to these; cheap when `known` still names them. Returns the stamp
  // to pass next time if the caller changes neither meanwhile.
  EngineStamp attach(base::ByteView flash, base::ByteView ram, EngineStamp known);
  // Runs until something stops the processor; registers, time and memory are updated.
  Stop run(Mcu& mcu, CpuRegisters& registers, CpuClock& clock);
  // The chip was reset: other code is going to run.
  void expect_other_code() { may_change_bank_ = true; }

  // Where the RAM copy is; another bank has it elsewhere (Mcu::ram_moved()).
  [[nodiscard]] std::span<std::uint8_t> ram();
  // Copies these bytes of flash from their true contents.
  void refresh_flash(base::ByteView truth, std::uint32_t offset, std::uint32_t length);
  // What code behind a store in flight reads already: the effect of an operation whose end is still
  // to come. refresh_flash() ends the preview.
  void preview_program(std::uint32_t offset, unsigned size, std::uint32_t value);
  void preview_erase(std::uint32_t offset, std::uint32_t length);
  // Within a callback: the instruction that makes this access.
  [[nodiscard]] std::uint32_t location_of(FaultingAccess access);
  // Start of the basic block in execution.
  [[nodiscard]] std::uint32_t block() const { return pace_.start(); }

 private:
  struct CloseEngine {
    void operator()(uc_engine* engine) const { uc_close(engine); }
  };
  struct FreeMemory {
    void operator()(std::uint8_t* memory) const { std::free(memory); }  // from aligned_alloc
  };
  using Memory = std::unique_ptr<std::uint8_t[], FreeMemory>;
  // Flash pages that changed while another bank was at work.
  using Behind = std::bitset<kMostFlash / CodePages::kPage>;
  // Where registers are, as Unicorn hands it back to the callbacks.
  struct Window {
    Engine* engine{};
    std::uint32_t start{};
  };
  struct Bank {
    explicit Bank(const Engine& engine)
        : code(engine.flash_.size / CodePages::kPage, engine.ram_.size / CodePages::kPage) {}
    Memory flash;
    Memory ram;
    std::vector<std::unique_ptr<Window>> windows;
    std::unique_ptr<uc_engine, CloseEngine> uc;  // dies before the memory it maps
    CodePages code;
    Behind behind;
    std::optional<CpuRegisters> loaded;  // what Unicorn's registers hold
    std::uint64_t last_used{};
  };
  struct Masks {
    std::uint32_t primask{};
    std::uint32_t basepri{};
    std::uint32_t faultmask{};
    bool operator==(const Masks&) const = default;
  };
  struct Block {
    std::uint32_t start{};
    std::uint32_t size{};
  };
  static constexpr std::uint32_t kPage = CodePages::kPage;
  static constexpr std::size_t kMostBanks = 3;
  static constexpr std::uint64_t kMostWorlds = 1'000;

  // engine.cc
  [[nodiscard]] Bank& bank() { return *banks_[current_]; }
  [[nodiscard]] const Bank& bank() const { return *banks_[current_]; }
  [[nodiscard]] std::uint32_t flash_pages() const { return flash_.size / kPage; }
  [[nodiscard]] std::uint8_t* page_memory(Bank& of, std::uint32_t page) const;
  void change_page(std::uint32_t page);
  void copy_if_different(std::uint32_t page, const std::uint8_t* truth);
  [[nodiscard]] Stop classify(uc_err error, CpuRegisters& registers) const;
  [[nodiscard]] std::uint16_t half_word_at(std::uint32_t address) const;

  // engine_banks.cc
  void begin_anew();
  void add_bank();
  void map_memory(Bank& to);
  void map_peripherals(Bank& to);
  void add_hooks(Bank& to);
  void map_window(Bank& to, std::uint32_t start, std::uint32_t size);
  void provide_code(std::uint32_t page);
  [[nodiscard]] std::optional<std::size_t> bank_with(std::uint32_t page);
  [[nodiscard]] std::size_t matching_pages(const Bank& candidate);
  [[nodiscard]] std::size_t least_used() const;
  void change_bank(std::size_t to);
  void drop_code(std::uint32_t page);

  void hide_flash();
  void execute(std::uint32_t from, uc_err& error);

  // engine_registers.cc
  void load(const CpuRegisters& registers);
  void store(CpuRegisters& registers);
  [[nodiscard]] Masks masks() const;

  // engine_callbacks.cc
  [[nodiscard]] bool must_stop() const;
  [[nodiscard]] bool has_code(std::uint32_t address);
  [[nodiscard]] bool may_run(Block block);
  void look_at(Block block);
  void enter(Block block);
  static void on_block(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);
  static bool on_flash_store(uc_engine*, uc_mem_type, std::uint64_t address, int size,
                             std::int64_t value, void* self);
  static bool on_invalid(uc_engine*, uc_mem_type, std::uint64_t address, int size,
                         std::int64_t value, void* self);
  static void on_interrupt(uc_engine*, std::uint32_t number, void* self);
  static std::uint64_t on_read(uc_engine*, std::uint64_t offset, unsigned size, void* window);
  static void on_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                       void* window);

  MemoryRange flash_;
  MemoryRange ram_;
  std::vector<std::uint32_t> lone_pages_;  // of registers outside the windows of every chip
  Loads loads_;
  const Blocks blocks_;
  std::vector<std::unique_ptr<Bank>> banks_;
  std::size_t current_{0};
  std::uint64_t uses_{0};
  std::uint64_t worlds_{0};  // attached since the banks are there
  bool may_change_bank_{true};
  EngineStamp stamp_;
  SettledBlocks settled_;
  std::uint64_t recording_{};  // that knows of the settled blocks; 0: nobody recorded

  // Only during run():
  Mcu* mcu_{};
  CpuClock* clock_{};
  BlockPace pace_;
  FlashReads* reads_{};
  Masks watched_;
  std::uint32_t endless_{};  // the block in execution, where it branches to itself
  bool stopped_{};
  std::optional<std::uint32_t> missing_page_;  // code of this page must be provided first
  std::optional<Stop> event_;                  // interrupt or fault seen by a callback
};

}  // namespace rig::simulator
