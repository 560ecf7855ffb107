// The chip's address map: which peripheral answers where, and what an access sets in motion.
#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "simulator/engine.h"
#include "simulator/mcu.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kTimer2 = 0x40000000;
constexpr std::uint32_t kBackup = 0x40002850;
constexpr std::uint32_t kIwdg = 0x40003000;
constexpr std::uint32_t kUsart3 = 0x40004800;
constexpr std::uint32_t kPower = 0x40007000;
constexpr std::uint32_t kBus2 = 0x40010000;  // what is below hangs on APB1
constexpr std::uint32_t kGpio = 0x40020000;
constexpr std::uint32_t kGpioEnd = kGpio + Gpio::kPorts * 0x400;
constexpr std::uint32_t kRcc = 0x40023800;
constexpr std::uint32_t kFlashInterface = 0x40023C00;
constexpr std::uint32_t kFlashStatus = kFlashInterface + 0x0C;
constexpr std::uint32_t kDma1 = 0x40026000;
constexpr std::uint32_t kSystemSpace = 0xE000E000;
constexpr std::uint32_t kSysTick = 0xE000E010;
constexpr std::uint32_t kIdentity = 0x1FFF7A10;

constexpr base::Duration kPollingGap{500};
constexpr unsigned kFlagRepeats = 2;
constexpr unsigned kCounterRepeats = 16;  // reading the time often is not yet waiting
constexpr std::uint32_t kHopelessReads = 1'000'000;
constexpr std::uint32_t kTimerCount = kTimer2 + 0x24;

constexpr bool within(std::uint32_t address, std::uint32_t base, std::uint32_t bytes) {
  return address - base < bytes;
}

}  // namespace

bool Mcu::at_modem(std::uint32_t address) const {
  return about_->wired_modem && within(address, kUsart3, 0x400);
}

// Behind a flash operation in flight the processor stalls until its end.
base::Instant Mcu::bus_time() const { return flight_ ? flight_->end : clock_.now; }

std::uint32_t Mcu::identity_word(std::uint32_t offset) const {
  const auto word = base::derived_seed(seed_, "unique id") >> (offset * 4 % 32);
  return static_cast<std::uint32_t>(word ^ 0x9E3779B9U * (offset / 4 + 1));
}

std::optional<std::uint32_t> Mcu::read_low(std::uint32_t address, base::Instant now) {
  if (at_console(address)) {
    return console_.read(address - about_->console, now);
  }
  if (within(address, kTimer2, 0x400)) {
    return timer_.read(address - kTimer2, now);
  }
  if (within(address, kBackup, 4 * BackupDomain::kRegisters)) {
    return backup_.read((address - kBackup) / 4);
  }
  if (within(address, kIwdg, 0x400)) {
    return iwdg_.read(address - kIwdg);
  }
  if (at_modem(address)) {
    return modem_.read(address - kUsart3, now);
  }
  return address == kPower ? std::optional(backup_.power_control()) : std::nullopt;
}

std::optional<std::uint32_t> Mcu::read_core(std::uint32_t address, base::Instant now) {
  if (within(address, kSysTick, 0x10)) {
    return systick_.read(address - kSysTick, now);
  }
  return within(address, kSystemSpace, 0x1000) ? nvic_.read(address - kSystemSpace) : std::nullopt;
}

std::optional<std::uint32_t> Mcu::read_nordic(std::uint32_t address, base::Instant now) {
  if (within(address, Nvmc::kBase, 0x1000)) {
    return nvmc_.read(address - Nvmc::kBase);
  }
  return address >= kSystemSpace ? read_core(address, now) : nordic_.read(address, now);
}

std::optional<std::uint32_t> Mcu::read_register(std::uint32_t address, base::Instant now) {
  if (nordic()) {
    return read_nordic(address, now);
  }
  if (address < kGpio) {
    return within(address, kIdentity, 12) ? identity_word(address - kIdentity)
                                          : read_low(address, now);
  }
  if (address < kGpioEnd) {
    return gpio_.read((address - kGpio) / 0x400, (address - kGpio) % 0x400);
  }
  if (within(address, kRcc, 0x400)) {
    return rcc_.read(address - kRcc);
  }
  if (within(address, kFlashInterface, 0x400)) {
    return controller_.read(address - kFlashInterface);
  }
  if (within(address, kDma1, 0x400)) {
    return dma_.read(address - kDma1);
  }
  return read_core(address, now);
}

bool Mcu::write_low(std::uint32_t address, std::uint32_t value, base::Instant now) {
  if (at_console(address)) {
    return console_.write(address - about_->console, value, now);
  }
  if (within(address, kTimer2, 0x400)) {
    return timer_.write(address - kTimer2, value, now);
  }
  if (within(address, kBackup, 4 * BackupDomain::kRegisters)) {
    backup_.write((address - kBackup) / 4, value);
    return true;
  }
  if (within(address, kIwdg, 0x400)) {
    return iwdg_.write(address - kIwdg, value, now);
  }
  if (at_modem(address)) {
    return modem_.write(address - kUsart3, value, now);
  }
  if (address == kPower) {
    backup_.write_power_control(value);
    return true;
  }
  return false;
}

bool Mcu::write_core(std::uint32_t address, std::uint32_t value, base::Instant now) {
  if (within(address, kSysTick, 0x10)) {
    return systick_.write(address - kSysTick, value, now);
  }
  return within(address, kSystemSpace, 0x1000) && nvic_.write(address - kSystemSpace, value);
}

bool Mcu::write_nordic(std::uint32_t address, std::uint32_t value, base::Instant now) {
  if (within(address, Nvmc::kBase, 0x1000)) {
    FlashAnswer answer;
    const bool known = nvmc_.write(address - Nvmc::kBase, value, answer);
    handle(answer, now);
    return known;
  }
  if (address >= kSystemSpace) {
    return write_core(address, value, now);
  }
  return nordic_.write(address, value, now, {std::as_const(ram_).bytes(), about_->ram.start});
}

bool Mcu::write_register(std::uint32_t address, std::uint32_t value, base::Instant now) {
  if (nordic()) {
    return write_nordic(address, value, now);
  }
  if (address < kGpio) {
    return write_low(address, value, now);
  }
  if (address < kGpioEnd) {
    return gpio_.write((address - kGpio) / 0x400, (address - kGpio) % 0x400, value, now);
  }
  if (within(address, kRcc, 0x400)) {
    const bool known = rcc_.write(address - kRcc, value);
    clocks_changed(now);
    return known;
  }
  if (within(address, kFlashInterface, 0x400)) {
    FlashAnswer answer;
    const bool known = controller_.write(address - kFlashInterface, value, answer);
    handle(answer, now);
    return known;
  }
  if (within(address, kDma1, 0x400)) {
    return dma_.write(address - kDma1, value);
  }
  return write_core(address, value, now);
}

void Mcu::clocks_changed(base::Instant now) {
  console_.set_clock(about_->console < kBus2 ? rcc_.bus1_hertz() : rcc_.bus2_hertz());
  modem_.set_clock(rcc_.bus1_hertz());
  timer_.set_clock(rcc_.timer_hertz(), now);
}

// When the status register at `address` will next change by itself; none: by nothing that is due.
std::optional<base::Instant> Mcu::next_change(std::uint32_t address) const {
  if (nordic()) {
    return nordic_.next_change(address, clock_.now);
  }
  if (address == about_->console) {
    return console_.next_change(clock_.now);
  }
  if (address == kTimerCount) {
    return timer_.next_tick(clock_.now);
  }
  if (address == kTimer2 + 0x10) {
    return timer_.next_flag();
  }
  if (address == kSysTick) {
    return systick_.expiry();
  }
  return modem_.next_change(clock_.now);
}

// Registers that firmware waits for; a second look at anything else is no loop.
bool Mcu::is_status(std::uint32_t address) const {
  if (address == kSysTick) {
    return true;
  }
  if (nordic()) {
    return at_console(address);
  }
  return address == about_->console || address == kUsart3 || address == kTimerCount ||
         address == kTimer2 + 0x10 ||
         (within(address, kDma1, 0x400) && !within(address, kDma1 + 8, 8));
}

bool Mcu::polled(std::uint32_t address, std::uint32_t value) {
  if (!is_status(address)) {
    poll_ = {};
    return false;
  }
  const auto block = lent_.engine->block();
  const bool again = poll_.address == address && poll_.value == value && poll_.block == block &&
                     clock_.now > poll_.at && clock_.now - poll_.at <= kPollingGap;
  poll_ = {address, value, block, clock_.now, again ? poll_.repeats + 1 : 0};
  return poll_.repeats >= (address == kTimerCount ? kCounterRepeats : kFlagRepeats);
}

// A register that does not change by itself, read and read again: only an event can end that.
bool Mcu::hopeless(std::uint32_t address, std::uint32_t value) {
  const auto block = lent_.engine->block();
  Insisting& so_far = insisting_;
  if (so_far.address != address || so_far.value != value || so_far.block != block) {
    so_far = {address, value, block, 0};
  }
  if (++so_far.reads < kHopelessReads) [[likely]] {
    return false;
  }
  if (so_far.reads == kHopelessReads) {
    note_runaway(fmt::format("runaway: waits for 0x{:08x}, which stays 0x{:08x}", address, value),
                 address, pc_of(Access::load, address));
  }
  --so_far.reads;
  return true;
}

std::uint32_t Mcu::skip_polling(std::uint32_t address, std::uint32_t value) {
  const bool status = is_status(address);
  if (status) {
    progress();  // it waits for something that comes, or for time
  }
  if (!polled(address, value) && (status || !hopeless(address, value))) {
    return value;
  }
  const auto change = status ? next_change(address) : std::nullopt;
  const auto target = std::min(change.value_or(clock_.deadline), clock_.deadline);
  if (target <= clock_.now) {
    return value;
  }
  clock_.now = target;
  service(target);
  const auto stubbed = stubs_.peek(address);
  const auto fresh = stubbed ? *stubbed : read_register(address, target).value_or(0);
  if (status) {
    poll_ = {address, fresh, poll_.block, target, poll_.repeats};
  }
  return fresh;
}

std::uint32_t Mcu::read(std::uint32_t address, unsigned size) {
  busy();
  const auto word = address & ~3U;
  const auto now = bus_time();
  if (address == kFlashStatus && !nordic()) {  // by far the most frequent: once per word programmed
    poll_ = {};
    return *controller_.read(kFlashStatus - kFlashInterface);
  }
  if (at_modem(word) || (about_->wired_modem && within(word, kDma1, 0x400))) {
    modem_.advance(now);
    dma_.advance(modem_, dma_memory(), now);
  }
  auto value = stubs_.read(word);
  if (!value) {
    value = read_register(word, now);
  }
  if (!value) {
    bus_error(address, false);
    return 0;
  }
  if (!flight_) {
    value = skip_polling(word, *value);
  }
  const auto shifted = *value >> (8 * (address & 3));
  return size == 4 ? shifted : shifted & ((1U << (8 * size)) - 1);
}

// Narrow stores: the other lanes keep their value. USART registers act on reads, so there the value
// is taken as it is.
std::uint32_t Mcu::merged(const DeferredWrite& access, base::Instant now) {
  const auto shift = 8 * (access.address & 3);
  if (access.size == 4 || at_console(access.address) || at_modem(access.address)) {
    return access.value << shift;
  }
  const auto mask = ((1U << (8 * access.size)) - 1) << shift;
  const auto word = access.address & ~3U;
  const auto stubbed = stubs_.peek(word);
  const auto old = stubbed ? *stubbed : read_register(word, now).value_or(0);
  return (old & ~mask) | (access.value << shift & mask);
}

void Mcu::execute(const DeferredWrite& access, base::Instant now) {
  const auto word = access.address & ~3U;
  const auto value = merged(access, now);
  if (!stubs_.write(word, value) && !write_register(word, value, now)) {
    bus_error(access.address, true);
  }
  after_write(access.address, now);
}

void Mcu::write(std::uint32_t address, unsigned size, std::uint32_t value) {
  poll_ = {};
  insisting_ = {};
  busy();
  const DeferredWrite access{address, size, value};
  if (flight_) {
    deferred_.push_back(access);
  } else {
    execute(access, clock_.now);
  }
}

// A write can make an exception pending, bring an event forward, or ask for something that only the
// caller of run() can do.
void Mcu::after_write(std::uint32_t address, base::Instant now) {
  if (!nordic() && within(address, kFlashInterface, 0x400) && !controller_.interrupt()) {
    return;
  }
  service(now);
  reset_wanted_ = reset_wanted_ || nvic_.reset_requested();
  if (reset_wanted_ || gpio_.has_edges() || nvic_.candidate(execution_priority(false))) {
    clock_.stop = true;
  }
  if (const auto own = next_event()) {
    clock_.deadline = std::min(clock_.deadline, *own);
  }
}

// Of an access in execution. What was put off until the end of a flash operation is over already.
std::uint32_t Mcu::pc_of(Access access, std::uint32_t address) const {
  return executing_ ? lent_.engine->location_of({access, address}) : registers_.pc;
}

void Mcu::bus_error(std::uint32_t address, bool store) {
  if (!bus_error_) {
    bus_error_ = BusError{address, store, pc_of(store ? Access::store : Access::load, address)};
  }
  clock_.stop = true;
}

}  // namespace rig::simulator
