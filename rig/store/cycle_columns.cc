#include "store/cycle_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/verdict_column.h"

namespace rig::store {
namespace {

std::optional<base::Duration> duration_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::chrono::microseconds(row.integer(column));
}

// A row by its place in an index costs as much as so many that lie one behind the other.
constexpr std::uint64_t kRowsPerJump = 8;

}  // namespace

CycleKind kind_named(std::string_view name) {
  if (name == "control") return CycleKind::control;
  return name == "run" ? CycleKind::run : CycleKind::cut;
}

CutSpot spot_in(const Statement& row, int first) {
  return {.op = row.count(first),
          .address = static_cast<std::uint32_t>(row.integer(first + 1)),
          .op_kind = row.text(first + 2),
          .torn = row.text(first + 3),
          .at = duration_in(row, first + 4)};
}

Cycle cycle_in(Database& database, const Statement& row) {
  Cycle cycle;
  cycle.id.value = row.integer(0);
  cycle.campaign.value = row.integer(1);
  cycle.intent = {.index = row.count(2),
                  .plan = row.text(3),
                  .kind = kind_named(row.text(4)),
                  .started_unix_us = row.integer(5),
                  .link_profile = row.text(16)};
  cycle.attempts = row.count(17);
  if (row.is_null(7)) return cycle;
  CycleOutcome& outcome = cycle.outcome.emplace();
  outcome.ended_unix_us = row.integer(6);
  outcome.judgement.verdict = verdict_in(database, row.text(7));
  outcome.judgement.phase = row.text(8);
  outcome.cut = spot_in(row, 9);
  outcome.recovery = duration_in(row, 14);
  outcome.host = duration_in(row, 15).value_or(base::Duration{});
  return cycle;
}

record::Finding finding_in(Database& database, const Statement& row, int first) {
  return {.verdict = verdict_in(database, row.text(first)),
          .holds = row.integer(first + 1) != 0,
          .at = base::Instant(base::Duration(row.integer(first + 2))),
          .text = row.text(first + 3)};
}

std::string where_quickest(Database& database, std::span<const CampaignId> campaigns) {
  Statement query(database, "SELECT count(*), min(id), max(id) FROM cycles WHERE campaign=?");
  std::uint64_t rows = 0;
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = 0;
  std::string numbers;
  for (const CampaignId id : campaigns) {
    numbers += fmt::format("{}{}", numbers.empty() ? "" : ",", id.value);
    query.with(id.value);
    if (!query.step() || query.count(0) == 0) continue;
    rows += query.count(0);
    first = std::min(first, query.integer(1));
    last = std::max(last, query.integer(2));
  }
  if (rows == 0) return "WHERE 0";
  const auto room = static_cast<std::uint64_t>(last - first + 1);
  if (room / rows >= kRowsPerJump) return fmt::format("WHERE campaign IN ({})", numbers);
  const std::string stretch = fmt::format("WHERE id BETWEEN {} AND {}", first, last);
  if (room == rows) return stretch;  // nobody else's among them
  return fmt::format("{} AND +campaign IN ({})", stretch, numbers);
}

}  // namespace rig::store
