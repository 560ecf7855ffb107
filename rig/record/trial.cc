// Finds the stretches of a timeline and the proof that a planned cut landed.
#include "record/trial.h"

#include <algorithm>
#include <chrono>

namespace rig::record {
namespace {

using std::chrono::seconds;

// Commanded and observed loss of power lie milliseconds apart (relay, hold-up); a second apart they
// are two different events. A board with a longer hold-up says so when the cut is armed.
constexpr base::Duration kProofWindow = seconds(1);

std::optional<std::size_t> find(const Timeline& timeline, Lane lane, EventKind kind,
                                std::size_t from = 0) {
  for (std::size_t i = from; i < timeline.size(); ++i) {
    if (timeline[i].lane == lane && timeline[i].kind == kind) {
      return i;
    }
  }
  return std::nullopt;
}

std::size_t count_landed(const Timeline& timeline) {
  return static_cast<std::size_t>(
      std::count_if(timeline.begin(), timeline.end(), [](const Event& event) {
        return event.lane == Lane::rig && event.kind == EventKind::cut_landed;
      }));
}

// The last one: a plan may cut the recovery from a cut again.
std::optional<std::size_t> find_landed(const Timeline& timeline) {
  for (std::size_t i = timeline.size(); i-- > 0;) {
    if (timeline[i].lane == Lane::rig && timeline[i].kind == EventKind::cut_landed) {
      return i;
    }
  }
  return std::nullopt;
}

std::optional<Evidence> evidence(const Timeline& timeline, std::optional<std::size_t> index) {
  if (!index) {
    return std::nullopt;
  }
  return Evidence{timeline[*index].at, timeline[*index].text};
}

base::Duration proof_window(const Timeline& timeline, std::size_t armed) {
  const bool said = armed < timeline.size() && timeline[armed].kind == EventKind::cut_armed;
  const auto longer = std::chrono::milliseconds(said ? timeline[armed].value : 0);
  return std::max<base::Duration>(kProofWindow, longer);
}

// Marks what `off` events at the cut took away, and remembers the first of them. What lost power
// before the cut was armed, when the rig took over the board, proves nothing about the cut.
void prove_power_off(const Contract& contract, const Timeline& timeline, Trial& trial) {
  Domains off{.board = false, .modem = false};
  const std::size_t armed =
      find(timeline, Lane::rig, EventKind::cut_armed).value_or(trial.recovery_from);
  const base::Duration window = proof_window(timeline, armed);
  for (std::size_t i = armed; i < timeline.size(); ++i) {
    const Event& event = timeline[i];
    if (event.lane != Lane::power || event.kind != EventKind::off ||
        std::chrono::abs(event.at - trial.landed->at) > window) {
      continue;
    }
    const Domains lost = domains_in(event.text);
    off.board = off.board || lost.board;
    off.modem = off.modem || lost.modem;
    if (!trial.disturbed_by || i < *trial.disturbed_by) {
      trial.disturbed_by = i;
    }
    if ((off.board || !contract.cut->board) && (off.modem || !contract.cut->modem)) {
      trial.power_off = Evidence{event.at, event.text};
      return;
    }
  }
}

// Without a planned cut any loss of power between the offer and the follow-up disturbs the update.
std::optional<std::size_t> unplanned_loss(const Timeline& timeline, const Trial& trial) {
  const auto index = find(timeline, Lane::power, EventKind::off, trial.recovery_from);
  return index && *index < trial.recovery_until ? index : std::nullopt;
}

std::size_t follow_up_from(const Timeline& timeline) {
  for (std::size_t i = 0; i < timeline.size(); ++i) {
    const Event& event = timeline[i];
    if (event.lane == Lane::rig &&
        (event.kind == EventKind::clean_reboot || event.kind == EventKind::cycle_end ||
         (event.kind == EventKind::update_offered && event.value > 1))) {
      return i;
    }
  }
  return timeline.size();
}

}  // namespace

Domains domains_in(std::string_view text) {
  return {.board = text.find("board") != text.npos, .modem = text.find("modem") != text.npos};
}

Trial trial_of(const Contract& contract, const Timeline& timeline) {
  const auto landed = find_landed(timeline);
  Trial trial{
      .rig_fault = evidence(timeline, find(timeline, Lane::rig, EventKind::rig_fault)),
      .landed = evidence(timeline, landed),
      .landed_op = landed ? timeline[*landed].value : 0,
      .landed_cuts = count_landed(timeline),
      .missed = evidence(timeline, find(timeline, Lane::rig, EventKind::cut_missed)),
      .power_off = std::nullopt,
      .disturbed_by = std::nullopt,
      .recovery_from = find(timeline, Lane::rig, EventKind::update_offered).value_or(0),
      .recovery_until = follow_up_from(timeline),
      .ended = find(timeline, Lane::rig, EventKind::cycle_end).has_value(),
  };
  if (contract.cut && landed) {
    prove_power_off(contract, timeline, trial);
  } else if (!contract.cut) {
    trial.disturbed_by = unplanned_loss(timeline, trial);
  }
  if (trial.disturbed_by) {
    trial.recovery_from = *trial.disturbed_by;
  }
  return trial;
}

}  // namespace rig::record
