// The workers of a bench's switches, shared by the boards that are wired to them: a relay board
// with four channels has one handle and one queue, whoever wants a channel switched. From any
// thread.
//
// A board is a client. Reports of its orders reach it until it has left, and never afterwards. A
// worker that the kernel never gives back is replaced when the next order comes in, long after its
// own deadlines.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "power/worker.h"

namespace rig::power {

// How to open each switch of the bench, by its name there.
using SwitchOpeners = std::map<std::string, OpenSwitch>;

class SwitchDesk {
 public:
  // Opens nothing yet. `lost`: so long beyond its last deadline a worker is waited for.
  explicit SwitchDesk(SwitchOpeners openers, Duration lost = std::chrono::seconds(5))
      : openers_(std::move(openers)), lost_(lost) {}
  SwitchDesk(const SwitchDesk&) = delete;
  SwitchDesk& operator=(const SwitchDesk&) = delete;

  // The desk must outlive its clients.
  class Client {
   public:
    explicit Client(SwitchDesk& desk);
    // When it returns no report is under way, and none will come.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // As Worker::submit. `report` must do next to nothing, as posting to a loop does: other boards'
    // reports wait for it.
    void submit(const std::string& power_switch, Order order, Report report);
    // Whoever waits for an answer himself. The name is one of the bench's.
    [[nodiscard]] Worker& worker(const std::string& power_switch);

   private:
    SwitchDesk& desk_;
    std::uint64_t id_;
  };

 private:
  // `answer_by` is of the latest order that was not yet answered; meaningless without one.
  struct Seat {
    std::unique_ptr<Worker> worker{};
    int unanswered{0};
    Moment answer_by{};
  };
  [[nodiscard]] Seat& seat(const std::string& power_switch);
  void deliver(std::uint64_t client, const std::string& power_switch, const Report& report,
               const SwitchResult& result);

  SwitchOpeners openers_;
  Duration lost_;
  std::mutex mutex_;  // of everything below but the workers' insides
  std::uint64_t last_id_{0};
  std::set<std::uint64_t> present_;
  std::map<std::string, Seat> seats_;  // last: the workers go first
};

}  // namespace rig::power
