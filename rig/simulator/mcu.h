// A chip (mcu_description.h): processor state, memories and peripherals in virtual time. A plain
// value: copying it copies the chip. Executes only with an Engine lent to run(); the same chip with
// any engine does the same things at the same instants.
//
// Peripherals of every chip: SysTick, NVIC and SCB. STM32: RCC, PWR.DBP, flash interface, GPIOA to
// D, the console's USART, on the product's board USART3 (modem) with DMA1 streams 1 and 3, TIM2,
// IWDG, RTC backup registers, unique id. Nordic: nordic.h, nvmc.h. Any other register that is no
// stub is a fault event, which says how to stub it, and a bus fault.
//
// Polling: a status register that the same code reads again and again within 500 ns, with the same
// value and no other peripheral access between, can only change when a peripheral event is due, and
// all of those are known: so time jumps to the next one. A loop that counts its own iterations as a
// timeout sees fewer of them; nothing else can tell. The same goes for any other register that is
// read a million times on end: nothing but an event can end that, and a fault event tells of it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "record/event.h"
#include "simulator/console_lines.h"
#include "simulator/counters.h"
#include "simulator/cpu.h"
#include "simulator/dma.h"
#include "simulator/engine_stamp.h"
#include "simulator/fault_location.h"
#include "simulator/flash_controller.h"
#include "simulator/flash_log.h"
#include "simulator/flash_marks.h"
#include "simulator/flash_op.h"
#include "simulator/flash_reads.h"
#include "simulator/gpio.h"
#include "simulator/mcu_description.h"
#include "simulator/nordic.h"
#include "simulator/nvic.h"
#include "simulator/nvmc.h"
#include "simulator/ram.h"
#include "simulator/rcc.h"
#include "simulator/stubs.h"
#include "simulator/usart.h"

namespace rig::simulator {

class Engine;

// Called for every operation of the flash array before its effect.
using FlashHook = std::function<void(const FlashOp&)>;

class Mcu {
 public:
  // From power to the first instruction: tRSTTEMPO, STM32F205 datasheet 6.3.5 (typical).
  static constexpr base::Duration kStartUpTime{std::chrono::microseconds(1500)};
  // `flash`: all of it. `about` must outlive this and its copies. Without power until power_on().
  Mcu(base::Bytes flash, std::uint64_t seed, const McuDescription& about = stm32f205());

  // How the supply came back.
  struct PowerUp {
    bool memory_kept{false};  // RAM; the dip was shorter than the hold-up time
    bool backup_kept{false};
    std::uint64_t garbage_seed{};
  };
  void power_on(PowerUp how, base::Instant now);
  // An operation in flight becomes what `torn` says.
  void power_off(record::TornModel torn, base::Instant now);
  void reset(ResetCause cause, std::string_view reason, base::Instant now);
  [[nodiscard]] bool powered() const { return state_ != State::off; }

  // The next instant at which something happens without the processor.
  [[nodiscard]] std::optional<base::Instant> next_event() const;
  void advance(base::Instant now);
  // The processor executes, from this instant on.
  [[nodiscard]] bool runnable() const { return state_ == State::running && !flight_; }
  [[nodiscard]] base::Instant cpu_time() const { return clock_.now; }
  // Executes up to `limit`, or until something needs the caller: an event, an output, a stall.
  void run(Engine& engine, base::Instant limit, const FlashHook& hook);

  void attach(Engine& engine);
  void detach();
  // The engine's copy of RAM is somewhere else from now on.
  void ram_moved(std::span<std::uint8_t> live) { ram_.attach(live); }

  // Null: none. Must outlive its use; a copy of the chip has none. Needs an engine that sees loads.
  void record_reads(FlashReads* reads) { lent_.reads = reads; }
  [[nodiscard]] FlashReads* reads() const { return lent_.reads; }

  [[nodiscard]] const McuDescription& about() const { return *about_; }
  [[nodiscard]] const base::Bytes& flash() const { return flash_; }
  // `marks`: what is in no clear state there.
  void plant(base::ByteView image, std::span<const FlashMark> marks = {});
  // Null: every cell is in a clear state.
  [[nodiscard]] FlashMarks* marks() { return marks_.empty() ? nullptr : &marks_; }
  [[nodiscard]] const FlashMarkList& mark_list() const { return marks_.list(); }
  // A chip without power that is kept for later, without its memories: flash is planted before it
  // gets power again, and RAM must not be kept.
  void shed_memory();
  [[nodiscard]] const BackupDomain& backup() const { return backup_; }
  // Nothing is leaving the console: a loss of power now or a little later prints the same.
  [[nodiscard]] bool console_steady(base::Instant now) const {
    return console_wire().complete(now);
  }
  // Nothing is on the way to the modem, and nobody has yet to be told of anything but flash
  // operations: what a loss of power takes with it does not depend on when exactly it comes.
  [[nodiscard]] bool quiet(base::Instant now) const;
  // How much of a line the console has begun.
  [[nodiscard]] std::size_t console_begun() const {
    return lines_.size() + console_wire().on_wire().size();
  }
  [[nodiscard]] const std::optional<FlashOp>& op_in_flight() const { return flight_; }
  [[nodiscard]] std::uint64_t flash_ops() const { return ops_; }
  void count_ops_from_here() { ops_ = 0; }
  // The processor pauses with this operation in flight; 0: never.
  void arm(std::uint64_t op) { armed_ = op; }
  // The processor pauses before the block of code at `address` runs for the n-th time; 0: never.
  void arm_code(std::uint32_t address, std::uint64_t hits) { code_ = {address, hits, false}; }
  [[nodiscard]] bool code_reached() const { return code_.reached; }
  // Of the engine: a block is about to run. True: not yet, it was the one waited for.
  [[nodiscard]] bool reaches(std::uint32_t address) {
    if (address != code_.address || code_.hits == 0 || --code_.hits != 0) [[likely]] {
      return false;
    }
    code_.reached = true;
    return true;
  }
  [[nodiscard]] bool waits_for(std::uint32_t address) const {
    return address == code_.address && code_.hits != 0;
  }
  [[nodiscard]] std::uint32_t waited_for() const { return code_.address; }

  [[nodiscard]] std::vector<record::Event> take_events() { return std::exchange(events_, {}); }
  [[nodiscard]] std::vector<PinEdge> take_edges() { return gpio_.take_edges(); }
  [[nodiscard]] bool has_outputs() const { return !events_.empty() || gpio_.has_edges(); }
  [[nodiscard]] const std::vector<record::Event>& events() const { return events_; }

  // The modem's side of USART3.
  void modem_sends(base::ByteView bytes, base::Instant at);
  [[nodiscard]] base::Bytes take_modem_bytes(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> next_modem_bytes() const;
  void set_clear_to_send(bool clear, base::Instant now);

  // The bus, for the engine's callbacks.
  [[nodiscard]] std::uint32_t read(std::uint32_t address, unsigned size);
  void write(std::uint32_t address, unsigned size, std::uint32_t value);
  void flash_store(std::uint32_t offset, unsigned size, std::uint32_t value);

 private:
  enum class State : std::uint8_t { off, running, sleeping, locked_up };
  struct DeferredWrite {
    std::uint32_t address{};
    unsigned size{};
    std::uint32_t value{};
  };
  struct BusError {
    std::uint32_t address{};
    bool store{false};
    std::uint32_t pc{};  // of the access
  };
  struct Poll {
    std::uint32_t address{};
    std::uint32_t value{};
    std::uint32_t block{};  // the basic block that reads
    base::Instant at{};
    unsigned repeats{};
  };
  // Reads of one register with nothing else between, whatever time they take.
  struct Insisting {
    std::uint32_t address{};
    std::uint32_t value{};
    std::uint32_t block{};
    std::uint32_t reads{};
  };
  // What belongs to this object and not to its value: a copy of the chip has no engine, and no
  // engine knows its memory.
  struct Lent {
    Engine* engine{};
    const FlashHook* hook{};
    FlashReads* reads{};
    EngineStamp stamp;
    bool ram_changed{false};  // since `stamp`, and nothing else; only while detached
    Lent() = default;
    Lent(const Lent&) {}
    Lent& operator=(const Lent&) {
      engine = nullptr;
      hook = nullptr;
      reads = nullptr;
      stamp = {};
      ram_changed = false;
      return *this;
    }
    ~Lent() = default;
  };

  // mcu_bus.cc
  [[nodiscard]] base::Instant bus_time() const;
  [[nodiscard]] std::optional<std::uint32_t> read_register(std::uint32_t address,
                                                           base::Instant now);
  [[nodiscard]] std::optional<std::uint32_t> read_low(std::uint32_t address, base::Instant now);
  [[nodiscard]] std::optional<std::uint32_t> read_core(std::uint32_t address, base::Instant now);
  [[nodiscard]] std::optional<std::uint32_t> read_nordic(std::uint32_t address, base::Instant now);
  [[nodiscard]] bool write_register(std::uint32_t address, std::uint32_t value, base::Instant now);
  [[nodiscard]] bool write_low(std::uint32_t address, std::uint32_t value, base::Instant now);
  [[nodiscard]] bool write_core(std::uint32_t address, std::uint32_t value, base::Instant now);
  [[nodiscard]] bool write_nordic(std::uint32_t address, std::uint32_t value, base::Instant now);
  [[nodiscard]] bool nordic() const { return about_->family == McuFamily::nordic; }
  [[nodiscard]] bool at_console(std::uint32_t address) const {
    return address - about_->console < 0x400;
  }
  [[nodiscard]] bool at_modem(std::uint32_t address) const;
  [[nodiscard]] std::uint32_t merged(const DeferredWrite& access, base::Instant now);
  void execute(const DeferredWrite& access, base::Instant now);
  void after_write(std::uint32_t address, base::Instant now);
  void clocks_changed(base::Instant now);
  [[nodiscard]] bool is_status(std::uint32_t address) const;
  [[nodiscard]] bool hopeless(std::uint32_t address, std::uint32_t value);
  [[nodiscard]] bool polled(std::uint32_t address, std::uint32_t value);
  [[nodiscard]] std::uint32_t skip_polling(std::uint32_t address, std::uint32_t value);
  // The processor has computed for so long that it is given up (McuDescription::compute_limit).
  [[nodiscard]] bool runs_away();
  void note_runaway(std::string_view what, std::uint32_t address, std::uint32_t pc);
  void busy();
  void progress() { progress_since_ = clock_.now; }
  [[nodiscard]] std::optional<base::Instant> next_change(std::uint32_t address) const;
  [[nodiscard]] std::uint32_t pc_of(Access access, std::uint32_t address) const;
  void bus_error(std::uint32_t address, bool store);
  [[nodiscard]] std::uint32_t identity_word(std::uint32_t offset) const;

  [[nodiscard]] std::optional<base::Instant> watchdog_expiry() const {
    return nordic() ? nordic_.expiry() : iwdg_.expiry();
  }
  [[nodiscard]] Transmitter& console_wire() {
    return nordic() ? nordic_.console.transmitter : console_.transmitter;
  }
  [[nodiscard]] const Transmitter& console_wire() const {
    return nordic() ? nordic_.console.transmitter : console_.transmitter;
  }

  // mcu_flash.cc
  [[nodiscard]] std::uint32_t flash_address(std::uint32_t offset) const {
    return about_->flash.range.start + offset;
  }
  [[nodiscard]] FlashAnswer store_answer(std::uint32_t offset, unsigned size, std::uint32_t value);
  void note_read(std::uint32_t offset, std::uint32_t bytes) const;
  [[nodiscard]] DmaMemory dma_memory();
  void handle(const FlashAnswer& answer, base::Instant now);
  void begin_op(const FlashStart& start, base::Instant now);
  void apply_op();
  void complete_op(base::Instant now);
  void replay_deferred(base::Instant now);
  void tear_op(record::TornModel torn, base::Instant now);
  void tear_around(const FlashOp& op, record::TornModel torn);
  void report(record::Event event);
  void flush_programs(base::Instant now);

  // mcu_exceptions.cc
  void update_lines(base::Instant now);
  void service(base::Instant now);
  [[nodiscard]] int execution_priority(bool with_primask) const;
  void take_exceptions();
  void enter(unsigned exception);
  [[nodiscard]] bool push_frame();
  void leave();
  [[nodiscard]] bool pop_frame(std::uint32_t exc_return);
  struct Fault {
    unsigned exception{};
    std::uint32_t flags{};
    std::optional<std::uint32_t> address;
    std::string_view what;
  };
  void raise(const Fault& fault);
  void raise(const BusError& error);
  void raise_bad_ecc();
  [[nodiscard]] bool at_bad_ecc(std::uint32_t address) const;
  void lock_up(std::string_view why);
  void wake_if_pending(base::Instant now);
  void handle_stop(Stop stop);
  [[nodiscard]] bool handle_fault(Stop stop);
  [[nodiscard]] std::optional<std::uint32_t> memory_word(std::uint32_t address) const;
  [[nodiscard]] std::uint32_t& stack_pointer();

  void note_fault(std::string_view what, std::uint32_t address) {
    note_fault(what, address, registers_.pc);
  }
  void note_fault(std::string_view what, std::uint32_t address, std::uint32_t pc);
  void flush_console(base::Instant now, std::uint64_t how);
  void collect_console(base::Instant now);

  const McuDescription* about_;
  base::Bytes flash_;
  FlashMarks marks_;
  Ram ram_;
  State state_{State::off};
  CpuRegisters registers_;
  CpuClock clock_;
  Nvic nvic_;
  SysTick systick_;
  Timer2 timer_;
  Iwdg iwdg_;
  Rcc rcc_;
  BackupDomain backup_;
  Gpio gpio_;
  Usart console_;
  Usart modem_;
  Dma dma_;
  FlashController controller_;
  Nvmc nvmc_;
  Nordic nordic_;
  Stubs stubs_;
  ConsoleLines lines_;
  FlashLog flash_log_;
  std::uint64_t seed_;

  std::uint64_t ops_{0};
  std::uint64_t armed_{0};
  struct CodeArmed {
    std::uint32_t address{};
    std::uint64_t hits{};  // still to come
    bool reached{false};
  };
  CodeArmed code_;
  std::optional<FlashOp> flight_;
  // What the last operation took the place of; kept where it may turn out to be dropped.
  struct Overwritten {
    std::uint32_t offset{};
    base::Bytes bytes;
  };
  Overwritten overwritten_;
  std::vector<DeferredWrite> deferred_;  // what the processor did behind a store in flight
  std::optional<BusError> bus_error_;
  bool reset_wanted_{false};
  bool executing_{false};  // within Engine::run(); a copy made then can only lose its power
  Poll poll_;
  base::Instant busy_since_{};      // last touch of a peripheral, or last exception
  base::Instant progress_since_{};  // last console line, flash operation, wake-up, reset or status
  Insisting insisting_;
  std::optional<base::Instant> runaway_at_;  // told of already
  std::vector<record::Event> events_;
  Lent lent_;
};

}  // namespace rig::simulator
