// One switch on its own thread: takes orders without blocking, carries them out one after another,
// hands back results. It knows no event loop; a caller that has one posts the result into it.
//
// Handles are disposable: after any failure the switch is closed, and opened again (found again by
// its address) for the next order. A command that the kernel never gives back holds up its own
// worker only.
//
// Set orders that wait in a row (a domain's channels on one relay board) are all set before any is
// read back, so that they switch together.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include "power/order.h"

namespace rig::power {

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
