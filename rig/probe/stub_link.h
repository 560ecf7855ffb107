// The conversation with a debugger stub: a TCP connection, acknowledged packets, one question at a
// time, and a limit to every wait. What the packets mean is DebugStub's business.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rig_error.h"
#include "io/tcp_client.h"
#include "io/timer.h"
#include "probe/remote_protocol.h"
#include "probe/survival.h"

namespace rig::probe {

struct StubPlace {
  std::string host{"127.0.0.1"};  // or the path of a local socket
  std::uint16_t port{};
  // For reaching it: a stub that was only just started refuses at first, and is tried again.
  io::Duration reach_within{std::chrono::seconds(5)};
  io::Duration answer_within{std::chrono::seconds(2)};
};

[[nodiscard]] std::string to_text(const StubPlace& place);

class StubLink {
 public:
  struct Handlers {
    std::function<void()> connected{};
    // Once, and nothing more comes. May destroy the link.
    std::function<void(const base::RigError&)> failed{};
  };
  // The decoded packet. May destroy the link.
  using Reply = std::function<void(const std::string&)>;

  StubLink(io::Loop& loop, StubPlace place, Handlers handlers);
  StubLink(const StubLink&) = delete;
  StubLink& operator=(const StubLink&) = delete;

  // `what` says for errors what is attempted: "read 4 bytes at 0x20000000". No question may be
  // open; its answer must come within the limit.
  void ask(const std::string& command, const std::string& what, Reply reply);
  // Lets the target run: the reply comes when it stops, whenever that is.
  void run(const std::string& command, const std::string& what, Reply reply);
  // Asks the running target to stop; the reply to run() must now come within the limit.
  void interrupt(const std::string& what);
  // Whether a question is open.
  [[nodiscard]] bool busy() const { return static_cast<bool>(reply_); }

  // From now on packets are not acknowledged: the stub has agreed to that.
  void stop_acknowledging() { acknowledges_ = false; }
  // From now on the end of the connection is no failure.
  void expect_end() { end_expected_ = true; }

  // The failure of everything that comes after this: to be returned from at once, since `failed`
  // may destroy the link. `advice` may be empty.
  void fail(std::error_code code, const std::string& advice);
  void fail(std::errc code, const std::string& advice) { fail(std::make_error_code(code), advice); }

 private:
  void connect();
  void ended(std::error_code error);
  void receive(base::ByteView bytes);
  void take(const Received& received);
  void take_packet(const std::string& payload);
  void send(const std::string& command, const std::string& what, Reply reply);
  void send_again();
  void transmit(const std::string& bytes);
  void limit(io::Duration length);

  io::Loop& loop_;
  StubPlace place_;
  Handlers handlers_;
  io::Time give_up_reaching_;
  std::optional<io::TcpClient> tcp_;
  io::Timer timer_;
  PacketReader reader_;
  std::string packet_;  // the last one sent
  std::string what_{"reach the target"};
  Reply reply_;
  int sent_again_{0};
  bool runs_{false};  // the open question is a run()
  // A stop may come that nobody waits for any more: an interrupt crossed it; or nobody asked for,
  // because QEMU tells the first thing it does for a new debugger, which is to stop the target.
  bool late_stop_{true};
  bool acknowledges_{true};
  bool end_expected_{false};
  bool failed_{false};
  Survival survival_;
};

}  // namespace rig::probe
