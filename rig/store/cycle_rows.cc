#include "store/cycle_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/assert.h"
#include "base/rig_error.h"
#include "store/cycle_columns.h"
#include "store/verdict_column.h"

namespace rig::store {
namespace {

// Verdicts are stored by name; a million rows hold a handful of different ones.
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

std::int64_t integer_or(const Statement& row, int column, std::int64_t missing) {
  return row.is_null(column) ? missing : row.integer(column);
}

struct RowReader {
  Database& database;
  PhaseNames& phases;
  Known<record::Verdict, std::function<record::Verdict(const std::string&)>> verdicts{
      [this](const std::string& name) { return verdict_in(database, name); }};

  CycleRow read(const Statement& query) {
    CycleRow row;
    row.id = {query.integer(1)};
    row.index = query.count(2);
    row.kind = kind_named(query.text(3));
    row.verdict = verdicts(query.text(4));
    row.phase = phases.number_of(query.text(5));
    row.op = query.count(6);
    row.address = static_cast<std::uint32_t>(query.integer(7));
    row.cut_at_us = integer_or(query, 8, -1);
    row.recovery_us = integer_or(query, 9, -1);
    return row;
  }
};

}  // namespace

std::uint16_t PhaseNames::number_of(const std::string& name) {
  const auto known = std::find(names_.begin(), names_.end(), name);
  if (known != names_.end()) return static_cast<std::uint16_t>(known - names_.begin());
  RIG_ASSERT(names_.size() < 0xFFFF);
  names_.push_back(name);
  return static_cast<std::uint16_t>(names_.size() - 1);
}

std::vector<CampaignRows> cycle_rows(Store& store, std::span<const CampaignId> campaigns,
                                     PhaseNames& phases) {
  Database& database = store.database();
  std::vector<CampaignRows> found(campaigns.size());
  std::map<std::int64_t, CampaignRows*> by_campaign;
  for (std::size_t i = 0; i < campaigns.size(); ++i) by_campaign[campaigns[i].value] = &found[i];
  RowReader reader{.database = database, .phases = phases};
  Statement query(
      database, fmt::format("SELECT campaign, id, cycle_index, kind, verdict, phase, cut_op, "
                            "cut_address, cut_at_us, recovery_us, torn FROM cycles {} AND +verdict "
                            "NOT NULL",
                            where_quickest(database, campaigns)));
  while (query.step()) {
    CampaignRows& rows = *by_campaign.at(query.integer(0));
    const CycleRow& row = rows.rows.emplace_back(reader.read(query));
    if (row.kind != CycleKind::cut) continue;
    const std::string torn = query.text(10);
    if (!torn.empty()) ++rows.torn[torn];
  }
  for (CampaignRows& each : found) std::ranges::sort(each.rows, {}, &CycleRow::index);
  return found;
}

CycleReader::CycleReader(Store& store)
    : database_(store.database()),
      cycle_(database_, fmt::format("SELECT {} FROM cycles WHERE id=?", kCycleColumns)),
      findings_(database_,
                "SELECT verdict, holds, at_ns, text FROM findings WHERE cycle=? ORDER BY ordinal") {
}

Cycle CycleReader::read(CycleId id) {
  cycle_.with(id.value);
  if (!cycle_.step()) {
    throw base::UsageError(fmt::format("{}: there is no cycle {}", database_.path(), id.value));
  }
  Cycle cycle = cycle_in(database_, cycle_);
  findings_.with(id.value);
  while (findings_.step()) {
    if (!cycle.outcome) continue;
    cycle.outcome->judgement.findings.push_back(finding_in(database_, findings_, 0));
  }
  return cycle;
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

std::uint64_t count_cycles(Store& store, CampaignId campaign) {
  Statement query(store.database(), "SELECT count(*) FROM cycles WHERE campaign=?");
  query.with(campaign.value);
  return query.step() ? query.count(0) : 0;
}

CycleTable::CycleTable(Store& store, std::span<const CampaignId> campaigns)
    : database_(store.database()),
      query_(database_,
             fmt::format(
                 "SELECT {}, (SELECT text FROM findings WHERE "
                 "cycle=cycles.id AND holds=1 AND findings.verdict=cycles.verdict ORDER BY ordinal "
                 "LIMIT 1) FROM cycles {}",
                 kCycleColumns,
                 campaigns.size() == 1
                     ? fmt::format("WHERE campaign={} ORDER BY cycle_index", campaigns[0].value)
                     : where_quickest(database_, campaigns))) {}

std::optional<Cycle> CycleTable::next() {
  if (!query_.step()) return std::nullopt;
  Cycle cycle = cycle_in(database_, query_);
  if (cycle.outcome && !query_.is_null(18)) {
    record::Judgement& judgement = cycle.outcome->judgement;
    judgement.findings.push_back(
        {.verdict = judgement.verdict, .holds = true, .at = {}, .text = query_.text(18)});
  }
  return cycle;
}

}  // namespace rig::store
