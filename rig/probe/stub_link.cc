#include "probe/stub_link.h"

#include <fmt/format.h>

#include <utility>

#include "base/assert.h"
#include "io/printable.h"

namespace rig::probe {
namespace {

constexpr io::Duration kBetweenAttempts = std::chrono::milliseconds(20);
constexpr int kMostRepetitions = 3;
constexpr std::size_t kShown = 64;  // of what a stub sent, in a message
constexpr char kInterrupt[] = "\x03";

std::string shown(const std::string& received) {
  return "'" + io::printable(received.substr(0, kShown)) + "'";
}

// What a program prints to the debugger during a run: GDB manual, "Stop Reply Packets", "O".
bool is_program_output(const std::string& payload) {
  return payload.starts_with('O') && payload != "OK";
}

}  // namespace

std::string to_text(const StubPlace& place) {
  return place.host.starts_with('/') ? place.host : fmt::format("{}:{}", place.host, place.port);
}

StubLink::StubLink(io::Loop& loop, StubPlace place, Handlers handlers)
    : loop_(loop),
      place_(std::move(place)),
      handlers_(std::move(handlers)),
      give_up_reaching_(io::now() + place_.reach_within),
      timer_(loop) {
  connect();
}

void StubLink::connect() {
  tcp_.emplace(loop_,
               io::TcpClient::Server{.host = place_.host,
                                     .port = place_.port,
                                     .limit = std::max(give_up_reaching_ - io::now(),
                                                       io::Duration(kBetweenAttempts))},
               io::TcpClient::Handlers{.connected = [this] { handlers_.connected(); },
                                       .received = [this](auto bytes, io::Time) { receive(bytes); },
                                       .ended = [this](auto error, io::Time) { ended(error); }});
}

void StubLink::ended(std::error_code error) {
  if (error == std::errc::connection_refused && packet_.empty() &&
      io::now() + kBetweenAttempts < give_up_reaching_) {
    return timer_.after(kBetweenAttempts, [this](io::Time) { connect(); });
  }
  if (end_expected_) return;
  if (error) return fail(error, "is it still running?");
  fail(std::errc::connection_reset, "it closed the connection; is it still running?");
}

void StubLink::ask(const std::string& command, const std::string& what, Reply reply) {
  runs_ = false;
  limit(place_.answer_within);
  send(command, what, std::move(reply));
}

void StubLink::run(const std::string& command, const std::string& what, Reply reply) {
  runs_ = true;
  late_stop_ = false;
  send(command, what, std::move(reply));
}

void StubLink::interrupt(const std::string& what) {
  RIG_ASSERT(runs_ && busy());
  what_ = what;
  late_stop_ = true;
  limit(place_.answer_within);
  transmit(kInterrupt);
}

void StubLink::send(const std::string& command, const std::string& what, Reply reply) {
  RIG_ASSERT(!busy() && !failed_);
  what_ = what;
  reply_ = std::move(reply);
  packet_ = framed(command);
  sent_again_ = 0;
  transmit(packet_);
}

void StubLink::send_again() {
  if (++sent_again_ > kMostRepetitions) {
    return fail(std::errc::protocol_error, "it refuses every packet, or sends damaged ones");
  }
  transmit(packet_);
}

// Its failure comes from the loop and never out of a call: whoever calls goes on afterwards.
void StubLink::transmit(const std::string& bytes) {
  try {
    tcp_->write(base::bytes_of(bytes));
  } catch (const base::RigError& error) {
    timer_.after(io::Duration::zero(), [this, code = error.code()](io::Time) {
      fail(code, "it takes no more packets; is it still running?");
    });
  }
}

void StubLink::limit(io::Duration length) {
  timer_.after(length, [this, length](io::Time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
    fail(std::errc::timed_out, fmt::format("it gave no answer within {} ms", ms));
  });
}

void StubLink::receive(base::ByteView bytes) {
  std::vector<Received> all;
  reader_.receive(bytes, all);
  for (const Received& each : all) {
    if (!survival_.outlives([&] { take(each); }) || failed_) return;
  }
}

void StubLink::take(const Received& received) {
  switch (received.kind) {
    case Received::Kind::acknowledged:
    case Received::Kind::notification:
      return;
    case Received::Kind::refused:
      return send_again();
    case Received::Kind::damaged:
      if (!acknowledges_) {
        return fail(std::errc::protocol_error, "it sent " + shown(received.payload));
      }
      if (++sent_again_ > kMostRepetitions) return send_again();
      return transmit("-");
    case Received::Kind::garbage:
      return fail(std::errc::protocol_error,
                  "it sent " + shown(received.payload) + ", which no debugger stub says");
    case Received::Kind::packet:
      if (acknowledges_) transmit("+");
      return take_packet(received.payload);
  }
}

void StubLink::take_packet(const std::string& payload) {
  if (is_program_output(payload)) return;
  // No answer to a question looks like this, except to "?" itself.
  const bool stop = payload.size() >= 3 && (payload[0] == 'T' || payload[0] == 'S');
  if (stop && !runs_ && std::exchange(late_stop_, false)) return;
  if (!stop) late_stop_ = false;  // the stub answers in order
  if (!busy()) return fail(std::errc::protocol_error, "it sent unasked " + shown(payload));
  timer_.cancel();
  const Reply reply = std::exchange(reply_, {});
  reply(payload);
}

void StubLink::fail(std::error_code code, const std::string& advice) {
  if (std::exchange(failed_, true)) return;
  timer_.cancel();
  const base::RigError error(
      code, fmt::format("{} through the debugger stub at {}", what_, to_text(place_)), advice);
  const auto failed = handlers_.failed;
  failed(error);
}

}  // namespace rig::probe
