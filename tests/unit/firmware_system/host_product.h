// The system part of the product on the host: its C sources over a board in memory, the rig's modem
// at its UART, the rig's update server behind a link that can lose packets. Virtual time. What the
// bootloader does is done here in a few lines: apply pending slots, restore the factory copy.
#pragma once

#include <array>
#include <csetjmp>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "modem/modem.h"
#include "ota/update_server.h"

namespace firmware_system {

// A user application: what its setup() and loop() do. Lives as long as the module that names it.
struct Application {
  void (*setup)();
  void (*loop)();
};

struct Product {
  rig::modem::SimCard sim;
  rig::modem::Model model{rig::modem::Model::sara_u2};
  rig::ota::Catalogue catalogue;
  rig::ota::ServerSettings server;
};

class HostProduct {
 public:
  explicit HostProduct(Product setup);
  ~HostProduct();
  HostProduct(const HostProduct&) = delete;
  HostProduct& operator=(const HostProduct&) = delete;

  // From power-up on, for `length`, resets of the firmware included. Once.
  void run(std::chrono::seconds length);
  // Does this when the time has come.
  void at(rig::base::Duration since_start, std::function<void()> action);
  // For actions: the power of the processor, and of the modem with it when asked, is gone for 2 s.
  void lose_power(bool modem_too);
  // For actions: the modem alone loses its power for 2 s.
  void cut_modem();
  // For actions: a reset of the processor alone, by its pin.
  void reset_pin();
  void set_target(rig::ota::Target target) { server_.set_target(target, now_); }

  // Complete module binaries go where their prefix says, or to `address`.
  void install(const rig::base::Bytes& module, std::uint32_t address);
  [[nodiscard]] std::uint8_t* flash(std::uint32_t address);

  // Everything since the start, or since the last call of forget().
  std::vector<std::string> console;
  std::vector<std::string> commands;  // to the modem
  std::vector<std::string> server_notes;
  unsigned watchdog_kicks{};
  unsigned wakeups{};  // of the sleeping processor
  void forget();
  [[nodiscard]] bool printed(const std::string& start) const;
  [[nodiscard]] unsigned sent(const std::string& start) const;

  // Whether the link loses this packet; none by default.
  std::function<bool(const rig::base::Packet&)> loses;

  // --- what board.h asks for ----------------------------------------------------------------
  void sleep_until(std::uint32_t deadline_ms);
  void spend(rig::base::Duration length);
  [[nodiscard]] std::uint32_t millis() const;
  std::uint32_t read(std::uint8_t* to, std::uint32_t capacity);
  void write(const std::uint8_t* data, std::uint32_t length);
  void print(const char* text, std::uint32_t length);
  void set_power_pin(bool high);
  void set_reset_pin(bool high);
  [[noreturn]] void reset(std::uint32_t reason);
  std::array<std::uint32_t, 20> backup{};

 private:
  enum Stop : int { kNone = 0, kTimeIsUp, kReset };
  struct Action {
    rig::base::Instant at{};
    std::function<void()> act;
  };
  struct InFlight {
    rig::base::Instant at{};
    rig::base::Packet packet;
    bool up{};
  };
  struct OnWire {
    rig::base::Instant at{};
    rig::base::Bytes bytes;
  };

  void boot();
  void apply_slots();
  void restore_factory();
  [[nodiscard]] rig::base::Instant next_event() const;
  void advance_to(rig::base::Instant to);
  void step();
  void deliver_packets();
  void collect();
  void carry(const rig::base::Packet& packet, bool up);
  void give_to_board(const rig::modem::UartBytes& bytes);

  rig::ota::Catalogue catalogue_;
  rig::ota::UpdateServer server_;
  rig::modem::Modem modem_;
  rig::base::Instant now_{};
  rig::base::Instant booted_{};
  rig::base::Instant limit_{};
  rig::base::Instant board_line_free_{};
  rig::base::Instant modem_line_free_{};
  std::deque<Action> actions_;  // in order of time
  std::deque<InFlight> packets_;
  std::deque<OnWire> to_board_;
  std::deque<OnWire> to_modem_;
  rig::base::Bytes received_;
  std::string line_;
  std::uint32_t reason_{};
  Stop stop_{kNone};  // what an action asked for
  std::jmp_buf target_{};
};

// Sealed modules. The prefix of bootloader and system stands at 0x184; that of a user module at 0,
// with the entry points of its application behind it.
rig::base::Bytes system_module(std::uint16_t version);
rig::base::Bytes bootloader_module(std::uint16_t version);
rig::base::Bytes user_module(std::uint16_t version, std::uint16_t needs, const Application& does);

}  // namespace firmware_system
