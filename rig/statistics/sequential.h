// A test that ends as soon as it knows: the sequential probability ratio test between a good rate
// of failures and a bad one, truncated. Pure.
//
// A. Wald, "Sequential Tests of Statistical Hypotheses", Annals of Mathematical Statistics 16
// (1945). After n trials with x failures the log likelihood ratio is
//   x ln(bad/good) + (n-x) ln((1-bad)/(1-good));
// the test accepts at or below ln(beta/(1-alpha)) and rejects at or above ln((1-beta)/alpha).
// Between the two it goes on, but never beyond `most` trials: there it accepts when the ratio is
// not above zero and rejects otherwise (Wald, section 3.8). What the truncation and the overshoot
// make of alpha and beta is not a formula but a sum over all paths: characteristics() counts it.
#pragma once

#include <cstdint>
#include <optional>

#include "statistics/binomial.h"

namespace rig::statistics {

struct SequentialPlan {
  double good{};   // a product with this rate is rejected with a chance of at most alpha/(1-beta)
  double bad{};    // one with this rate is accepted with one of at most beta/(1-alpha); > good
  double alpha{};  // 0..0.5, exclusive, as beta
  double beta{};
  std::uint64_t most{};  // trials; 1..
};

enum class Standing : std::uint8_t { undecided, accepted, rejected };

// Feed it trials in the order in which they end, voids left out: they are no trials.
class Sprt {
 public:
  explicit Sprt(const SequentialPlan& plan);

  // The standing behind this trial. Once decided it stays: later trials change nothing, not even
  // seen().
  Standing feed(bool failed);
  [[nodiscard]] Standing standing() const { return standing_; }
  [[nodiscard]] Sample seen() const { return seen_; }
  // The end came by `most`, not by a boundary.
  [[nodiscard]] bool truncated() const { return truncated_; }
  // Trials from here to acceptance if none of them fails; 0 when decided.
  [[nodiscard]] std::uint64_t trials_to_accept() const;

 private:
  [[nodiscard]] Standing judge(Sample sample) const;

  SequentialPlan plan_;
  Sample seen_{};
  Standing standing_{Standing::undecided};
  bool truncated_{false};
};

// What a product with the true rate `rate` may expect of a test.
struct Characteristics {
  double accepted{};         // probability
  double rejected{};         // 1 - accepted
  double trials_expected{};  // mean
};
// Exact, from the distribution of failures behind every trial. Takes most x (failures until
// rejection) steps.
[[nodiscard]] Characteristics characteristics(const SequentialPlan& plan, double rate);

}  // namespace rig::statistics
