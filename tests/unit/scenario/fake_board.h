// A scripted board and the shell around a runner: prints the product's console lines, takes 100
// flash operations per update, one every 10 ms, and does after a cut what the test says.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "record/event.h"
#include "scenario/runner.h"

namespace rig::scenario::test {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Device {
  std::uint16_t user{1};
  std::uint16_t system{604};
  bool modem_has_apn{true};
  bool boots{true};  // prints anything at all
  bool gets_online{true};
  bool takes_updates{true};
  int restarts_after_online{0};  // so many times it restarts a second after it got online
  bool loops{false};             // restarts by itself for ever
};

class FakeBoard {
 public:
  // Called at every power-on of the board with its running number, 1..
  using OnPower = std::function<void(Device&, int)>;

  FakeBoard(const CyclePlan& plan, const DeviceProfile& profile, OnPower on_power = {})
      : runner_(plan, profile), on_power_(std::move(on_power)) {}

  const record::Timeline& run() {
    carry_out(runner_.begin(now_));
    for (int steps = 0; !runner_.finished() && steps < 100'000; ++steps) {
      step();
    }
    return timeline_;
  }
  [[nodiscard]] const Runner& runner() const { return runner_; }
  [[nodiscard]] base::Instant now() const { return now_; }
  [[nodiscard]] int power_ons() const { return power_ons_; }

  // As soon as this user application runs in normal mode.
  void restart_for_ever_with(std::uint16_t user) { bad_user_ = user; }

  // An external supervisor takes the power away at this instant, for two seconds.
  void watchdog_at(base::Instant at) {
    schedule(
        at - now_,
        [this] {
          set_power({true, true}, false);
          schedule(
              seconds(2),
              [this] {
                set_power({true, true}, true);
              },
              /*of_device=*/false);
        },
        /*of_device=*/false);
  }

  Device device;

 private:
  struct Task {
    std::function<void()> work;
    bool of_device;
  };

  void schedule(base::Duration after, std::function<void()> work, bool of_device = true) {
    tasks_.emplace(now_ + after, Task{std::move(work), of_device});
  }

  void step() {
    const auto wake = runner_.wake_time();
    if (!tasks_.empty() && (!wake || tasks_.begin()->first <= *wake)) {
      now_ = tasks_.begin()->first;
      const Task task = tasks_.begin()->second;
      tasks_.erase(tasks_.begin());
      task.work();
    } else if (wake) {
      now_ = std::max(now_, *wake);
      carry_out(runner_.expire(now_));
    }
  }

  void event(record::Lane lane, record::EventKind kind, const std::string& text,
             std::uint64_t value = 0) {
    const record::Event happened{now_, lane, kind, 0, value, text};
    timeline_.push_back(happened);
    carry_out(runner_.step(happened));
  }
  void line(const std::string& text) {
    event(record::Lane::console, record::EventKind::line, text);
  }
  void line_after(base::Duration after, const std::string& text) {
    schedule(after, [this, text] { line(text); });
  }

  void carry_out(const Actions& actions) {
    for (const Action& action : actions) {
      std::visit([this](const auto& each) { carry_out(each); }, action);
    }
  }
  void carry_out(const PowerOn& action) { set_power(action.which, true); }
  void carry_out(const PowerOff& action) { set_power(action.which, false); }
  void carry_out(const Offer& action) {
    wanted_ = action.target;
    schedule(seconds(1), [this] { begin_update(); });
  }
  void carry_out(const ArmFlashOp& action) {
    armed_op_ = action.op;
    if (action.from_here) ops_ = 0;
  }
  void carry_out(const ArmBytes&) {}
  void carry_out(const ArmCode&) {}
  void carry_out(const Disarm&) { armed_op_ = 0; }
  void carry_out(const EnterPhase&) {}
  void carry_out(const CutNow& action) { set_power(action.domains, false); }
  void carry_out(const Record& action) {
    timeline_.push_back(action.event);
    if (action.event.kind == record::EventKind::cut_landed) {
      timeline_.back().value = in_flight_;
    }
  }

  void set_power(record::Domains which, bool on) {
    event(record::Lane::power, on ? record::EventKind::on : record::EventKind::off,
          record::to_text(which));
    if (which.modem && !on) {
      device.modem_has_apn = false;
    }
    if (which.board) {
      forget_tasks();
      powered_ = on;
      if (on) {
        ++power_ons_;
        if (on_power_) {
          on_power_(device, power_ons_);
        }
        boot("power_down");
      }
    }
  }
  void forget_tasks() {
    std::erase_if(tasks_, [](const auto& task) { return task.second.of_device; });
  }

  void boot(const std::string& reset) {
    busy_ = false;
    if (!device.boots) {
      return;
    }
    event(record::Lane::cpu, record::EventKind::reset, reset);
    line_after(milliseconds(10), "bootloader ver=0.7.0 reset=" + reset + " retry=0");
    if (device.loops) {
      schedule(seconds(5), [this] { boot("watchdog"); });
      return;
    }
    const bool safe = device.user >= 2 && device.system < 700;
    const std::string user = safe ? "none" : std::to_string(device.user);
    line_after(milliseconds(50), "system ver=" + std::to_string(device.system) +
                                     " mode=" + (safe ? "safe" : "normal") + " user=" + user +
                                     " user_state=" + (safe ? "needs-system" : "ok") +
                                     " apn_store=none");
    if (device.gets_online) {
      schedule(seconds(4), [this, safe, user] { get_online(safe, user); });
    }
  }
  void get_online(bool safe, const std::string& user) {
    event(record::Lane::modem, record::EventKind::state, "attached apn=iot.example.net");
    line("online mode=" + std::string(safe ? "safe" : "normal") + " user=" + user +
         " system=" + std::to_string(device.system) + " bootloader=700");
    if (!safe && device.user == bad_user_) {
      device.restarts_after_online = 1;
    }
    if (powered_ && device.restarts_after_online > 0) {
      --device.restarts_after_online;
      schedule(seconds(1), [this] { boot("watchdog"); });
    } else if (powered_) {  // that line may have been the last
      schedule(seconds(1), [this] { begin_update(); });
    }
  }

  void begin_update() {
    if (busy_ || !device.takes_updates || !device.gets_online) {
      return;
    }
    const bool user = wanted_.user && device.user != *wanted_.user;
    if (!user && !(wanted_.system && device.system != *wanted_.system)) {
      return;
    }
    busy_ = true;
    const std::string module = user ? "user" : "system";
    const std::uint16_t version = user ? *wanted_.user : *wanted_.system;
    line("update begin module=" + module + " ver=" + std::to_string(version) +
         " len=65540 chunks=129");
    for (std::uint64_t op = 1; op <= 100; ++op) {
      schedule(milliseconds(10) * op, [this] { flash_op(); });
    }
    line_after(milliseconds(1010), "update pending slot=1 module=" + module);
    line_after(milliseconds(1020), "resetting reason=update");
    schedule(milliseconds(1100), [this, user, version, module] {
      line("bootloader copy module=" + module + " ver=1 from=0x080c0000");
      (user ? device.user : device.system) = version;
      line("bootloader copied module=" + module + " result=ok");
      boot("update");
    });
  }
  void flash_op() {
    in_flight_ = ++ops_;
    if (armed_op_ == ops_) {
      armed_op_ = 0;
      carry_out(runner_.trigger_fired(now_));
    }
    in_flight_ = 0;
  }

  Runner runner_;
  OnPower on_power_;
  record::Timeline timeline_;
  base::Instant now_{};
  std::multimap<base::Instant, Task> tasks_;
  ota::Target wanted_;
  std::uint64_t armed_op_{};
  std::uint64_t ops_{};
  std::uint64_t in_flight_{};
  std::uint16_t bad_user_{0xFFFF};
  bool powered_{false};
  bool busy_{false};
  int power_ons_{};
};

}  // namespace rig::scenario::test
