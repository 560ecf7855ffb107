#include "store/cycle_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/assert.h"
#include "base/rig_error.h"
#include "store/verdict_column.h"

namespace rig::store {
namespace {

// Verdicts and kinds are stored by name; a million rows hold a handful of different ones.
template <typename Value, typename Read>
class Known {
 public:
  explicit Known(Read read) : read_(read) {}
  Value operator()(const std::string& name) {
    const auto known = values_.find(name);
    if (known != values_.end()) return known->second;
    return values_.emplace(name, read_(name)).first->second;
  }

 private:
  Read read_;
  std::map<std::string, Value> values_;
};

CycleKind known_kind(const std::string& name) {
  if (name == "control") return CycleKind::control;
  return name == "run" ? CycleKind::run : CycleKind::cut;
}

std::optional<base::Duration> length_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::chrono::microseconds(row.integer(column));
}

std::int64_t integer_or(const Statement& row, int column, std::int64_t missing) {
  return row.is_null(column) ? missing : row.integer(column);
}

}  // namespace

std::uint16_t PhaseNames::number_of(const std::string& name) {
  const auto known = std::find(names_.begin(), names_.end(), name);
  if (known != names_.end()) return static_cast<std::uint16_t>(known - names_.begin());
  RIG_ASSERT(names_.size() < 0xFFFF);
  names_.push_back(name);
  return static_cast<std::uint16_t>(names_.size() - 1);
}

std::vector<CycleRow> cycle_rows(Store& store, CampaignId campaign, PhaseNames& phases) {
  Database& database = store.database();
  Known<record::Verdict, std::function<record::Verdict(const std::string&)>> verdicts(
      [&](const std::string& name) { return verdict_in(database, name); });
  Known<CycleKind, CycleKind (*)(const std::string&)> kinds(known_kind);
  // The order is that of an index whose rows lie side by side in the table; any other index would
  // send SQLite through the whole file, a page for a row.
  Statement query(database,
                  "SELECT id, cycle_index, kind, verdict, phase, cut_op, cut_address, cut_at_us, "
                  "recovery_us FROM cycles WHERE campaign=? AND +verdict NOT NULL "
                  "ORDER BY cycle_index");
  query.with(campaign.value);
  std::vector<CycleRow> rows;
  while (query.step()) {
    CycleRow& row = rows.emplace_back();
    row.id = {query.integer(0)};
    row.index = query.count(1);
    row.kind = kinds(query.text(2));
    row.verdict = verdicts(query.text(3));
    row.phase = phases.number_of(query.text(4));
    row.op = query.count(5);
    row.address = static_cast<std::uint32_t>(query.integer(6));
    row.cut_at_us = integer_or(query, 7, -1);
    row.recovery_us = integer_or(query, 8, -1);
  }
  return rows;
}

PlanReader::PlanReader(Store& store)
    : database_(store.database()), query_(database_, "SELECT plan FROM cycles WHERE id=?") {}

std::string PlanReader::plan_of(CycleId cycle) {
  query_.with(cycle.value);
  if (!query_.step()) {
    throw base::UsageError(fmt::format("{}: there is no cycle {}", database_.path(), cycle.value));
  }
  return query_.text(0);
}

std::vector<NoTrialCause> no_trial_causes(Store& store, CampaignId campaign, std::uint64_t limit) {
  Statement query(store.database(),
                  "SELECT cycles.verdict, coalesce(findings.text, ''), count(*), min(cycles.id) "
                  "FROM cycles LEFT JOIN findings ON findings.cycle=cycles.id AND holds=1 AND "
                  "findings.verdict=cycles.verdict WHERE campaign=? AND "
                  "cycles.verdict IN ('void', 'rig-fault', 'flaky-baseline') "
                  "GROUP BY 1, 2 ORDER BY 3 DESC, 4 LIMIT ?");
  query.with(campaign.value, limit);
  std::vector<NoTrialCause> causes;
  while (query.step()) {
    causes.push_back({.verdict = verdict_in(store.database(), query.text(0)),
                      .text = query.text(1),
                      .cycles = query.count(2),
                      .first = {query.integer(3)}});
  }
  return causes;
}

CycleTable::CycleTable(Store& store, CampaignId campaign)
    : database_(store.database()),
      campaign_(campaign),
      query_(database_,
             "SELECT id, cycle_index, plan, kind, started_unix_us, ended_unix_us, verdict, phase, "
             "cut_op, cut_address, cut_op_kind, torn, cut_at_us, recovery_us, host_us, "
             "(SELECT text FROM findings WHERE cycle=cycles.id AND holds=1 AND "
             "findings.verdict=cycles.verdict ORDER BY ordinal LIMIT 1) "
             "FROM cycles WHERE campaign=? ORDER BY cycle_index") {
  query_.with(campaign.value);
}

std::optional<Cycle> CycleTable::next() {
  if (!query_.step()) return std::nullopt;
  Cycle cycle;
  cycle.id = {query_.integer(0)};
  cycle.campaign = campaign_;
  cycle.intent.index = query_.count(1);
  cycle.intent.plan = query_.text(2);
  cycle.intent.kind = known_kind(query_.text(3));
  cycle.intent.started_unix_us = query_.integer(4);
  if (query_.is_null(6)) return cycle;
  CycleOutcome& outcome = cycle.outcome.emplace();
  outcome.ended_unix_us = query_.integer(5);
  outcome.judgement.verdict = verdict_in(database_, query_.text(6));
  outcome.judgement.phase = query_.text(7);
  outcome.cut = {.op = query_.count(8),
                 .address = static_cast<std::uint32_t>(query_.integer(9)),
                 .op_kind = query_.text(10),
                 .torn = query_.text(11),
                 .at = length_in(query_, 12)};
  outcome.recovery = length_in(query_, 13);
  outcome.host = length_in(query_, 14).value_or(base::Duration{});
  if (!query_.is_null(15)) {
    outcome.judgement.findings.push_back(
        {.verdict = outcome.judgement.verdict, .holds = true, .at = {}, .text = query_.text(15)});
  }
  return cycle;
}

}  // namespace rig::store
