#include "serve/live_state.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "io/time.h"
#include "report/json_report.h"
#include "report/sentence.h"
#include "serve/tail.h"
#include "store/overview.h"
#include "store/soak_rows.h"

namespace rig::serve {
namespace {

using nlohmann::json;
using store::Campaign;
using store::Cycle;

constexpr std::size_t kTailLines = 12;
constexpr std::size_t kRecent = 30;
constexpr std::size_t kTailsKept = 256;
constexpr std::int64_t kFreshUs = 900'000;  // asked once a second, it is new each time
constexpr std::int64_t kShareOfTime = 10;   // at most a tenth of the time is spent on asking
constexpr std::int64_t kRateOverUs = 60'000'000;

json verdicts_json() {
  json out = json::array();
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<record::Verdict>(i);
    const auto verdict_class = record::class_of(verdict);
    out.push_back({{"name", record::name_of(verdict)},
                   {"class", report::name_of(verdict_class)},
                   {"mark", report::mark_of(verdict_class)}});
  }
  return out;
}

json counts_json(const store::VerdictCounts& counts) {
  json out = json::array();
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    out.push_back(counts.of(static_cast<record::Verdict>(i)));
  }
  return out;
}

// Of the verdict of a cycle.
std::string reason_of(const Cycle& cycle) {
  const record::Judgement& judgement = cycle.outcome->judgement;
  for (const record::Finding& finding : judgement.findings) {
    if (finding.holds && finding.verdict == judgement.verdict) return finding.text;
  }
  return "";
}

json ended_json(const Cycle& cycle) {
  return {{"cycle", cycle.id.value},
          {"campaign", cycle.campaign.value},
          {"v", static_cast<int>(cycle.outcome->judgement.verdict)},
          {"phase", cycle.outcome->judgement.phase},
          {"ended", cycle.outcome->ended_unix_us / 1'000},
          {"plan", cycle.intent.plan},
          {"why", reason_of(cycle)}};
}

std::string tail_text(store::Store& store, store::CycleId cycle) {
  const Tail tail = tail_of(store.timeline(cycle), kTailLines);
  json lines = json::array();
  for (const TailLine& line : tail.lines) lines.push_back({line.at_ms, line.lane, line.text});
  return report::dumped(json{{"power", tail.power}, {"link", tail.link}, {"tail", lines}});
}

// What is known of one campaign, and of its board by it.
struct Seen {
  Campaign campaign;
  store::VerdictCounts counts;
  store::OpenCycles open;
  std::optional<Cycle> last;
};

json campaign_json(const Seen& seen) {
  const Campaign& campaign = seen.campaign;
  return {{"id", campaign.id.value},
          {"scenario", campaign.scenario},
          {"row", report::row_name(campaign)},
          {"board", campaign.board},
          {"name", campaign.board_name},
          {"role", store::name_of(campaign.role)},
          {"state", store::name_of(campaign.state)},
          {"planned", campaign.points_planned},
          {"counts", counts_json(seen.counts)},
          {"open", seen.open.count}};
}

std::vector<Seen> look(store::Store& store, std::int64_t now_unix_us) {
  std::vector<Seen> all;
  for (Campaign& campaign : store::current_campaigns(store, now_unix_us)) {
    Seen& seen = all.emplace_back();
    const store::CampaignId id = campaign.id;
    seen.campaign = std::move(campaign);
    seen.counts = store::cut_counts(store, id);
    seen.open = store::open_cycles(store, id);
    if (const auto last = store::last_finished(store, id)) seen.last = store.cycle(*last);
  }
  return all;
}

const std::string& board_of(const Campaign& campaign) {
  return campaign.board_name.empty() ? campaign.board : campaign.board_name;
}

bool later(const Seen& one, const Seen& other) {
  const auto when = [](const Seen& seen) {
    std::int64_t at = seen.campaign.started_unix_us;
    if (seen.last) at = std::max(at, seen.last->outcome->ended_unix_us);
    if (seen.open.latest) at = std::max(at, seen.open.latest->intent.started_unix_us);
    return at;
  };
  return when(one) > when(other);
}

// Board -> why. Boards of several benches that share a name share the mark as well: better one too
// many than one too few.
std::map<std::string, std::string> quarantined(store::Store& store) {
  std::map<std::string, std::string> found;
  for (const store::BoardState& state : store::board_states(store)) {
    if (state.condition == store::BoardCondition::quarantined) found[state.board] = state.reason;
  }
  return found;
}

// The campaign in which each board was active last.
std::map<std::string, const Seen*> boards_of(const std::vector<Seen>& all) {
  std::map<std::string, const Seen*> boards;
  for (const Seen& seen : all) {
    const Seen*& known = boards[board_of(seen.campaign)];
    if (known == nullptr || later(seen, *known)) known = &seen;
  }
  return boards;
}

// How far a soak is, as it was asked for.
void add_soak(json& night, store::Store& store, const std::string& batch) {
  const auto soak = batch.empty() ? std::nullopt : store::soak_named(store, batch);
  if (!soak) return;
  night["state"] = store::name_of(soak->state);
  if (soak->cycles) night["planned"] = *soak->cycles;
  if (soak->length) {
    night["for_s"] = base::to_seconds(*soak->length);
    night["ran_s"] = base::to_seconds(soak->ran);
  }
}

json night_json(const std::vector<Seen>& all, double per_minute) {
  if (all.empty()) return nullptr;
  const Campaign& latest = all.back().campaign;
  json counts = counts_json({});
  std::uint64_t done = 0;
  std::uint64_t planned = 0;
  bool running = false;
  std::int64_t started = latest.started_unix_us;
  for (const Seen& seen : all) {
    done += seen.counts.total();
    planned += seen.campaign.points_planned;
    running = running || seen.campaign.state == store::CampaignState::running;
    started = std::min(started, seen.campaign.started_unix_us);
    for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
      counts[i] = counts[i].get<std::uint64_t>() + seen.counts.of(static_cast<record::Verdict>(i));
    }
  }
  return {{"name", latest.batch.empty() ? latest.scenario : latest.batch},
          {"started", started / 1'000},
          {"state", running ? "running" : std::string(store::name_of(latest.state))},
          {"done", done},
          {"planned", planned},
          {"per_minute", per_minute},
          {"counts", counts}};
}

json board_json(const std::string& name, const Seen& seen) {
  json board = {
      {"name", name}, {"kind", seen.campaign.board}, {"campaign", seen.campaign.id.value}};
  if (const auto& open = seen.open.latest) {
    board["open"] = {{"cycle", open->id.value},
                     {"plan", open->intent.plan},
                     {"started", open->intent.started_unix_us / 1'000}};
  }
  if (seen.last) board["last"] = ended_json(*seen.last);
  return board;
}

}  // namespace

LiveState::LiveState(const std::string& database)
    : store_(database, {.if_missing = store::IfMissing::refuse, .read_only = true}) {}

double LiveState::per_minute(std::uint64_t done, std::int64_t now_unix_us) {
  samples_.push_back({now_unix_us, done});
  while (samples_.size() > 2 && now_unix_us - samples_.front().at_us > kRateOverUs) {
    samples_.pop_front();
  }
  const Sample& first = samples_.front();
  if (now_unix_us <= first.at_us || done < first.done) return 0;
  return static_cast<double>(done - first.done) * 6e7 /
         static_cast<double>(now_unix_us - first.at_us);
}

// The tail of a cycle that has ended never changes.
void LiveState::add_tail(json& board, store::CycleId cycle) {
  if (tails_.size() > kTailsKept) tails_.clear();
  std::string& tail = tails_[cycle.value];
  if (tail.empty()) tail = tail_text(store_, cycle);
  board.update(json::parse(tail));
}

std::string LiveState::made(std::int64_t now_unix_us) {
  const std::vector<Seen> all = look(store_, now_unix_us);
  json out = {{"now", now_unix_us / 1'000},  {"database", store_.database().path()},
              {"verdicts", verdicts_json()}, {"campaigns", json::array()},
              {"boards", json::array()},     {"recent", json::array()}};
  std::uint64_t done = 0;
  for (const Seen& seen : all) {
    done += seen.counts.total();
    out["campaigns"].push_back(campaign_json(seen));
  }
  out["night"] = night_json(all, per_minute(done, now_unix_us));
  if (!all.empty()) add_soak(out["night"], store_, all.back().campaign.batch);
  const std::map<std::string, std::string> out_of_game = quarantined(store_);
  for (const auto& [name, seen] : boards_of(all)) {
    json board = board_json(name, *seen);
    const auto reason = out_of_game.find(name);
    if (reason != out_of_game.end()) board["quarantined"] = reason->second;
    if (seen->last) add_tail(board, seen->last->id);
    out["boards"].push_back(std::move(board));
  }
  for (const Cycle& cycle : store::latest_verdicts(store_, kRecent)) {
    out["recent"].push_back(ended_json(cycle));
  }
  return report::dumped(out);
}

const std::string& LiveState::text(std::int64_t now_unix_us) {
  const std::int64_t age = now_unix_us - made_at_us_;
  const bool fresh = age >= 0 && age < std::max(kFreshUs, took_us_ * kShareOfTime);
  if (!text_.empty() && fresh) return text_;
  const io::Time begun = io::now();
  text_ = made(now_unix_us);
  took_us_ = std::chrono::duration_cast<std::chrono::microseconds>(io::now() - begun).count();
  made_at_us_ = now_unix_us;
  return text_;
}

}  // namespace rig::serve
