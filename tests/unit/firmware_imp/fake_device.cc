#include "unit/firmware_imp/fake_device.h"

#include <algorithm>
#include <cstring>

// C names functions like their structs.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#define _Static_assert static_assert
extern "C" {
#include "core/board.h"
#include "products/electron/system/modem_command.h"
#include "products/imp/system/modem_stream.h"
#include "products/imp/system/upgrade.h"
#include "products/imp/system/upgrade_policy.h"
}
#undef _Static_assert
#pragma GCC diagnostic pop

namespace firmware_imp {
namespace {

FakeDevice* current = nullptr;
Connection open_connection;
std::size_t delivered = 0;

}  // namespace

FakeDevice::FakeDevice() : flash(kFlashBytes, 0xAA) { current = this; }
FakeDevice::~FakeDevice() { current = nullptr; }

std::string FakeDevice::upgrade(std::uint32_t version) {
  static modem line;
  std::memset(&line, 0, sizeof line);
  line.socket = MODEM_NO_SOCKET;
  line.attached = true;
  static struct upgrade run;
  std::memset(&run, 0, sizeof run);
  run.modem = &line;
  run.version = version;
  const upgrade_result result = upgrade_run(&run);
  sent = run.sent;
  received = run.received;
  return upgrade_result_name(result);
}

bool FakeDevice::said(const std::string& start) const {
  return std::ranges::any_of(console,
                             [&](const std::string& line) { return line.starts_with(start); });
}

Bytes FakeDevice::os(std::size_t bytes) const {
  const auto begin = flash.begin() + (kOs - kFlash);
  return {begin, begin + static_cast<std::ptrdiff_t>(bytes)};
}

Bytes response(const Bytes& body) {
  Bytes all;
  rig::base::append(all, "HTTP/1.1 200 OK\r\nServer: test\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n");
  rig::base::append(all, rig::base::ByteView(body));
  return all;
}

Bytes partial(const Bytes& body, std::size_t start) {
  const std::string range = std::to_string(start) + "-" + std::to_string(body.size() - 1) + "/" +
                            std::to_string(body.size());
  Bytes all;
  rig::base::append(all, "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + range +
                             "\r\ncontent-length: " + std::to_string(body.size() - start) +
                             "\r\n\r\n");
  rig::base::append(all, rig::base::ByteView(body).subspan(start));
  return all;
}

}  // namespace firmware_imp

using firmware_imp::current;
using firmware_imp::delivered;
using firmware_imp::open_connection;

extern "C" {

uint32_t board_millis() { return current->now_ms; }
void board_watchdog_feed() {}

void board_console_write(const char* text, uint32_t length) {
  current->console.emplace_back(text, length - 2);  // CRLF
}

uint32_t board_flash_sector_end(uint32_t address) { return (address & ~0x1FFFFU) + 0x20000; }

int board_flash_erase(uint32_t address) {
  const auto begin = current->flash.begin() + ((address & ~0x1FFFFU) - current->kFlash);
  std::fill(begin, begin + 0x20000, std::uint8_t{0xFF});
  ++current->erased_sectors;
  current->now_ms += 1000;
  return BOARD_OK;
}

int board_flash_program(uint32_t address, const void* data, uint32_t length) {
  if (length % 4 != 0 || address % 4 != 0) return BOARD_BAD_ADDRESS;
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  for (uint32_t i = 0; i < length; ++i) {
    current->flash[address - current->kFlash + i] &= bytes[i];  // NOR
  }
  return BOARD_OK;
}

bool modem_stream_open(modem* modem, const modem_peer* peer) {
  if (current->connections.empty() || peer->port != 80) return false;
  open_connection = current->connections.front();
  current->connections.pop_front();
  delivered = 0;
  modem->unread = 0;
  if (open_connection.refused) return false;
  modem->socket = 0;
  return true;
}

bool modem_stream_send(modem* modem, const void* data, uint32_t length) {
  current->requests.emplace_back(static_cast<const char*>(data), length);
  modem->unread = open_connection.answer.empty() ? 0 : 1;
  return true;
}

uint32_t modem_stream_read(modem* modem) {
  if (modem->unread == 0) return 0;
  const std::size_t part = std::min<std::size_t>(1000, open_connection.answer.size() - delivered);
  std::memcpy(modem->datagram + 2, open_connection.answer.data() + delivered, part);
  delivered += part;
  modem->unread = 0;
  return static_cast<uint32_t>(part);
}

// More arrives with time, until there is no more.
void modem_poll(modem* modem, uint32_t deadline) {
  if (delivered < open_connection.answer.size()) {
    current->now_ms += static_cast<uint32_t>(open_connection.per_kib.count());
    modem->unread = 1;
  } else if (open_connection.closes) {
    modem->socket = MODEM_NO_SOCKET;
  } else {
    current->now_ms = deadline;
  }
}

void modem_pause(modem*, uint32_t milliseconds) { current->now_ms += milliseconds; }
void modem_close_socket(modem* modem) { modem->socket = MODEM_NO_SOCKET; }
bool modem_is_dead(const modem*) { return false; }
uint32_t modem_resolve(modem*, const char* host) {
  return std::string(host) == "upgrades.example.net" ? 0x0A0A0A50 : 0;
}

bool upgrade_resumes() { return current->resumes; }
bool upgrade_checks_blocks() { return current->checks_blocks; }
uint32_t upgrade_session_ms() { return current->session_ms; }
}
