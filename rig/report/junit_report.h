// JUnit XML in the Surefire dialect, as Jenkins and GitLab read it.
//
// A testsuite per campaign. Its testcases: the runs without a cut; one per phase and class of
// verdict; one per counterexample (the first kLargestCounterexamples). <failure>: the device;
// <error>: the rig, a void cut, a failing control run. A known-bad firmware is one testcase, which
// is an error when the rig did not convict it. Properties: seed, firmware and its hash, plan ids.
#pragma once

#include <string>

#include "report/report_input.h"

namespace rig::report {

inline constexpr std::size_t kLargestCounterexamples = 500;

[[nodiscard]] std::string junit(const ReportInput& input);

}  // namespace rig::report
