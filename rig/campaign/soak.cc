#include "campaign/soak.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/rig_error.h"

namespace rig::campaign {
namespace {

using namespace std::chrono_literals;
using State = BoardView::State;

constexpr auto kAskAgain = 100ms;
constexpr base::Duration kNoteTimeEvery = 1s;
// Another process may hold the database for as long as a backup or a person at a prompt does. Each
// try waits for some seconds by itself (store/database.h).
constexpr base::Duration kPatience = 5min;

std::string doing(const Night& night, const Draw& draw) {
  const std::string what =
      draw.cut ? record::trigger_name(draw.cut->trigger)
               : std::string(draw.known_bad ? "known-bad" : store::name_of(draw.kind));
  return entry_of(night, draw).scenario + " " + what;
}

// Failures of a known-bad firmware are what it is there for; among the others they would alarm.
void count_verdict(BoardView& view, const Draw& drawn, record::Verdict verdict) {
  if (!drawn.known_bad) {
    ++view.verdicts[verdict];
    return;
  }
  ++view.known_bad;
  const auto outcome = record::class_of(verdict);
  if (outcome == record::VerdictClass::degraded || outcome == record::VerdictClass::lost) {
    ++view.convicted;
  }
}

}  // namespace

template <typename Act>
void Soak::patiently(const Act& act) {
  const base::Duration limit = clock_.steady() + kPatience;
  while (true) {
    try {
      return act();
    } catch (const base::RigError& error) {
      const bool locked = error.code() == std::errc::device_or_resource_busy;
      if (!locked || clock_.steady() >= limit) throw;
    }
  }
}

Soak::Soak(store::Store& store, const store::Soak& row, const Night& night, const SoakClock& clock)
    : store_(store),
      row_(row),
      night_(night),
      clock_(clock),
      ledger_(store, row.batch),
      schedule_(row.cycles, ledger_.done()),
      begun_(clock.steady()),
      ran_before_(row.ran) {}

void Soak::add(SoakBoard board) {
  Station station;
  station.view.name = board.name;
  station.view.reason = board.quarantined;
  if (!board.quarantined.empty()) station.view.state = State::quarantined;
  station.board = std::move(board);
  stations_.push_back(std::move(station));
}

SoakEnd Soak::run(const SoakHooks& hooks) {
  Crew crew;  // when it goes, every board has ended what it was doing
  for (Station& station : stations_) crew.add(station.board.work);
  SoakEnd end{};
  try {
    end = loop(crew, hooks);
  } catch (...) {
    hooks.let_go();
    throw;
  }
  row_.ran = ran();
  const bool ended = end == SoakEnd::complete || end == SoakEnd::known;
  row_.state = ended ? store::CampaignState::finished : store::CampaignState::interrupted;
  row_.ended_unix_us = clock_.wall_unix_us();
  ledger_.end(*row_.ended_unix_us);
  store::end_soak(store_, row_);
  return end;
}

SoakEnd Soak::loop(Crew& crew, const SoakHooks& hooks) {
  while (true) {
    if (!stopping_ && hooks.stop()) {
      stopping_ = true;
      hooks.let_go();
    }
    known_ = known_ || (hooks.known && hooks.known());
    const bool more = !stopping_ && !over() && hand_out(crew);
    if (!anybody_working() && !more) {
      if (over()) return complete() ? SoakEnd::complete : SoakEnd::known;
      return stopping_ ? SoakEnd::interrupted : SoakEnd::no_board_left;
    }
    note_time();
    patiently([&] { store_.tick(clock_.wall_unix_us()); });
    if (auto answer = crew.next(kAskAgain)) book(*std::move(answer), hooks);
    hurry();
    hooks.show(view());
  }
}

void Soak::note_time() {
  if (ran() - noted_ < kNoteTimeEvery) return;
  noted_ = ran();
  patiently([&] { store::set_soak_time(store_, row_.batch, noted_); });
}

bool Soak::complete() const {
  return schedule_.complete() || (row_.length && ran() >= *row_.length);
}

bool Soak::anybody_working() const {
  return std::ranges::any_of(stations_, [](const Station& each) { return each.index.has_value(); });
}

bool Soak::hand_out(Crew& crew) {
  bool resting = false;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    Station& station = stations_[i];
    if (station.index || station.view.state == State::quarantined) continue;
    if (clock_.steady() < station.rests_until) {
      resting = true;
      continue;
    }
    const auto fits = [&](std::uint64_t index) { return station.board.can(draw(night_, index)); };
    if (const auto index = schedule_.next(fits)) start(crew, i, *index);
  }
  return resting;
}

void Soak::start(Crew& crew, std::size_t board, std::uint64_t index) {
  Station& station = stations_[board];
  const Draw drawn = draw(night_, index);
  const store::CycleIntent intent{.index = index,
                                  .plan = station.board.plan(drawn),
                                  .kind = drawn.kind,
                                  .started_unix_us = clock_.wall_unix_us(),
                                  .link_profile = drawn.link};
  const Pair pair{entry_of(night_, drawn).scenario,
                  drawn.known_bad ? store::CampaignRole::known_bad : store::CampaignRole::trial,
                  station.board.name};
  const auto campaign = [&] { return station.board.campaign(drawn); };
  patiently([&] { ledger_.begin(pair, campaign, intent); });
  if (station.board.real) patiently([&] { store_.sync(); });
  station.index = index;
  station.hurried = false;
  station.due.reset();
  if (station.board.hurry) station.due = clock_.steady() + station.board.patience(drawn);
  station.view.state = State::working;
  station.view.doing = doing(night_, drawn);
  crew.give(board, {.index = index, .draw = drawn});
}

void Soak::hurry() {
  for (Station& station : stations_) {
    if (!station.index || !station.due || station.hurried) continue;
    if (clock_.steady() < *station.due) continue;
    station.hurried = true;
    station.board.hurry();
  }
}

void Soak::book(Answer answer, const SoakHooks& hooks) {
  Station& station = stations_.at(answer.board);
  RIG_ASSERT(station.index == answer.index);
  station.index.reset();
  station.view.state = State::idle;
  station.view.doing.clear();
  if (answer.abandoned && station.hurried && !stopping_) {
    const std::size_t board = answer.board;
    answer = fault_answer(answer.index, "the board hung: its cycle did not end by itself");
    answer.board = board;
  }
  if (answer.abandoned) {
    ledger_.abandon(answer.index);
    schedule_.give_back(answer.index);
    return;
  }
  const store::CycleId row = ledger_.row_of(answer.index);
  patiently([&] { ledger_.finish(answer, clock_.wall_unix_us()); });
  if (station.board.real) patiently([&] { store_.sync(); });
  schedule_.finished(answer.index);
  ++done_here_;
  ++station.view.done;
  const Draw drawn = draw(night_, answer.index);
  count_verdict(station.view, drawn, answer.outcome.judgement.verdict);
  if (hooks.booked) {
    hooks.booked({.scenario = entry_of(night_, drawn).scenario,
                  .known_bad = drawn.known_bad,
                  .kind = drawn.kind,
                  .verdict = answer.outcome.judgement.verdict});
  }
  care_for(station, answer, row);
}

void Soak::care_for(Station& station, const Answer& answer, store::CycleId row) {
  switch (station.health.after(answer.outcome, answer.offered)) {
    case Health::Care::go_on:
      station.view.reason.clear();
      return;
    case Health::Care::rest:
      station.view.state = State::resting;
      station.view.reason = station.health.cause();
      station.rests_until = clock_.steady() + station.health.rest();
      return;
    case Health::Care::quarantine:
      return quarantine(station, row);
  }
}

void Soak::quarantine(Station& station, store::CycleId row) {
  station.view.state = State::quarantined;
  station.view.reason = fmt::format("{} cycles in a row proved nothing, the first: {}",
                                    station.health.attempts(), station.health.cause());
  const store::BoardState state{.bench = station.board.bench,
                                .board = station.board.name,
                                .condition = store::BoardCondition::quarantined,
                                .reason = station.view.reason,
                                .since_unix_us = clock_.wall_unix_us(),
                                .batch = row_.batch,
                                .cycle = row};
  patiently([&] { store::set_board_state(store_, state); });
}

SoakView Soak::view() const {
  SoakView view;
  for (const Station& station : stations_) view.boards.push_back(station.view);
  view.done = schedule_.done();
  view.done_here = done_here_;
  view.wanted = schedule_.wanted();
  view.ran = ran();
  view.ran_here = ran_here();
  view.length = row_.length;
  return view;
}

}  // namespace rig::campaign
