// Verdict of a cycle: a pure function of the contract and the timeline. It proves, it does not
// guess: what the timeline does not show did not happen, so a cut without `cut_landed` and without
// the power lane's `off` is void, and a good end without the clean reboots behind it is no pass.
//
// Order of the questions:
//  1. did the rig fail, did the cycle end, did the cut land (no trial otherwise)?
//  2. is the device online at the end of the recovery? If not: bricked, bricked-soft, stuck, silent
//     or unreachable, by what its console still says;
//  3. what runs, with which APN, with which settings; was the user application ever destroyed?
//  4. did the clean reboots and the second update hold?
// Every answer is a finding with its instant and evidence; the worst that holds is the verdict.
//
// The disturbance is the planned cut, or, in a cycle without one, the first loss of power between
// the first offer and the end of the recovery (an external watchdog).
#pragma once

#include "record/contract.h"
#include "record/event.h"
#include "record/verdict.h"

namespace rig::record {

[[nodiscard]] Judgement judge(const Contract& contract, const Timeline& timeline);

// For the control run before a sweep: anything but a pass is `flaky-baseline` (the findings say
// what it was), so that a scenario that fails by itself convicts no cut. A rig fault stays one.
[[nodiscard]] Judgement judge_control(const Contract& contract, const Timeline& timeline);

}  // namespace rig::record
