#include "gate/early_end.h"

#include <fmt/format.h>

#include <algorithm>

namespace rig::gate {

using statistics::Standing;

void EarlyEnd::trial(bool failed) {
  ++trials_;
  test_.feed(failed);
}

bool EarlyEnd::gate_is_due() const {
  return !over_ && test_.standing() != Standing::undecided && trials_ >= ask_at_;
}

void EarlyEnd::gate_answered(Answer answer) {
  over_ = answer != Answer::not_enough || trials_ >= plan_.most;
  ask_at_ = std::min(plan_.most, trials_ + std::max<std::uint64_t>(1, trials_ / 10));
}

std::string to_text(const EarlyEnd& early) {
  const statistics::Sprt& test = early.test();
  const auto [failures, trials] = test.seen();
  const std::string seen =
      fmt::format("after {} cuts that landed, {} of them failing", trials, failures);
  switch (test.standing()) {
    case Standing::undecided:
      return fmt::format("the sequential test knows nothing yet {}; {} more without a failure",
                         seen, test.trials_to_accept());
    case Standing::accepted:
      return "the sequential test accepts " + seen;
    case Standing::rejected:
      return "the sequential test rejects " + seen;
  }
  return "";
}

}  // namespace rig::gate
