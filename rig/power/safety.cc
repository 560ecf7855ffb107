#include "power/safety.h"

#include "power/clock.h"

namespace rig::power {
namespace {

std::future<SwitchResult> submitted(const Intent& intent, const FindWorker& find, Moment deadline) {
  Worker* worker = find(intent.key.power_switch);
  if (worker != nullptr) {
    const Change change{.channel = intent.key.channel, .level = intent.level};
    return worker->submit(
        {.what = SetOrder{.change = change, .verify = true}, .deadline = deadline});
  }
  std::promise<SwitchResult> nobody;
  nobody.set_value({.not_before = {},
                    .not_after = now(),
                    .what = Failure{.fault = Fault::absent,
                                    .what = "the bench has no switch " + intent.key.power_switch,
                                    .may_have_switched = false}});
  return nobody.get_future();
}

}  // namespace

std::vector<Switching> switch_all(std::span<const Intent> intents, const FindWorker& find,
                                  Moment deadline) {
  std::vector<std::future<SwitchResult>> pending;
  for (const Intent& intent : intents) pending.push_back(submitted(intent, find, deadline));
  std::vector<Switching> done;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    done.push_back({.intent = intents[i], .result = result_of(pending[i], deadline)});
  }
  return done;
}

std::vector<Switching> make_safe(IntentJournal& journal, const FindWorker& find, Moment deadline) {
  std::vector<Intent> intents = journal.unsettled();
  for (Intent& intent : intents) intent.level = intent.safe;
  std::vector<Switching> done = switch_all(intents, find, deadline);
  for (const Switching& each : done) {
    if (each.result.failure() == nullptr) journal.settled(each.intent.key);
  }
  return done;
}

PowerHold::PowerHold(Worker& worker, Change safe, Duration limit)
    : worker_(worker), safe_(safe), limit_(limit) {}

PowerHold::~PowerHold() {
  const Moment deadline = now() + limit_;
  auto pending =
      worker_.submit({.what = SetOrder{.change = safe_, .verify = true}, .deadline = deadline});
  static_cast<void>(result_of(pending, deadline));
}

}  // namespace rig::power
