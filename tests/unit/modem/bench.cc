#include "unit/modem/bench.h"

#include <fmt/format.h>

#include <utility>

namespace rig::modem {

SimCard third_party_card() {
  return {.name = "third-party",
          .imsi = "204513000000017",
          .iccid = "8931513000000000017",
          .apn = "iot.example.net",
          .user = "",
          .password = ""};
}

SimCard authenticated_card() {
  SimCard card = third_party_card();
  card.apn = "secure.example.net";
  card.user = "fleet";
  card.password = "c0rrect-horse";
  return card;
}

SimCard no_card() {
  SimCard card;
  card.inserted = false;
  return card;
}

NetworkSettings test_network() {
  NetworkSettings network;
  network.hosts = {{"device.otarig.test", kServer.address}};
  return network;
}

void Bench::collect() {
  for (Output& output : modem.take_outputs()) {
    if (auto* uart = std::get_if<UartBytes>(&output)) {
      EXPECT_GE(uart->at, now);
      said_ += base::as_text(uart->bytes);
    } else if (auto* packet = std::get_if<SendPacket>(&output)) {
      packets_.push_back(std::move(packet->packet));
    } else {
      const auto& trace = std::get<Trace>(output);
      const char* const kinds[] = {"command", "answer", "urc", "state"};
      history_ += fmt::format("{} {} {}\n", base::to_microseconds(trace.at),
                              kinds[static_cast<int>(trace.kind)], trace.text);
      if (trace.kind == TraceKind::state) states_ += trace.text + "\n";
    }
  }
}

void Bench::advance_to(base::Instant to) {
  now = to;
  modem.advance(now);
  collect();
  const auto next = modem.wake_time();
  EXPECT_TRUE(!next || *next > now) << "a timer that is due did not run";
}

void Bench::say(std::string_view bytes) {
  modem.host_bytes(base::bytes_of(bytes), now);
  collect();
}

void Bench::pass(base::Duration time) {
  const base::Instant end = now + time;
  for (auto due = modem.wake_time(); due && *due <= end; due = modem.wake_time()) advance_to(*due);
  advance_to(end);
}

void Bench::listen(base::Duration limit) {
  const base::Instant end = now + limit;
  while (said_.empty()) {
    const auto due = modem.wake_time();
    if (!due || *due > end) {
      advance_to(end);
      return;
    }
    advance_to(*due);
  }
}

void Bench::deliver(base::Packet packet) {
  modem.receive(packet, now);
  collect();
}

void Bench::end_session() {
  modem.end_session(now);
  collect();
}

std::string visible(std::string_view bytes) {
  std::string text;
  for (const char letter : bytes) {
    if (letter == '\r') {
      text += "\\r";
    } else if (letter == '\n') {
      text += "\\n";
    } else if (letter < 0x20 || letter > 0x7E) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(letter));
    } else {
      text += letter;
    }
  }
  return text;
}

std::string framed(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\r\n" + line + "\r\n";
  return text;
}

base::Packet datagram_to(std::uint16_t port, std::string_view data) {
  base::Packet packet;
  packet.source = kServer;
  packet.destination = {test_network().address, port};
  packet.payload = base::bytes_of(data);
  return packet;
}

namespace {

std::string compare(const std::string& got, const std::string& wanted) {
  if (got == wanted) return {};
  return fmt::format("heard \"{}\", wanted \"{}\"", visible(got), visible(wanted));
}

}  // namespace

Step ask(std::string command, std::vector<std::string> lines, base::Duration within) {
  return {command, [=](Bench& bench) {
            bench.say(command + "\r");
            bench.listen(within);
            return compare(bench.heard(), framed(lines));
          }};
}

Step ask_prompt(std::string command) {
  return {command + " (prompt)", [=](Bench& bench) {
            bench.say(command + "\r");
            bench.listen(100ms);
            return compare(bench.heard(), "\r\n@");
          }};
}

Step say(std::string bytes) {
  return {"say " + visible(bytes), [=](Bench& bench) {
            bench.say(bytes);
            return std::string();
          }};
}

Step hears(std::string bytes, base::Duration within) {
  return {"hears " + visible(bytes), [=](Bench& bench) {
            bench.listen(within);
            return compare(bench.heard(), bytes);
          }};
}

Step hears_urc(std::string line, base::Duration within) { return hears(framed({line}), within); }

Step is_silent(base::Duration during) {
  return {"is silent", [=](Bench& bench) {
            bench.pass(during);
            return compare(bench.heard(), "");
          }};
}

Step pass(base::Duration time) {
  return {fmt::format("pass {} s", base::to_seconds(time)), [=](Bench& bench) {
            bench.pass(time);
            return std::string();
          }};
}

Step supply(bool on) {
  return {on ? "supply on" : "supply off", [=](Bench& bench) {
            bench.modem.set_supply(on, bench.now);
            bench.pass(0s);
            return std::string();
          }};
}

Step power_pulse(base::Duration length) {
  return {fmt::format("PWR_ON low for {} s", base::to_seconds(length)), [=](Bench& bench) {
            bench.modem.set_power_pin(false, bench.now);
            bench.pass(length);
            bench.modem.set_power_pin(true, bench.now);
            bench.pass(0s);
            return std::string();
          }};
}

Step reset_pulse(base::Duration length) {
  return {"RESET_N low", [=](Bench& bench) {
            bench.modem.set_reset_pin(false, bench.now);
            bench.pass(length);
            bench.modem.set_reset_pin(true, bench.now);
            bench.pass(0s);
            return std::string();
          }};
}

Step datagram(std::uint16_t port, std::string data) {
  return {fmt::format("datagram of {} bytes", data.size()), [=](Bench& bench) {
            bench.deliver(datagram_to(port, data));
            return std::string();
          }};
}

Step sends(std::string data) {
  return {"sends " + visible(data), [=](Bench& bench) {
            const auto packets = bench.sent();
            if (packets.size() != 1) return fmt::format("{} packets", packets.size());
            if (packets[0].destination != kServer) return std::string("to somebody else");
            return compare(std::string(base::as_text(packets[0].payload)), data);
          }};
}

Step traced(std::string line) {
  return {"traced " + line, [=](Bench& bench) {
            const std::string states = "\n" + bench.states();
            if (states.find("\n" + line + "\n") != std::string::npos) return std::string();
            return "not among the states:" + states;
          }};
}

Steps switch_on(Model model) {
  const auto boot = model == Model::sara_u2 ? 3500ms : 4500ms;
  return {
      supply(true),          power_pulse(150ms),      pass(boot), say("ATE0\r"), hears("ATE0\r"),
      hears(framed({"OK"})), ask("AT+CMEE=2", {"OK"})};
}

Steps go_online(const std::string& apn) {
  Steps steps = switch_on();
  const Steps rest = {pass(4s),
                      ask("AT+CGATT=1", {"OK"}),
                      ask("AT+UPSND=0,8", {"+UPSND: 0,8,0", "OK"}),
                      ask("AT+UPSD=0,7,\"0.0.0.0\"", {"OK"}),
                      ask("AT+UPSD=0,1,\"" + apn + "\"", {"OK"}),
                      ask("AT+UPSD=0,6,0", {"OK"}),
                      ask("AT+UPSDA=0,3", {"OK"}, 3s)};
  steps.insert(steps.end(), rest.begin(), rest.end());
  return steps;
}

void run(Bench& bench, const Steps& steps) {
  std::string executed;
  for (const Step& step : steps) {
    const std::string wrong = step.act(bench);
    if (!wrong.empty()) {
      ADD_FAILURE() << "executed:\n" << executed << "failed:\n  " << step.name << ": " << wrong;
      return;
    }
    executed += "  " + step.name + "\n";
  }
}

}  // namespace rig::modem
