// The demands on one part of the evidence, the emulated or the boards' one, as clauses. Pure; only
// decide() uses it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "gate/decision.h"
#include "statistics/binomial.h"

namespace rig::gate {

[[nodiscard]] std::string percent(double share);            // "2.51 %"
[[nodiscard]] std::string cuts_text(std::uint64_t number);  // "1 cut", "118 cuts"
// "0 of 118 cuts fail: at most 2.51 % at 95 %"
[[nodiscard]] std::string bound_text(statistics::Sample sample, double confidence);
// As many as wanted, or so many are lacking.
[[nodiscard]] Clause least_clause(const std::string& name, std::uint64_t there,
                                  std::uint64_t wanted);

class PartJudge {
 public:
  PartJudge(const Policy& policy, const Part& part, std::string name)
      : policy_(policy), part_(part), name_(std::move(name)) {}

  // `required`: too few cuts are told; otherwise only a rate that is shown to be too high.
  void rates(bool required);
  void phases();
  void landed();
  void failures(std::uint64_t allowed, const std::string& example);
  void coverage(double wanted);
  void boards(const BoardsRule& rule);

  [[nodiscard]] const std::vector<Clause>& clauses() const { return clauses_; }
  // Cuts in phases, on boards and over all overlap: one cut serves every demand.
  [[nodiscard]] std::uint64_t still_needed() const {
    return std::max({needed_overall_, needed_in_phases_, needed_in_sweeps_, needed_on_boards_});
  }

 private:
  [[nodiscard]] std::string named(const std::string& what) const { return name_ + ": " + what; }
  void phase(const PhaseRule& rule);
  void named_boards(const BoardsRule& rule);

  const Policy& policy_;
  const Part& part_;
  std::string name_;
  std::vector<Clause> clauses_;
  std::uint64_t needed_overall_{};
  std::uint64_t needed_in_phases_{};
  std::uint64_t needed_in_sweeps_{};
  std::uint64_t needed_on_boards_{};
};

}  // namespace rig::gate
