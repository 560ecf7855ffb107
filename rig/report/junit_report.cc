#include "report/junit_report.h"

#include <fmt/format.h>

#include <array>

#include "report/sentence.h"
#include "report/xml_writer.h"

namespace rig::report {
namespace {

using record::Verdict;
using record::VerdictClass;

constexpr std::array<VerdictClass, 4> kClasses{VerdictClass::pass, VerdictClass::degraded,
                                               VerdictClass::lost, VerdictClass::no_trial};

// What a testcase says; an empty `tag` is a pass.
struct Complaint {
  std::string_view tag;  // "failure", "error"
  std::string type;
  std::string message;
  std::string text;
};

struct Suite {
  std::string classname;
  std::string cases;
  std::size_t tests{};
  std::size_t failures{};
  std::size_t errors{};

  void add(const std::string& name, base::Duration time, const Complaint& complaint);
};

void Suite::add(const std::string& name, base::Duration time, const Complaint& complaint) {
  ++tests;
  failures += complaint.tag == "failure" ? 1U : 0U;
  errors += complaint.tag == "error" ? 1U : 0U;
  cases += "    " + xml_open("testcase", {{"name", name},
                                          {"classname", classname},
                                          {"time", fmt::format("{:.3f}", base::to_seconds(time))}});
  if (complaint.tag.empty()) {
    cases += "/>\n";
    return;
  }
  const XmlAttributes attributes{{"type", complaint.type}, {"message", complaint.message}};
  cases +=
      fmt::format(">\n      {}>{}</{}>\n    </testcase>\n", xml_open(complaint.tag, attributes),
                  xml_escaped(complaint.text), complaint.tag);
}

std::string_view tag_of(VerdictClass verdict_class) {
  if (verdict_class == VerdictClass::pass) return "";
  return verdict_class == VerdictClass::no_trial ? "error" : "failure";
}

std::string counts_text(const store::VerdictCounts& counts, VerdictClass verdict_class) {
  std::string out;
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (counts.of(verdict) == 0 || record::class_of(verdict) != verdict_class) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", with_separators(counts.of(verdict)),
                       record::name_of(verdict));
  }
  return out;
}

void add_phase(Suite& suite, const store::PhaseCounts& phase) {
  for (const auto each : kClasses) {
    if (phase.counts.of(each) == 0) continue;
    const std::string counts = counts_text(phase.counts, each);
    const std::string message = fmt::format("{} of {} cuts in phase {}: {}", phase.counts.of(each),
                                            phase.counts.total(), phase.phase, counts);
    suite.add(fmt::format("cuts in phase {}: {}", phase.phase, name_of(each)), {},
              {tag_of(each), std::string(name_of(each)), message, message});
  }
}

std::string evidence_of(const store::Cycle& cycle) {
  std::string out = fmt::format("replay: otarig replay '{}'\n", cycle.intent.plan);
  for (const record::Finding& finding : cycle.outcome->judgement.findings) {
    out += fmt::format("{:.3f} s {}{}: {}\n", base::to_seconds(finding.at.time_since_epoch()),
                       finding.holds ? "" : "(remark) ", record::name_of(finding.verdict),
                       finding.text);
  }
  return out;
}

void add_cycle(Suite& suite, const store::Cycle& cycle, const std::string& name) {
  const store::CycleOutcome& outcome = *cycle.outcome;
  const Verdict verdict = outcome.judgement.verdict;
  suite.add(name, outcome.host,
            {tag_of(record::class_of(verdict)), std::string(record::name_of(verdict)),
             fmt::format("{} ({}), cut in phase {}", record::name_of(verdict), meaning_of(verdict),
                         outcome.judgement.phase),
             evidence_of(cycle)});
}

void add_cycles(Suite& suite, const CampaignReport& campaign) {
  std::size_t counterexamples = 0;
  for (const store::Cycle& cycle : campaign.cycles) {
    if (cycle.intent.kind != store::CycleKind::cut) {
      add_cycle(suite, cycle,
                fmt::format("{} run without a cut (cycle {})", store::name_of(cycle.intent.kind),
                            cycle.intent.index));
      continue;
    }
    const auto each = record::class_of(cycle.outcome->judgement.verdict);
    if (each == VerdictClass::pass || ++counterexamples > kLargestCounterexamples) continue;
    add_cycle(suite, cycle, cycle.intent.plan);
  }
}

// Runs without a cut beyond those that are listed: `listed` counts the ones that are.
void add_unlisted_runs(Suite& suite, const CampaignReport& campaign) {
  store::VerdictCounts listed;
  for (const store::Cycle& cycle : campaign.cycles) {
    if (cycle.intent.kind != store::CycleKind::cut) listed.add(cycle.outcome->judgement.verdict);
  }
  const store::CampaignSummary& summary = campaign.summary;
  for (const auto each : kClasses) {
    const auto all = summary.controls.of(each) + summary.runs.of(each);
    if (all == listed.of(each)) continue;
    const std::string message =
        fmt::format("{} more runs without a cut: {}", all - listed.of(each), name_of(each));
    suite.add(message, {}, {tag_of(each), std::string(name_of(each)), message, message});
  }
}

void add_known_bad(Suite& suite, const store::CampaignSummary& summary) {
  const std::uint64_t failures = summary.cuts.failures();
  const std::string message =
      fmt::format("the planted bug shows in {} of {} cuts", failures, summary.cuts.trials());
  suite.add("the known-bad firmware is convicted", summary.host,
            {failures != 0 ? "" : "error", "not convicted", message, message});
}

void add_open_cycles(Suite& suite, const store::CampaignSummary& summary) {
  if (summary.open_cycles == 0) return;
  const std::string message = fmt::format("{} cycles began and never ended", summary.open_cycles);
  suite.add("every cycle ends", {}, {"error", "open", message, message});
}

std::string property(std::string_view name, const std::string& value) {
  return "      " + xml_open("property", {{"name", std::string(name)}, {"value", value}}) + "/>\n";
}

std::string properties_of(const store::CampaignSummary& summary) {
  const store::Campaign& campaign = summary.campaign;
  std::string out = "    <properties>\n";
  out += property("scenario", campaign.scenario);
  out += property("board", campaign.board);
  if (!campaign.board_name.empty()) out += property("board.name", campaign.board_name);
  out += property("firmware", campaign.firmware);
  out += property("firmware.hash", campaign.firmware_hash);
  for (const auto& [image, hash] : campaign.image_hashes) {
    out += property("image." + image, hash);
  }
  for (const auto& [key, value] : campaign.labels) out += property("label." + key, value);
  out += property("seed", std::to_string(campaign.seed));
  out += property("otarig", campaign.otarig_version);
  out += property("state", std::string(store::name_of(campaign.state)));
  out += property("cuts.planned", std::to_string(campaign.points_planned));
  out += property("cuts.done", std::to_string(summary.cuts.total()));
  for (const store::FirstCut& first : summary.first_cuts) {
    out += property(fmt::format("plan.{}", record::name_of(first.verdict)), first.plan);
  }
  return out + "    </properties>\n";
}

std::string suite_text(const CampaignReport& campaign) {
  const store::CampaignSummary& summary = campaign.summary;
  Suite suite{.classname = summary.campaign.scenario, .cases = {}};
  if (summary.campaign.role == store::CampaignRole::known_bad) {
    add_known_bad(suite, summary);
  } else {
    for (const store::PhaseCounts& phase : summary.phases) add_phase(suite, phase);
    add_cycles(suite, campaign);
    add_unlisted_runs(suite, campaign);
  }
  add_open_cycles(suite, summary);
  std::string started = utc_text(summary.campaign.started_unix_us);
  started.pop_back();  // Surefire's timestamps carry no zone
  const std::string& board = summary.campaign.board_name;
  const std::string name =
      row_name(summary.campaign) + (board.empty() ? "" : fmt::format(" ({})", board));
  const XmlAttributes attributes{{"name", name},
                                 {"tests", std::to_string(suite.tests)},
                                 {"failures", std::to_string(suite.failures)},
                                 {"errors", std::to_string(suite.errors)},
                                 {"skipped", "0"},
                                 {"time", fmt::format("{:.3f}", base::to_seconds(summary.host))},
                                 {"timestamp", started}};
  return fmt::format("  {}>\n{}{}    <system-out>{}</system-out>\n  </testsuite>\n",
                     xml_open("testsuite", attributes), properties_of(summary), suite.cases,
                     xml_escaped(sentence_for(summary)));
}

}  // namespace

std::string junit(const ReportInput& input) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"otarig\">\n";
  for (const CampaignReport& campaign : input.campaigns) out += suite_text(campaign);
  return out + "</testsuites>\n";
}

}  // namespace rig::report
