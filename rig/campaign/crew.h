// The boards of a night at work, each on a thread of its own, so that one that hangs, fails or
// waits costs only itself. They share nothing but the desk on which their answers arrive.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "campaign/night.h"
#include "explore/bounded_queue.h"
#include "store/packed_timeline.h"

namespace rig::campaign {

struct Order {
  std::uint64_t index{};
  Draw draw{};
};

struct Answer {
  std::size_t board{};
  std::uint64_t index{};
  store::CycleOutcome outcome{};  // `ended_unix_us` is left to whoever stores it
  store::PackedTimeline timeline{};
  bool offered{false};    // the cycle came as far as the update
  bool abandoned{false};  // on request, before its end: nothing was judged
};

[[nodiscard]] bool offers_update(const record::Timeline& timeline);

// A rig fault in place of what should have come.
[[nodiscard]] Answer fault_answer(std::uint64_t index, const std::string& cause);

class Crew {
 public:
  // Carries out one cycle on one board, in that board's thread. `board` of the answer is not its
  // business. What it throws is booked as a rig fault.
  using Work = std::function<Answer(const Order&)>;

  Crew() = default;
  // Waits for what is under way.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Returns the board's number: 0, 1, ..
  std::size_t add(Work work);
  // The board must be idle: it has answered every order.
  void give(std::size_t board, Order order);
  [[nodiscard]] std::optional<Answer> next(std::chrono::milliseconds limit);

 private:
  struct Place {
    Work work;
    explore::BoundedQueue<Order> orders{1};
    std::jthread thread{};
  };
  void serve(std::size_t board, Place& place);

  static constexpr std::size_t kDesk = 4096;  // more than there are boards: nobody ever waits
  explore::BoundedQueue<Answer> answers_{kDesk};
  std::vector<std::unique_ptr<Place>> places_;
};

}  // namespace rig::campaign
