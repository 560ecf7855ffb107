// OpenOCD (0.12 or later) as the probe: a child process per take(), spoken to through its Tcl
// server, killed when the object goes. Its ports are the kernel's choice, so that any number of
// them live on one machine.
//
// The bench's configuration names adapter and target; it must not say `init` and choose no ports.
// release() shuts OpenOCD down, which closes the adapter; whether that frees every pin is the
// adapter's business (README, "Wiring").
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "io/child.h"
#include "io/tcp_client.h"
#include "io/timer.h"
#include "probe/openocd_text.h"
#include "probe/probe.h"
#include "probe/survival.h"

namespace rig::probe {

struct OpenocdSettings {
  std::string board{};  // for messages
  std::string program{"openocd"};
  std::vector<std::string> config{};    // files, as -f takes them
  std::vector<std::string> commands{};  // behind them, as -c takes them
  std::string folder{};                 // that relative names of files start from; empty: ours
  Identity expected{};
  io::Duration start_within{std::chrono::seconds(10)};
  io::Duration answer_within{std::chrono::seconds(5)};
  io::Duration flash_within{std::chrono::minutes(2)};  // erase, write, verify: each
};

class OpenocdProbe final : public Probe {
 public:
  // Starts nothing.
  OpenocdProbe(io::Loop& loop, OpenocdSettings settings, Handlers handlers);

  void take(std::function<void(const Identity&)> done) override;
  void release(Done done) override;
  [[nodiscard]] bool taken() const override { return taken_; }
  void halt(Done done) override;
  void resume(Done done) override;
  void reset(After after, Done done) override;
  void read(Address from, std::size_t length, std::function<void(base::Bytes)> done) override;
  void erase(Address from, std::size_t length, Done done) override;
  void write(const FlashImage& image, Done done) override;
  void verify(const FlashImage& image, Done done) override;
  [[nodiscard]] StubPlace stub() const override;

 private:
  using Reply = std::function<void(const std::string&)>;
  struct Question {
    std::string command;
    std::string what;
    io::Duration limit;
    Reply reply;
    bool may_fail{false};  // then the reply is empty
    bool ends{false};      // OpenOCD goes, and that is the answer
  };

  void start();
  void printed(const std::string& line);
  void child_ended(const io::Outcome& outcome);
  void connect(std::uint16_t port);
  void receive(base::ByteView bytes);
  void answered(const std::string& answer);

  void ask(Question question);
  void command(const std::string& text, const std::string& what, Done done);
  void flash_command(const std::string& text, const std::string& what, Done done);
  void next();
  void identify(std::function<void(const Identity&)> done);
  void check(const std::function<void(const Identity&)>& done);
  // False: it failed.
  [[nodiscard]] bool take_bytes(const std::string& text, std::size_t size);
  void limit(io::Duration length, const std::string& what);
  void fail(std::errc code, const std::string& what, const std::string& advice);
  void let_go();
  void need_working() const;

  io::Loop& loop_;
  OpenocdSettings settings_;
  Handlers handlers_;
  io::Timer timer_;
  std::optional<io::Child> child_;
  std::optional<io::TcpClient> tcl_;
  std::optional<std::uint16_t> gdb_port_;
  std::string received_;
  std::string complaints_;  // the last lines that begin with "Error"
  std::deque<Question> questions_;
  Identity found_;     // as far as asked
  base::Bytes bytes_;  // read so far
  bool asked_{false};  // the first of them
  bool taken_{false};
  std::optional<base::RigError> failure_;
  Survival survival_;
};

}  // namespace rig::probe
