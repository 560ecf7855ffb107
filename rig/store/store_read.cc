#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/rig_error.h"
#include "store/cycle_columns.h"
#include "store/cycle_rows.h"
#include "store/store.h"
#include "store/verdict_column.h"

namespace rig::store {
namespace {

using record::Verdict;

constexpr const char* kCampaignColumns =
    "SELECT id, scenario, scenario_yaml, title, board, firmware, firmware_hash, otarig_version, "
    "seed, started_unix_us, ended_unix_us, state, points_planned, flash_ops_total, batch, "
    "board_name, "
    "role FROM campaigns ";
// Parameters: campaign, kind or '', verdict or '', phase or '', failures only, open only.
constexpr const char* kFiltered =
    "WHERE campaign=?1 AND (?2='' OR kind=?2) AND (?3='' OR cycles.verdict=?3) "
    "AND (?4='' OR phase=?4) AND (?6=0 OR cycles.verdict IS NULL) AND (?5=0 OR cycles.verdict NOT "
    "IN ('survived-new', 'resumed', 'retried', 'rolled-back', 'void', 'rig-fault', "
    "'flaky-baseline')) ";

Statement& with_filter(Statement& query, CampaignId id, const CycleFilter& filter) {
  // The texts are literals or live in `filter`, as bound text must.
  return query.with(id.value, filter.kind ? name_of(*filter.kind) : "",
                    filter.verdict ? record::name_of(*filter.verdict) : "",
                    filter.phase ? std::string_view(*filter.phase) : std::string_view(),
                    filter.failures_only, filter.open_only);
}

std::map<std::string, std::string> object_in(Database& database, const char* column,
                                             CampaignId id) {
  Statement query(database, fmt::format("SELECT key, value FROM campaigns, json_each({}) "
                                        "WHERE campaigns.id=?",
                                        column));
  query.with(id.value);
  std::map<std::string, std::string> values;
  while (query.step()) values.emplace(query.text(0), query.text(1));
  return values;
}

Campaign campaign_in(Database& database, const Statement& row) {
  Campaign campaign;
  campaign.id.value = row.integer(0);
  campaign.scenario = row.text(1);
  campaign.scenario_yaml = row.text(2);
  campaign.title = row.text(3);
  campaign.board = row.text(4);
  campaign.firmware = row.text(5);
  campaign.firmware_hash = row.text(6);
  campaign.otarig_version = row.text(7);
  campaign.seed = std::strtoull(row.text(8).c_str(), nullptr, 10);
  campaign.started_unix_us = row.integer(9);
  if (!row.is_null(10)) campaign.ended_unix_us = row.integer(10);
  campaign.state = campaign_state_named(row.text(11));
  campaign.points_planned = row.count(12);
  campaign.flash_ops_total = row.count(13);
  campaign.batch = row.text(14);
  campaign.board_name = row.text(15);
  if (row.text(16) == "known-bad") campaign.role = CampaignRole::known_bad;
  campaign.labels = object_in(database, "labels", campaign.id);
  campaign.image_hashes = object_in(database, "image_hashes", campaign.id);
  return campaign;
}

// Both lists are in order of cycle_index, so one pass joins them.
void add_findings(Database& database, Statement& query, std::vector<Cycle>& cycles) {
  auto cycle = cycles.begin();
  while (query.step()) {
    const CycleId id{query.integer(0)};
    cycle = std::find_if(cycle, cycles.end(), [&](const Cycle& each) { return each.id == id; });
    if (cycle == cycles.end()) return;
    if (!cycle->outcome) continue;
    cycle->outcome->judgement.findings.push_back(finding_in(database, query, 1));
  }
}

// Cuts with equal times (several torn models of one operation) are told apart by their index.
std::optional<FirstCut> first_cut(Database& database, CampaignId id, const std::string& verdict,
                                  std::int64_t at_us) {
  Statement query(database,
                  "SELECT plan, phase, cut_op, cut_address, cut_op_kind, torn, cut_at_us FROM "
                  "cycles INDEXED BY cycles_by_outcome WHERE campaign=? AND kind='cut' AND "
                  "verdict=? AND coalesce(cut_at_us, 0)=? ORDER BY cycle_index LIMIT 1");
  query.with(id.value, verdict, at_us);
  if (!query.step()) return std::nullopt;
  return FirstCut{.verdict = verdict_in(database, verdict),
                  .plan = query.text(0),
                  .phase = query.text(1),
                  .cut = spot_in(query, 2)};
}

// The index knows when the first cut of every verdict landed; its row alone is read.
void add_first_cuts(Database& database, CampaignSummary& summary) {
  const CampaignId id = summary.campaign.id;
  Statement query(database,
                  "SELECT verdict, min(coalesce(cut_at_us, 0)) FROM cycles INDEXED BY "
                  "cycles_by_outcome WHERE campaign=? AND kind='cut' AND verdict NOT NULL GROUP BY "
                  "verdict");
  query.with(id.value);
  while (query.step()) {
    auto first = first_cut(database, id, query.text(0), query.integer(1));
    if (first) summary.first_cuts.push_back(*std::move(first));
  }
  std::sort(summary.first_cuts.begin(), summary.first_cuts.end(),
            [](const FirstCut& a, const FirstCut& b) { return a.verdict < b.verdict; });
}

PhaseCounts& phase_of(CampaignSummary& summary, const std::string& name) {
  auto found = std::find_if(summary.phases.begin(), summary.phases.end(),
                            [&](const PhaseCounts& each) { return each.phase == name; });
  if (found != summary.phases.end()) return *found;
  return summary.phases.emplace_back(PhaseCounts{.phase = name, .counts = {}});
}

void add_counts(Database& database, CampaignSummary& summary) {
  Statement query(database,
                  "SELECT kind, verdict, phase, count(*), sum(host_us) FROM cycles "
                  "WHERE campaign=? AND verdict NOT NULL GROUP BY kind, verdict, phase "
                  "ORDER BY min(cut_at_us)");
  query.with(summary.campaign.id.value);
  while (query.step()) {
    const CycleKind kind = kind_named(query.text(0));
    const Verdict verdict = verdict_in(database, query.text(1));
    const std::uint64_t count = query.count(3);
    summary.host += std::chrono::microseconds(query.integer(4));
    if (kind == CycleKind::control) summary.controls.add(verdict, count);
    if (kind == CycleKind::run) summary.runs.add(verdict, count);
    if (kind != CycleKind::cut) continue;
    summary.cuts.add(verdict, count);
    phase_of(summary, query.text(2)).counts.add(verdict, count);
  }
}

void add_torn(Database& database, CampaignSummary& summary) {
  Statement query(database,
                  "SELECT torn, count(*) FROM cycles WHERE campaign=? AND kind='cut' AND torn<>'' "
                  "GROUP BY torn");
  query.with(summary.campaign.id.value);
  while (query.step()) summary.torn.emplace(query.text(0), query.count(1));
}

std::uint64_t count_open(Database& database, CampaignId id) {
  Statement query(database, "SELECT count(*) FROM cycles WHERE campaign=? AND verdict IS NULL");
  query.with(id.value);
  return query.step() ? query.count(0) : 0;
}

[[noreturn]] void fail_damaged(Database& database, CycleId id) {
  throw base::RigError(
      std::make_error_code(std::errc::io_error),
      fmt::format("read the timeline of cycle {} in {}", id.value, database.path()),
      "its bytes are damaged");
}

}  // namespace

std::vector<Campaign> Store::campaigns() {
  Statement query(database_, fmt::format("{} ORDER BY id", kCampaignColumns));
  std::vector<Campaign> found;
  query.with();
  while (query.step()) found.push_back(campaign_in(database_, query));
  return found;
}

std::vector<Campaign> Store::batch(std::string_view name) {
  Statement query(database_, fmt::format("{} WHERE batch=? ORDER BY id", kCampaignColumns));
  std::vector<Campaign> found;
  query.with(name);
  while (query.step()) found.push_back(campaign_in(database_, query));
  return found;
}

Campaign Store::campaign(CampaignId id) {
  Statement query(database_, fmt::format("{} WHERE id=?", kCampaignColumns));
  query.with(id.value);
  if (query.step()) return campaign_in(database_, query);
  throw base::UsageError(fmt::format("{}: there is no campaign {}", database_.path(), id.value));
}

CampaignSummary Store::summary(CampaignId id) {
  CampaignSummary summary = quick_summary(id);
  add_torn(database_, summary);
  return summary;
}

CampaignSummary Store::quick_summary(CampaignId id) {
  CampaignSummary summary;
  summary.campaign = campaign(id);
  summary.open_cycles = count_open(database_, id);
  add_counts(database_, summary);
  add_first_cuts(database_, summary);
  return summary;
}

std::vector<Cycle> Store::cycles(CampaignId id, const CycleFilter& filter) {
  Statement query(database_, fmt::format("SELECT {} FROM cycles {} ORDER BY cycle_index",
                                         kCycleColumns, kFiltered));
  with_filter(query, id, filter);
  std::vector<Cycle> found;
  while (query.step()) found.push_back(cycle_in(database_, query));
  Statement findings(database_,
                     fmt::format("SELECT cycle, findings.verdict, holds, at_ns, text FROM cycles "
                                 "JOIN findings ON findings.cycle=cycles.id {} "
                                 "ORDER BY cycle_index, ordinal",
                                 kFiltered));
  add_findings(database_, with_filter(findings, id, filter), found);
  return found;
}

std::vector<CycleKey> Store::cycle_rows(CampaignId id) {
  Statement query(database_,
                  "SELECT id, cycle_index, kind, verdict FROM cycles WHERE campaign=? "
                  "ORDER BY cycle_index");
  query.with(id.value);
  std::vector<CycleKey> found;
  while (query.step()) {
    CycleKey& row = found.emplace_back();
    row.id.value = query.integer(0);
    row.index = query.count(1);
    row.kind = kind_named(query.text(2));
    if (!query.is_null(3)) row.verdict = verdict_in(database_, query.text(3));
  }
  return found;
}

std::vector<Cycle> Store::counterexamples(CampaignId id) {
  return cycles(id, {.kind = CycleKind::cut, .verdict = {}, .phase = {}, .failures_only = true});
}

Cycle Store::cycle(CycleId id) { return CycleReader(*this).read(id); }

std::optional<Cycle> Store::cycle_of_plan(std::string_view plan, std::string_view board) {
  Statement query(database_,
                  "SELECT max(cycles.id) FROM cycles JOIN campaigns ON campaigns.id=campaign "
                  "WHERE plan=? AND board=?");
  query.with(plan, board);
  if (!query.step() || query.is_null(0)) return std::nullopt;
  return cycle({query.integer(0)});
}

record::Timeline Store::trunk(CampaignId id) {
  Statement query(database_, "SELECT events, packed FROM trunks WHERE campaign=?");
  query.with(id.value);
  if (!query.step()) return {};
  auto trunk = unpack({.events = query.count(0), .shared_events = 0, .packed = query.blob(1)});
  if (trunk) return *std::move(trunk);
  throw base::RigError(
      std::make_error_code(std::errc::io_error),
      fmt::format("read the trunk of campaign {} in {}", id.value, database_.path()),
      "its bytes are damaged");
}

PackedTimeline Store::packed_timeline(CycleId id) {
  Statement query(database_, "SELECT events, shared_events, packed FROM timelines WHERE cycle=?");
  query.with(id.value);
  if (!query.step()) {
    throw base::UsageError(fmt::format("{}: cycle {} has no timeline", database_.path(), id.value));
  }
  return {.events = query.count(0), .shared_events = query.count(1), .packed = query.blob(2)};
}

record::Timeline Store::timeline(CycleId id) {
  const PackedTimeline packed = packed_timeline(id);
  const bool needs_trunk = packed.shared_events != 0;
  auto whole = unpack(packed, needs_trunk ? trunk(cycle(id).campaign) : record::Timeline());
  if (!whole) fail_damaged(database_, id);
  return *std::move(whole);
}

record::Timeline Store::timeline(CycleId id, const record::Timeline& trunk) {
  auto whole = unpack(packed_timeline(id), trunk);
  if (!whole) fail_damaged(database_, id);
  return *std::move(whole);
}

}  // namespace rig::store
