#include "report/report_input.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/rig_error.h"
#include "report/configuration.h"
#include "report/sentence.h"
#include "store/soak_rows.h"

namespace rig::report {
namespace {

using store::CycleId;
using store::CycleKind;
using store::CycleRow;

constexpr std::size_t kFewestFailures = 200;  // of one campaign, however many there are
constexpr std::size_t kFewestLinkCycles = 4;  // of one campaign
constexpr std::size_t kFirstOfEach = 5;
constexpr std::uint64_t kCauses = 20;

// The places in `rows` of the failures that are listed.
std::vector<std::size_t> listed_failures(const std::vector<CycleRow>& rows, std::size_t limit) {
  std::map<std::pair<record::Verdict, std::uint16_t>, std::size_t> seen;
  std::vector<std::size_t> first;
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!is_failure(rows[i].verdict)) continue;
    const bool early = seen[{rows[i].verdict, rows[i].phase}]++ < kFirstOfEach;
    if (early) {
      first.push_back(i);
    } else if (rest.size() < limit) {
      rest.push_back(i);
    }
  }
  first.insert(first.end(), rest.begin(), rest.end());
  if (first.size() > limit) first.resize(limit);
  return first;
}

// The first `limit` rows of which `wanted` holds.
template <typename Wanted>
void add_first(std::vector<std::size_t>& chosen, const std::vector<CycleRow>& rows,
               std::size_t limit, const Wanted& wanted) {
  for (std::size_t i = 0; i < rows.size() && limit != 0; ++i) {
    if (!wanted(rows[i])) continue;
    chosen.push_back(i);
    --limit;
  }
}

bool proves_nothing(const CycleRow& row) {
  return record::class_of(row.verdict) == record::VerdictClass::no_trial;
}

std::vector<std::size_t> listed(const std::vector<CycleRow>& rows, const LoadOptions& options,
                                std::size_t failures) {
  std::vector<std::size_t> chosen = listed_failures(rows, failures);
  add_first(chosen, rows, options.without_trial,
            [](const CycleRow& row) { return row.kind == CycleKind::cut && proves_nothing(row); });
  std::vector<std::size_t> uncut;
  const auto passes = [](const CycleRow& row) {
    return record::class_of(row.verdict) == record::VerdictClass::pass;
  };
  add_first(uncut, rows, options.without_cut, [&](const CycleRow& row) {
    return row.kind != CycleKind::cut && !passes(row) && !is_failure(row.verdict);
  });
  add_first(uncut, rows, options.without_cut - uncut.size(),
            [&](const CycleRow& row) { return row.kind != CycleKind::cut && passes(row); });
  chosen.insert(chosen.end(), uncut.begin(), uncut.end());
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

Recovery recovery_of(const std::vector<CycleRow>& rows) {
  std::vector<std::int64_t> times;
  for (const CycleRow& row : rows) {
    if (row.recovery_us >= 0) times.push_back(row.recovery_us);
  }
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  return {.cycles = times.size(),
          .median_us = times[times.size() / 2],
          .slow_us = times[(times.size() - 1) * 95 / 100]};
}

std::string build_of(const store::Campaign& campaign) {
  return campaign.firmware + "@" + campaign.firmware_hash;
}

// Scenarios may share a title or labels, and run on several kinds of boards: adds to each name that
// comes twice what `telling` says, where that differs.
template <typename Telling>
void tell_apart(std::vector<Configuration>& configurations, const Telling& telling) {
  std::map<std::string, std::set<std::string>> said;
  for (const Configuration& each : configurations) {
    said[each.name].insert(telling(each.summary.campaign));
  }
  for (Configuration& each : configurations) {
    if (said.at(each.name).size() > 1) each.name += ", " + telling(each.summary.campaign);
  }
}

void name_all(std::vector<Configuration>& configurations) {
  for (Configuration& each : configurations) each.name = row_name(each.summary.campaign);
  tell_apart(configurations, [](const store::Campaign& each) { return each.scenario; });
  tell_apart(configurations, [](const store::Campaign& each) { return "on " + each.board; });
  tell_apart(configurations, build_of);
}

// At most `most` of them, all over the campaign.
std::vector<CycleId> spread(const std::vector<CycleRow>& rows, std::size_t most) {
  std::vector<CycleId> chosen;
  const std::size_t count = std::min(rows.size(), most);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(rows[i * rows.size() / count].id);
  return chosen;
}

// Reads the rows of all campaigns at once; what their configuration needs of all rows stays until
// it is made.
class Loader {
 public:
  Loader(store::Store& store, ReportInput& input, const LoadOptions& options)
      : store_(store), input_(input), options_(options), plans_(store), cycles_(store) {}

  void load(std::span<const store::CampaignId> ids) {
    for (const store::CampaignId id : ids) {
      CampaignReport& campaign = input_.campaigns.emplace_back();
      campaign.summary = store_.quick_summary(id);
      campaign.explored = store::explored(store_, id);
    }
    rows_ = store::cycle_rows(store_, ids, input_.phases);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      input_.campaigns[i].summary.torn = std::move(rows_[i].torn);
    }
    group();
    name_all(input_.configurations);
    for (Configuration& configuration : input_.configurations) fill(configuration);
  }

 private:
  void group() {
    for (std::size_t i = 0; i < input_.campaigns.size(); ++i) {
      const store::CampaignSummary& summary = input_.campaigns[i].summary;
      auto& known = input_.configurations;
      const auto found = std::find_if(known.begin(), known.end(), [&](const Configuration& each) {
        return same_configuration(input_.campaigns[each.campaigns.front()].summary.campaign,
                                  summary.campaign);
      });
      if (found != known.end()) {
        add_summary(found->summary, summary);
        found->campaigns.push_back(i);
      } else {
        Configuration& fresh = known.emplace_back();
        fresh.summary = summary;
        fresh.campaigns = {i};
      }
    }
  }

  void fill(Configuration& configuration) {
    std::vector<CycleRow> all;
    for (const std::size_t i : configuration.campaigns) {
      load(input_.campaigns[i], rows_[i].rows);
      all.insert(all.end(), rows_[i].rows.begin(), rows_[i].rows.end());
      rows_[i].rows = {};
    }
    for (const Mark& mark : marks_of(all)) {
      configuration.marks.push_back({mark, plans_.plan_of(mark.cut.id)});
    }
    configuration.bands = bands_of(all);
    configuration.survival = survival_of(all);
    configuration.hits = hits_of(all);
    load_samples(configuration);
  }

  void load(CampaignReport& campaign, const std::vector<CycleRow>& rows) {
    const std::size_t failures =
        std::max(kFewestFailures, options_.failures / input_.campaigns.size());
    for (const std::size_t i : listed(rows, options_, failures)) {
      campaign.cycles.push_back(cycles_.read(rows[i].id));
    }
    campaign.no_trial = store::no_trial_causes(store_, campaign.summary.campaign.id, kCauses);
    campaign.recovery = recovery_of(rows);
    const std::size_t most =
        std::max(kFewestLinkCycles, options_.link_cycles / input_.campaigns.size());
    for (const CycleId each : spread(rows, most)) add_link_of(campaign, each);
  }

  void add_link_of(CampaignReport& campaign, CycleId cycle) {
    try {
      const auto whole = store::unpack(store_.packed_timeline(cycle), trunk_of(campaign));
      if (whole) add_link(campaign.links, cycle, *whole);
    } catch (const base::UsageError&) {
      return;  // a cycle without a timeline
    }
  }

  const record::Timeline& trunk_of(const CampaignReport& campaign) {
    const store::CampaignId id = campaign.summary.campaign.id;
    if (trunk_campaign_ != id) {
      trunk_ = store_.trunk(id);
      trunk_campaign_ = id;
    }
    return trunk_;
  }

  void load_samples(Configuration& configuration) {
    std::map<record::Verdict, std::size_t> taken;
    std::set<std::pair<record::Verdict, std::string>> kinds;
    for (const std::size_t i : configuration.campaigns) {
      const CampaignReport& campaign = input_.campaigns[i];
      configuration.trunks.push_back(trunk_of(campaign));
      for (const store::Cycle& cycle : campaign.cycles) {
        const record::Judgement& judgement = cycle.outcome->judgement;
        if (cycle.intent.kind != CycleKind::cut || !is_failure(judgement.verdict)) continue;
        std::size_t& count = taken[judgement.verdict];
        const bool known = kinds.contains({judgement.verdict, judgement.phase});
        if (known && count >= options_.timelines_per_verdict) continue;
        if (!add_sample(configuration, cycle.id)) continue;
        kinds.emplace(judgement.verdict, judgement.phase);
        ++count;
      }
    }
  }

  bool add_sample(Configuration& configuration, CycleId id) {
    try {
      const store::PackedTimeline packed = store_.packed_timeline(id);
      auto whole = store::unpack(packed, configuration.trunks.back());
      if (!whole) return false;
      const auto shared = static_cast<std::ptrdiff_t>(packed.shared_events);
      configuration.samples.push_back({.cycle = id,
                                       .trunk = configuration.trunks.size() - 1,
                                       .shared_events = packed.shared_events,
                                       .rest = {whole->begin() + shared, whole->end()}});
      return true;
    } catch (const base::UsageError&) {
      return false;  // a cycle without a timeline
    }
  }

  store::Store& store_;
  ReportInput& input_;
  const LoadOptions& options_;
  store::PlanReader plans_;
  store::CycleReader cycles_;
  std::vector<store::CampaignRows> rows_;  // of each campaign, until its configuration is made
  // The latest that was asked for.
  record::Timeline trunk_;
  std::optional<store::CampaignId> trunk_campaign_;
};

}  // namespace

ReportInput load_campaigns(store::Store& store, std::span<const store::CampaignId> campaigns,
                           const LoadOptions& options) {
  ReportInput input;
  Loader(store, input, options).load(campaigns);
  for (const store::BoardState& state : store::board_states(store)) {
    if (state.condition != store::BoardCondition::quarantined) continue;
    input.quarantined.push_back(
        {.board = state.board, .reason = state.reason, .since_unix_us = state.since_unix_us});
  }
  return input;
}

std::vector<store::CampaignSummary> summaries_of(const ReportInput& input) {
  std::vector<store::CampaignSummary> summaries;
  for (const CampaignReport& campaign : input.campaigns) summaries.push_back(campaign.summary);
  return summaries;
}

std::vector<store::CampaignSummary> rows_of(const ReportInput& input) {
  std::vector<store::CampaignSummary> rows;
  for (const Configuration& configuration : input.configurations) {
    rows.push_back(configuration.summary);
    rows.back().campaign.labels.clear();
    rows.back().campaign.title = configuration.name;
  }
  return rows;
}

bool is_failure(record::Verdict verdict) {
  const auto each = record::class_of(verdict);
  return each == record::VerdictClass::degraded || each == record::VerdictClass::lost;
}

}  // namespace rig::report
