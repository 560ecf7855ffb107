#include "power/safety.h"

#include "power/clock.h"

namespace rig::power {
namespace {

SwitchResult no_such_switch(const std::string& name) {
  return {.not_before = {},
          .not_after = now(),
          .what = Failure{.fault = Fault::absent,
                          .what = "the bench has no switch " + name,
                          .may_have_switched = false}};
}

Order verified_set(Channel channel, Level level, Moment deadline) {
  const Change change{.channel = channel, .level = level};
  return {.what = SetOrder{.change = change, .verify = true}, .deadline = deadline};
}

std::future<SwitchResult> submitted(const Intent& intent, const FindWorker& find, Moment deadline) {
  if (Worker* worker = find(intent.key.power_switch)) {
    return worker->submit(verified_set(intent.key.channel, intent.level, deadline));
  }
  std::promise<SwitchResult> nobody;
  nobody.set_value(no_such_switch(intent.key.power_switch));
  return nobody.get_future();
}

}  // namespace

void carry_out(std::span<const LegOrder> orders, const FindWorker& find, Moment deadline,
               const LegReport& report) {
  for (const LegOrder& order : orders) {
    Worker* worker = find(order.key.power_switch);
    if (worker == nullptr) {
      report(order, no_such_switch(order.key.power_switch));
      continue;
    }
    worker->submit(verified_set(order.key.channel, order.level, deadline),
                   [order, report](const SwitchResult& result) { report(order, result); });
  }
}

std::vector<Intent> intents_of(const PowerDomain& domain, Level power) {
  std::vector<Intent> intents;
  for (const Leg& leg : domain.legs()) {
    intents.push_back({.key = leg.key,
                       .level = coil_level(leg.wiring, power),
                       .safe = coil_level(leg.wiring, Level::off)});
  }
  return intents;
}

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
  auto pending = worker_.submit(verified_set(safe_.channel, safe_.level, deadline));
  static_cast<void>(result_of(pending, deadline));
}

}  // namespace rig::power
