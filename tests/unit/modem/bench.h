// A modem on a bench: a virtual clock, everything it said, and dialogues as lists of steps. A
// failed step prints the steps that were executed before it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "modem/modem.h"

namespace rig::modem {

using namespace std::chrono_literals;

[[nodiscard]] SimCard third_party_card();
[[nodiscard]] SimCard authenticated_card();
[[nodiscard]] SimCard no_card();
[[nodiscard]] NetworkSettings test_network();
inline constexpr base::Endpoint kServer{0x0A0A0A0A, 5684};

class Bench {
 public:
  explicit Bench(SimCard card = third_party_card(), Model model = Model::sara_u2,
                 std::uint64_t seed = 1)
      : modem(model, std::move(card), test_network(), seed) {}
  explicit Bench(NetworkSettings network)
      : modem(Model::sara_u2, third_party_card(), std::move(network), 1) {}

  void say(std::string_view bytes);
  // Runs the modem's timers on the way.
  void pass(base::Duration time);
  // Runs until it has said something or the time is over.
  void listen(base::Duration limit);
  // What it has said since the last call.
  [[nodiscard]] std::string heard() { return std::exchange(said_, {}); }
  [[nodiscard]] std::vector<base::Packet> sent() { return std::exchange(packets_, {}); }
  // State traces since the beginning, one per line.
  [[nodiscard]] std::string states() const { return states_; }
  // Every trace since the beginning, one per line, stamped.
  [[nodiscard]] std::string history() const { return history_; }
  void deliver(base::Packet packet);
  void end_session();

  Modem modem;
  base::Instant now{};

 private:
  void advance_to(base::Instant to);
  void collect();

  std::string said_;
  std::string states_;
  std::string history_;
  std::vector<base::Packet> packets_;
};

struct Step {
  std::string name;
  std::function<std::string(Bench&)> act;  // empty: fine; otherwise what is wrong
};

// Sends a command line and expects exactly these lines, framed, within the time.
[[nodiscard]] Step ask(std::string command, std::vector<std::string> lines,
                       base::Duration within = 500ms);
// Sends a command and expects the data prompt.
[[nodiscard]] Step ask_prompt(std::string command);
[[nodiscard]] Step say(std::string bytes);
// Exactly these bytes, at once or within the time.
[[nodiscard]] Step hears(std::string bytes, base::Duration within = 500ms);
[[nodiscard]] Step hears_urc(std::string line, base::Duration within = 500ms);
[[nodiscard]] Step is_silent(base::Duration during);
[[nodiscard]] Step pass(base::Duration time);
[[nodiscard]] Step supply(bool on);
[[nodiscard]] Step power_pulse(base::Duration length);
[[nodiscard]] Step reset_pulse(base::Duration length = 100ms);
// A datagram from the server to this port of the modem.
[[nodiscard]] Step datagram(std::uint16_t port, std::string data);
// The modem has sent exactly this datagram to the server, and nothing else.
[[nodiscard]] Step sends(std::string data);
// The state traces so far contain this line.
[[nodiscard]] Step traced(std::string line);

using Steps = std::vector<Step>;

// Power-on, boot, ATE0, verbose errors.
[[nodiscard]] Steps switch_on(Model model = Model::sara_u2);
// switch_on(), registered, session with this APN.
[[nodiscard]] Steps go_online(const std::string& apn = "iot.example.net");

void run(Bench& bench, const Steps& steps);

[[nodiscard]] std::string framed(const std::vector<std::string>& lines);
[[nodiscard]] base::Packet datagram_to(std::uint16_t port, std::string_view data);
// Control characters as C escapes.
[[nodiscard]] std::string visible(std::string_view bytes);

}  // namespace rig::modem
