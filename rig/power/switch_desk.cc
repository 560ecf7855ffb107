#include "power/switch_desk.h"

#include <algorithm>

#include "base/assert.h"
#include "power/clock.h"

namespace rig::power {
SwitchDesk::Client::Client(SwitchDesk& desk) : desk_(desk) {
  const std::lock_guard lock(desk_.mutex_);
  id_ = ++desk_.last_id_;
  desk_.present_.insert(id_);
}

SwitchDesk::Client::~Client() {
  const std::lock_guard lock(desk_.mutex_);
  desk_.present_.erase(id_);
}

void SwitchDesk::Client::submit(const std::string& power_switch, Order order, Report report) {
  const std::lock_guard lock(desk_.mutex_);
  Seat& seat = desk_.seat(power_switch);
  seat.answer_by =
      seat.unanswered++ == 0 ? order.deadline : std::max(seat.answer_by, order.deadline);
  seat.worker->submit(std::move(order), [&desk = desk_, id = id_, power_switch,
                                         report = std::move(report)](const SwitchResult& result) {
    desk.deliver(id, power_switch, report, result);
  });
}

Worker& SwitchDesk::Client::worker(const std::string& power_switch) {
  const std::lock_guard lock(desk_.mutex_);
  return *desk_.seat(power_switch).worker;
}

// The mutex is held.
SwitchDesk::Seat& SwitchDesk::seat(const std::string& power_switch) {
  const auto opener = openers_.find(power_switch);
  RIG_ASSERT(opener != openers_.end());
  Seat& seat = seats_[power_switch];
  if (seat.unanswered > 0 && now() > seat.answer_by + lost_) seat = {};
  if (!seat.worker) seat.worker = std::make_unique<Worker>(power_switch, opener->second);
  return seat;
}

void SwitchDesk::deliver(std::uint64_t client, const std::string& power_switch,
                         const Report& report, const SwitchResult& result) {
  const std::lock_guard lock(mutex_);
  Seat& seat = seats_.at(power_switch);
  seat.unanswered = std::max(0, seat.unanswered - 1);
  if (present_.contains(client)) report(result);
}

}  // namespace rig::power
