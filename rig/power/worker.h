// One switch on its own thread: takes orders without blocking, carries them out one after another,
// hands back results. It knows no event loop; a caller that has one posts the result into it.
//
// Handles are disposable: after any failure the switch is closed, and opened again (found again by
// its address) for the next order. A command that the kernel never gives back holds up its own
// worker only.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>

#include "power/switch_error.h"
#include "power/verify.h"

namespace rig::power {

// Called on the worker's thread; may throw what a driver's constructor throws.
using OpenSwitch = std::function<std::unique_ptr<PowerSwitch>(Moment deadline)>;

struct SetOrder {
  Change change;
  bool verify{true};  // read back behind it, where the hardware can
};
struct ReadOrder {};
// Anything else that a concrete driver can do, such as playing a voltage profile. It is called on
// the worker's thread with the switch that OpenSwitch made.
struct CallOrder {
  std::function<Switched(PowerSwitch&, Moment deadline)> call;
};

struct Order {
  std::variant<SetOrder, ReadOrder, CallOrder> what;
  Moment deadline{};
};

// Why an order was not carried out: a rig fault, or (without `fault`) an order that no such switch
// can carry out.
struct Failure {
  std::optional<Fault> fault;
  std::string what;
  bool may_have_switched{true};
};

struct SwitchResult {
  // Until when nothing can have happened, and from when on nothing more will; of a failure too.
  Moment not_before{};
  Moment not_after{};
  std::variant<Switched, std::optional<Levels>, Failure> what;

  [[nodiscard]] const Failure* failure() const { return std::get_if<Failure>(&what); }
};

using Report = std::function<void(const SwitchResult&)>;

class Worker {
 public:
  // Opens nothing yet. `name` for errors that concern the worker itself.
  Worker(std::string name, OpenSwitch open);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Orders not begun are dropped, and their reports with them. Waits for the one under way, at most
  // half a second beyond its deadline; a thread that the kernel holds longer is left to end by
  // itself.
  ~Worker();

  // Never blocks. `report` is called once, on the worker's thread; it must neither block nor throw,
  // and what it refers to outlives the worker.
  void submit(Order order, Report report);
  // The same, for a caller who can wait.
  [[nodiscard]] std::future<SwitchResult> submit(Order order);

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  struct Desk;  // what the thread and its owner share
  static void work(Desk* desk);
  void enqueue(Order order, std::variant<Report, std::promise<SwitchResult>> reply);

  std::string name_;
  std::unique_ptr<Desk> desk_;
  std::thread thread_;
};

// Waits until `deadline` and a little longer; a result that is not there then is a Failure
// (no_answer): the worker hangs.
[[nodiscard]] SwitchResult result_of(std::future<SwitchResult>& pending, Moment deadline);

}  // namespace rig::power
