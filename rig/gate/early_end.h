// When a night that runs for a policy may end, because it knows. Pure.
//
// The sequential test of the policy counts the cuts as they land. As soon as it has decided, the
// gate is to be asked about the night; the night is over when the gate accepts or rejects. As long
// as it lacks something that the test does not know of (cuts in a phase, a control run), the night
// goes on and the gate is asked again after a tenth more cuts. After `most` cuts it is over in any
// case.
#pragma once

#include "gate/decision.h"
#include "statistics/sequential.h"

namespace rig::gate {

class EarlyEnd {
 public:
  explicit EarlyEnd(const statistics::SequentialPlan& plan) : plan_(plan), test_(plan) {}

  // A cut that landed, in the order in which they end. What is no trial does not come here.
  void trial(bool failed);
  [[nodiscard]] bool gate_is_due() const;
  void gate_answered(Answer answer);
  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] const statistics::Sprt& test() const { return test_; }

 private:
  statistics::SequentialPlan plan_;
  statistics::Sprt test_;
  std::uint64_t trials_{};  // those behind the test's decision, too
  std::uint64_t ask_at_{};
  bool over_{false};
};

// "the sequential test accepts after 154 cuts that landed, 0 of them failing"
[[nodiscard]] std::string to_text(const EarlyEnd& early);

}  // namespace rig::gate
