#include "simulator/mcu.h"

#include <algorithm>

#include "base/assert.h"
#include "base/random.h"
#include "record/vocabulary.h"
#include "simulator/engine.h"

namespace rig::simulator {
namespace {

constexpr std::int64_t kWithoutProgress = 5;

void fill_with_garbage(std::span<std::uint8_t> memory, std::uint64_t seed) {
  base::Random random(seed);
  for (std::size_t i = 0; i + 8 <= memory.size(); i += 8) {
    const auto word = random.next();
    for (std::size_t byte = 0; byte < 8; ++byte) {
      memory[i + byte] = static_cast<std::uint8_t>(word >> (8 * byte));
    }
  }
}

}  // namespace

Mcu::Mcu(base::Bytes flash, std::uint64_t seed, const McuDescription& about)
    : about_(&about),
      flash_(std::move(flash)),
      ram_(about.ram.size),
      controller_(about.flash),
      nvmc_(about.flash),
      nordic_(about.console),
      stubs_(about.stubs),
      seed_(seed) {
  RIG_ASSERT(flash_.size() == about.flash.range.size);
}

void Mcu::plant(base::ByteView image, std::span<const FlashMark> marks) {
  RIG_ASSERT(image.size() == about_->flash.range.size && !flight_);
  flash_.assign(image.begin(), image.end());
  marks_ = FlashMarks(marks);
  overwritten_ = {};
  lent_.stamp = {};
}

void Mcu::shed_memory() {
  RIG_ASSERT(!powered());
  flash_ = {};
  ram_.release();
}

void Mcu::power_on(PowerUp how, base::Instant now) {
  RIG_ASSERT(!powered() && flash_.size() == about_->flash.range.size);
  if (std::as_const(ram_).bytes().empty()) {
    RIG_ASSERT(!how.memory_kept);
    ram_.provide(about_->ram.size);
  }
  if (!how.memory_kept) {
    fill_with_garbage(ram_.bytes(), how.garbage_seed);
    lent_.ram_changed = true;
  }
  if (!how.backup_kept) {
    backup_.lose_supply();
  }
  marks_.power_on();
  overwritten_ = {};
  reset(how.memory_kept ? ResetCause::brownout : ResetCause::power, "power", now);
  clock_.now = now + kStartUpTime;
}

void Mcu::power_off(record::TornModel torn, base::Instant now) {
  collect_console(now);
  flush_programs(now);
  if (flight_) {
    ram_.roll_back();
    tear_op(torn, now);
  }
  flush_console(now, record::kBrokenOff);
  state_ = State::off;
  executing_ = false;
  gpio_.reset(now);
  console_ = Usart{};
  modem_ = Usart{};
  nordic_.console = NordicUart{};
}

// The reset vector is at the start of flash (BOOT0 low). Erased flash gives no usable vector: the
// first fetch faults, and so does the hard fault's vector.
void Mcu::reset(ResetCause cause, std::string_view reason, base::Instant now) {
  if (flight_) {
    ram_.thaw();
    tear_op(elapsed_model(*flight_, now), now);
  }
  collect_console(now);
  flush_console(now, 0);
  report({.at = now,
          .lane = record::Lane::cpu,
          .kind = record::EventKind::reset,
          .text = std::string(reason)});
  rcc_.reset(cause);
  nvic_ = Nvic{};
  systick_ = SysTick{};
  timer_ = Timer2{};
  iwdg_ = Iwdg{};
  backup_.reset_interface();
  gpio_.reset(now);
  console_.reset();
  modem_.reset();
  dma_.reset();
  controller_.reset();
  nvmc_.reset();
  nordic_.reset(cause);
  stubs_.reset();
  clocks_changed(now);
  note_read(0, 8);
  const auto entry = marks_.unreadable(0, 8) ? ~0U : base::read_le32(flash_, 4);
  registers_ = CpuRegisters{};
  registers_.msp = base::read_le32(flash_, 0) & ~3U;
  registers_.lr = 0xFFFFFFFF;
  registers_.pc = entry & ~1U;
  registers_.xpsr = (entry & 1) << 24;
  clock_ = CpuClock{.now = now};
  bus_error_.reset();
  reset_wanted_ = false;
  poll_ = {};
  deferred_.clear();
  state_ = State::running;
  insisting_ = {};
  busy();
  progress();
  if (lent_.engine != nullptr) {
    lent_.engine->expect_other_code();
  }
}

std::optional<base::Instant> Mcu::next_event() const {
  if (!powered()) {
    return std::nullopt;
  }
  auto first = flight_ ? flight_->end : base::Instant::max();
  const auto consider = [&first](std::optional<base::Instant> at) {
    first = at ? std::min(first, *at) : first;
  };
  consider(console_wire().line_end());
  consider(watchdog_expiry());
  if (!flight_) {  // a stalled core sees nothing of the rest until the operation ends
    consider(flash_log_.next_event());
    consider(console_.next_event());
    consider(modem_.next_event());
    consider(dma_.next_event(modem_));
    consider(timer_.next_event());
    consider(systick_.next_event());
  }
  return first == base::Instant::max() ? std::nullopt : std::optional(first);
}

bool Mcu::quiet(base::Instant now) const {
  // Pins that nobody listens to, such as those of lights, do not count.
  const auto reaches_modem = [](const PinEdge& edge) {
    return edge.pin == Pin::modem_power || edge.pin == Pin::modem_reset;
  };
  if (gpio_.has_edges() && std::ranges::any_of(Gpio(gpio_).take_edges(), reaches_modem)) {
    return false;
  }
  return modem_.transmitter.complete(now) && modem_.transmitter.on_wire().empty() &&
         std::ranges::all_of(
             events_, [](const record::Event& event) { return event.lane == record::Lane::flash; });
}

void Mcu::collect_console(base::Instant now) {
  for (const auto& byte : console_wire().take_sent(now)) {
    if (auto line = lines_.feed(byte.value)) {
      progress();
      report({.at = now,
              .lane = record::Lane::console,
              .kind = record::EventKind::line,
              .text = std::move(*line)});
    }
  }
}

void Mcu::flush_console(base::Instant now, std::uint64_t how) {
  if (auto line = lines_.flush()) {
    report({.at = now,
            .lane = record::Lane::console,
            .kind = record::EventKind::line,
            .value = how,
            .text = std::move(*line)});
  }
}

void Mcu::advance(base::Instant now) {
  if (!powered()) {
    return;
  }
  collect_console(now);
  if (const auto idle = flash_log_.next_event(); idle && now >= *idle && !flight_) {
    flush_programs(now);
  }
  if (watchdog_expiry() && now >= *watchdog_expiry()) {
    reset(ResetCause::watchdog, nordic() ? "wdt" : "iwdg", now);
    return;
  }
  if (flight_ && now >= flight_->end) {
    complete_op(now);
  }
  if (!flight_) {
    service(now);
    wake_if_pending(now);
  }
}

// Everything that happens by itself and that the processor could see.
void Mcu::service(base::Instant now) {
  timer_.advance(now);
  if (systick_.take_expiry(now)) {
    nvic_.pend(kSysTickException);
  }
  console_.advance(now);
  modem_.advance(now);
  dma_.advance(modem_, dma_memory(), now);
  update_lines(now);
}

void Mcu::attach(Engine& engine) {
  engine.take_shape(*about_);
  if (!marks_.empty()) engine.see_all_loads();
  const auto known =
      std::exchange(lent_.stamp, engine.attach(flash_, std::as_const(ram_).bytes(), lent_.stamp));
  if (lent_.ram_changed && known == lent_.stamp) {
    std::ranges::copy(std::as_const(ram_).bytes(), engine.ram().begin());
  }
  lent_.ram_changed = false;
  ram_.attach(engine.ram());
  lent_.engine = &engine;
}

void Mcu::detach() {
  ram_.detach();
  lent_.engine = nullptr;
}

void Mcu::modem_sends(base::ByteView bytes, base::Instant at) {
  if (powered()) {
    modem_.receiver.push(bytes, at);
  }
}

base::Bytes Mcu::take_modem_bytes(base::Instant now) {
  base::Bytes bytes;
  for (const auto& sent : modem_.transmitter.take_sent(now)) {
    bytes.push_back(sent.value);
  }
  return bytes;
}

// In bursts: when the last byte that is planned has left. The modem acts on whole lines and whole
// blocks, and those end a burst.
std::optional<base::Instant> Mcu::next_modem_bytes() const {
  const auto& wire = modem_.transmitter.on_wire();
  return wire.empty() ? std::nullopt : std::optional(wire.back().end);
}

void Mcu::set_clear_to_send(bool clear, base::Instant now) { modem_.set_clear_to_send(clear, now); }

void Mcu::report(record::Event event) { events_.push_back(std::move(event)); }

void Mcu::note_fault(std::string_view what, std::uint32_t address, std::uint32_t pc) {
  report({.at = clock_.now,
          .lane = record::Lane::cpu,
          .kind = record::EventKind::fault,
          .address = pc,
          .value = address,
          .text = std::string(what)});
}

// Executing it any longer would cost host time and show nothing: whatever it computes, it reaches
// nobody. Interrupts, the watchdog and the power switch still end it.
bool Mcu::runs_away() {
  const base::Duration limit = about_->compute_limit;
  if (clock_.now >= busy_since_ + limit) {
    note_runaway("runaway: loops without touching a register", 0, registers_.pc);
    return true;
  }
  if (clock_.now >= progress_since_ + kWithoutProgress * limit) {
    note_runaway("runaway: loops without a console line, a flash operation or sleep", 0,
                 registers_.pc);
    return true;
  }
  return false;
}

// Once for each console line, flash operation, wake-up or reset.
void Mcu::note_runaway(std::string_view what, std::uint32_t address, std::uint32_t pc) {
  if (runaway_at_ != progress_since_) {
    note_fault(what, address, pc);
    runaway_at_ = progress_since_;
  }
}

void Mcu::busy() { busy_since_ = clock_.now; }

void Mcu::run(Engine& engine, base::Instant limit, const FlashHook& hook) {
  RIG_ASSERT(lent_.engine == &engine && runnable() && !executing_);
  lent_.hook = &hook;
  const auto interrupted = registers_.pc;
  service(clock_.now);
  take_exceptions();
  if (registers_.pc != interrupted) {
    busy();
    progress();
  }
  if (runnable() && clock_.now < limit) {
    const auto own = next_event();
    clock_.deadline = own ? std::min(limit, *own) : limit;
    if (runs_away()) {
      clock_.now = clock_.deadline;
      lent_.hook = nullptr;
      return;
    }
    clock_.deadline = std::min({clock_.deadline, busy_since_ + about_->compute_limit,
                                progress_since_ + kWithoutProgress * about_->compute_limit});
    clock_.stop = false;
    clock_.watch_masks = nvic_.anything_pending();
    executing_ = true;
    const Stop stop = engine.run(*this, registers_, clock_);
    executing_ = false;
    handle_stop(stop);
  }
  lent_.hook = nullptr;
}

}  // namespace rig::simulator
