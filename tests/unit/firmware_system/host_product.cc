#include "unit/firmware_system/host_product.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "image/seal.h"
#include "unit/firmware_system/firmware.h"

namespace firmware_system {

namespace {

using namespace std::chrono_literals;
using rig::base::Bytes;
using rig::base::Duration;
using rig::base::Instant;

constexpr std::uint32_t kFlash = 0x08000000;
constexpr std::size_t kFlashBytes = 1024 * 1024;
constexpr std::uint32_t kScratch = 0x080C0000;
constexpr std::uint32_t kUser = 0x08080000;
constexpr std::uint32_t kFactory = 0x080A0000;
constexpr Duration kByteTime = std::chrono::nanoseconds(86806);  // ten bits at 115200
constexpr Duration kLinkDelay = 300ms;
constexpr Duration kPowerOff = 2s;

HostProduct* current = nullptr;

// The addresses of the chip: user applications are entered at a fixed place.
void map_flash() {
  void* const wanted = reinterpret_cast<void*>(std::uintptr_t{kFlash});
  void* const got = mmap(wanted, kFlashBytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (got != wanted) throw std::runtime_error("no room for the flash at its address");
  std::memset(got, 0xFF, kFlashBytes);
}

Instant earliest(Instant a, std::optional<Instant> b) { return b ? std::min(a, *b) : a; }

}  // namespace

HostProduct::HostProduct(Product setup)
    : catalogue_(std::move(setup.catalogue)),
      server_(catalogue_, setup.server),
      modem_(setup.model, std::move(setup.sim), {.hosts = {{"device.otarig.test", 0x0A0A0A0A}}},
             1) {
  map_flash();
  current = this;
  modem_.set_supply(true, now_);
}

HostProduct::~HostProduct() {
  current = nullptr;
  munmap(reinterpret_cast<void*>(std::uintptr_t{kFlash}), kFlashBytes);
}

std::uint8_t* HostProduct::flash(std::uint32_t address) {
  return reinterpret_cast<std::uint8_t*>(std::uintptr_t{address});
}

void HostProduct::install(const Bytes& module, std::uint32_t address) {
  std::copy(module.begin(), module.end(), flash(address));
}

void HostProduct::forget() {
  console.clear();
  commands.clear();
  server_notes.clear();
}

bool HostProduct::printed(const std::string& start) const {
  return std::any_of(console.begin(), console.end(),
                     [&](const std::string& line) { return line.starts_with(start); });
}

unsigned HostProduct::sent(const std::string& start) const {
  return static_cast<unsigned>(
      std::count_if(commands.begin(), commands.end(),
                    [&](const std::string& line) { return line.starts_with(start); }));
}

void HostProduct::at(Duration since_start, std::function<void()> action) {
  actions_.push_back({Instant{} + since_start, std::move(action)});
}

void HostProduct::lose_power(bool modem_too) {
  if (modem_too) modem_.set_supply(false, now_);
  now_ += kPowerOff;
  modem_.set_supply(true, now_);
  backup.fill(0);
  to_board_.clear();
  to_modem_.clear();
  reason_ = RESET_POWER_DOWN;
  stop_ = kReset;
}

void HostProduct::cut_modem() {
  modem_.set_supply(false, now_);
  now_ += kPowerOff;
  modem_.set_supply(true, now_);
}

void HostProduct::reset_pin() {
  reason_ = RESET_PIN;
  stop_ = kReset;
}

void HostProduct::run(std::chrono::seconds length) {
  limit_ = now_ + length;
  reason_ = RESET_POWER_DOWN;
  if (setjmp(target_) == kTimeIsUp) return;
  boot();
}

void HostProduct::boot() {
  booted_ = now_;
  received_.clear();
  stop_ = kNone;
  apply_slots();
  if (backup[BACKUP_BOOT] == BOOT_FACTORY_RESET) restore_factory();
  backup[BACKUP_REASON] = reason_;
  backup[BACKUP_REQUESTED_REASON] = 0;
  image_main();
}

void HostProduct::apply_slots() {
  static struct dct table;
  dct_open(&table, 0x08004000, 0x08008000);
  for (unsigned i = SLOT_FIRST_UPDATE; i < SLOT_COUNT; ++i) {
    const slot* pending = slot_at(&table, i);
    if (pending->magic != SLOT_PENDING) continue;
    const module_copy copy = module_copy_of(kScratch, pending->destination);
    module_copy_run(&copy);
    slot_clear(&table, i);
  }
}

void HostProduct::restore_factory() {
  backup[BACKUP_BOOT] = BOOT_NORMAL;
  const module_copy copy = module_copy_of(kFactory, kUser);
  module_copy_run(&copy);
}

Instant HostProduct::next_event() const {
  Instant next = earliest(earliest(limit_, modem_.wake_time()), server_.wake_time());
  if (!actions_.empty()) next = std::min(next, actions_.front().at);
  for (const InFlight& each : packets_) next = std::min(next, each.at);
  if (!to_board_.empty()) next = std::min(next, to_board_.front().at);
  if (!to_modem_.empty()) next = std::min(next, to_modem_.front().at);
  return std::max(next, now_);
}

void HostProduct::advance_to(Instant to) {
  while (stop_ == kNone) {
    const Instant next = next_event();
    if (next > to) break;
    now_ = next;
    step();
    if (now_ >= limit_) return;
  }
  if (stop_ == kNone) now_ = std::max(now_, to);
}

void HostProduct::deliver_packets() {
  for (std::size_t i = 0; i < packets_.size();) {
    if (packets_[i].at > now_) {
      ++i;
      continue;
    }
    const InFlight arrived = packets_[i];
    packets_.erase(packets_.begin() + static_cast<std::ptrdiff_t>(i));
    if (arrived.up) {
      server_.receive(arrived.packet, now_);
    } else {
      modem_.receive(arrived.packet, now_);
    }
  }
}

void HostProduct::step() {
  while (!actions_.empty() && actions_.front().at <= now_) {
    const auto act = actions_.front().act;
    actions_.pop_front();
    act();
  }
  while (!to_modem_.empty() && to_modem_.front().at <= now_) {
    modem_.host_bytes(to_modem_.front().bytes, now_);
    to_modem_.pop_front();
  }
  deliver_packets();
  modem_.advance(now_);
  server_.advance(now_);
  collect();
  while (!to_board_.empty() && to_board_.front().at <= now_) {
    rig::base::append(received_, to_board_.front().bytes);
    to_board_.pop_front();
  }
}

void HostProduct::carry(const rig::base::Packet& packet, bool up) {
  if (!loses || !loses(packet)) packets_.push_back({now_ + kLinkDelay, packet, up});
}

void HostProduct::give_to_board(const rig::modem::UartBytes& bytes) {
  const auto length = static_cast<std::int64_t>(bytes.bytes.size());
  board_line_free_ = std::max(board_line_free_, bytes.at) + kByteTime * length;
  to_board_.push_back({board_line_free_, bytes.bytes});
}

void HostProduct::collect() {
  for (const auto& output : modem_.take_outputs()) {
    if (const auto* bytes = std::get_if<rig::modem::UartBytes>(&output)) give_to_board(*bytes);
    if (const auto* sent = std::get_if<rig::modem::SendPacket>(&output)) carry(sent->packet, true);
    const auto* trace = std::get_if<rig::modem::Trace>(&output);
    if (trace != nullptr && trace->kind == rig::modem::TraceKind::command) {
      commands.push_back(trace->text);
    }
  }
  for (const auto& output : server_.take_outputs()) {
    if (const auto* sent = std::get_if<rig::ota::SendPacket>(&output)) carry(sent->packet, false);
    if (const auto* trace = std::get_if<rig::ota::Trace>(&output)) {
      server_notes.push_back(trace->text);
    }
  }
}

void HostProduct::spend(Duration length) { advance_to(now_ + length); }

std::uint32_t HostProduct::millis() const {
  return static_cast<std::uint32_t>((now_ - booted_) / 1ms);
}

void HostProduct::sleep_until(std::uint32_t deadline_ms) {
  ++wakeups;
  const auto left = static_cast<std::int32_t>(deadline_ms - millis());
  const Instant until = booted_ + Duration(1ms) * (std::int64_t{millis()} + std::max(left, 0));
  while (received_.empty() && now_ < until && now_ < limit_ && stop_ == kNone) {
    advance_to(std::min(until, next_event()));
  }
  if (stop_ != kNone) std::longjmp(target_, stop_);
  if (now_ >= limit_) std::longjmp(target_, kTimeIsUp);
}

std::uint32_t HostProduct::read(std::uint8_t* to, std::uint32_t capacity) {
  const std::size_t count = std::min<std::size_t>(received_.size(), capacity);
  std::copy_n(received_.begin(), count, to);
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(count));
  return static_cast<std::uint32_t>(count);
}

void HostProduct::write(const std::uint8_t* data, std::uint32_t length) {
  modem_line_free_ = std::max(modem_line_free_, now_) + kByteTime * std::int64_t{length};
  to_modem_.push_back({modem_line_free_, Bytes(data, data + length)});
}

void HostProduct::print(const char* text, std::uint32_t length) {
  line_.append(text, length);
  while (true) {
    const std::size_t end = line_.find("\r\n");
    if (end == std::string::npos) return;
    console.push_back(line_.substr(0, end));
    line_.erase(0, end + 2);
  }
}

void HostProduct::set_power_pin(bool high) { modem_.set_power_pin(high, now_); }
void HostProduct::set_reset_pin(bool high) { modem_.set_reset_pin(high, now_); }

void HostProduct::reset(std::uint32_t reason) {
  reason_ = reason;
  std::longjmp(target_, kReset);
}

namespace {

Bytes sealed(Bytes raw, const rig::image::SealOptions& options) {
  auto module = rig::image::seal_module(std::move(raw), options);
  if (!module) throw std::runtime_error(module.error().what);
  return *module;
}

Bytes with_vectors(rig::image::ModuleFunction function, std::uint16_t version,
                   std::uint32_t start) {
  Bytes raw(0x184 + 24, 0);
  raw[3] = 0x20;  // the initial stack pointer, in RAM
  std::fill(raw.begin() + 4, raw.begin() + 0x184, std::uint8_t{8});
  const auto index = static_cast<std::uint8_t>(start == kFlash ? 0 : 1);
  return sealed(std::move(raw), {.function = function,
                                 .index = index,
                                 .version = version,
                                 .start_address = start,
                                 .prefix_offset = 0x184,
                                 .pad_to = 8 * 1024});
}

void nothing() {}

}  // namespace

Bytes system_module(std::uint16_t version) {
  return with_vectors(rig::image::ModuleFunction::system, version, 0x08020000);
}

Bytes bootloader_module(std::uint16_t version) {
  return with_vectors(rig::image::ModuleFunction::bootloader, version, kFlash);
}

Bytes user_module(std::uint16_t version, std::uint16_t needs, const Application& does) {
  Bytes raw(24 + sizeof(user_entry), 0);
  const user_entry entry{.ram_init = nothing, .setup = does.setup, .loop = does.loop};
  std::memcpy(raw.data() + 24, &entry, sizeof entry);
  return sealed(std::move(raw), {.version = version,
                                 .start_address = kUser,
                                 .dependencies = {{rig::image::ModuleFunction::system, 1, needs}},
                                 .pad_to = 16 * 1024});
}

}  // namespace firmware_system

using firmware_system::current;

extern "C" {
void board_init(void) {}

int board_flash_erase(std::uint32_t address) {
  const std::uint32_t end = board_flash_sector_end(address);
  const std::uint32_t size = end <= 0x08010000 ? 0x4000 : 0x20000;
  std::memset(current->flash(end - size), 0xFF, size);
  current->spend(std::chrono::milliseconds(size / 128));  // 1 s for 128 KB
  return BOARD_OK;
}

int board_flash_program(std::uint32_t address, const void* data, std::uint32_t length) {
  if ((address | length | reinterpret_cast<std::uintptr_t>(data)) % 4 != 0) {
    return BOARD_BAD_ADDRESS;
  }
  const auto* from = static_cast<const std::uint8_t*>(data);
  std::uint8_t* to = current->flash(address);
  for (std::uint32_t i = 0; i < length; ++i) to[i] &= from[i];
  current->spend(std::chrono::microseconds(4 * length));
  return BOARD_OK;
}

std::uint32_t board_flash_sector_end(std::uint32_t address) {
  if (address < 0x08010000) return (address & ~0x3FFFu) + 0x4000;
  return address < 0x08020000 ? 0x08020000 : (address & ~0x1FFFFu) + 0x20000;
}

const void* board_flash_at(std::uint32_t address) { return current->flash(address); }
std::uint32_t board_millis(void) { return current->millis(); }
void board_sleep_until(std::uint32_t deadline_ms) { current->sleep_until(deadline_ms); }

void board_console_write(const char* text, std::uint32_t length) { current->print(text, length); }

void board_modem_init(void) {}

std::uint32_t board_modem_read(std::uint8_t* to, std::uint32_t capacity) {
  return current->read(to, capacity);
}

void board_modem_write(const void* data, std::uint32_t length) {
  current->write(static_cast<const std::uint8_t*>(data), length);
}

void board_modem_power_pin(bool high) { current->set_power_pin(high); }
void board_modem_reset_pin(bool high) { current->set_reset_pin(high); }
void board_led(enum board_led) {}
void board_external_watchdog_kick(void) { ++current->watchdog_kicks; }
void board_watchdog_start(std::uint32_t) {}
void board_watchdog_feed(void) {}
std::uint32_t board_backup_read(unsigned index) { return current->backup[index]; }
void board_backup_write(unsigned index, std::uint32_t value) { current->backup[index] = value; }
reset_reason board_reset_cause(void) { return RESET_USER; }
void board_reset(void) { current->reset(current->backup[BACKUP_REQUESTED_REASON]); }
void board_jump(std::uint32_t) { current->reset(RESET_USER); }
void board_device_id(std::uint8_t id[12]) { std::memset(id, 0x5A, 12); }
}
