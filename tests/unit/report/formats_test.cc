// JUnit, JSON and CSV of the same campaigns.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "report/csv_report.h"
#include "report/json_report.h"
#include "report/junit_report.h"
#include "report/xml_writer.h"
#include "unit/report/synthetic.h"
#include "unit/store/store_fixture.h"

namespace rig::report {
namespace {

using record::Verdict;

ReportInput one_campaign() {
  store::TemporaryFile file;
  store::Store store(file.path());
  const store::CampaignId id = book_synthetic(store, SyntheticRow{}, 120);
  return load_campaigns(store, std::vector{id});
}

// Enough of XML 1.0 for what the writer makes: a prolog, elements, attributes, text. Returns the
// names of all elements in order; empty when the text is not well-formed.
class XmlCheck {
 public:
  explicit XmlCheck(std::string_view text) : text_(text) {}

  std::vector<std::string> elements() {
    const auto prolog = text_.find("?>");
    if (!text_.starts_with("<?xml") || prolog == std::string_view::npos) return {};
    text_.remove_prefix(prolog + 2);
    while (!text_.empty() && good_) step();
    return good_ && open_.empty() ? names_ : std::vector<std::string>{};
  }

 private:
  void step() {
    if (text_.front() != '<') return skip_text();
    const auto end = text_.find('>');
    good_ = end != std::string_view::npos;
    if (!good_) return;
    tag(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
  }
  void skip_text() {
    const auto end = std::min(text_.find('<'), text_.size());
    good_ = entities_are_known(text_.substr(0, end));
    text_.remove_prefix(end);
  }
  void tag(std::string_view inside) {
    if (inside.starts_with('/')) {
      good_ = !open_.empty() && open_.back() == inside.substr(1);
      if (good_) open_.pop_back();
      return;
    }
    const std::string name(inside.substr(0, inside.find_first_of(" /")));
    good_ = std::count(inside.begin(), inside.end(), '"') % 2 == 0 &&
            inside.find('<') == std::string_view::npos && entities_are_known(inside);
    names_.push_back(name);
    if (!inside.ends_with('/')) open_.push_back(name);
  }
  static bool entities_are_known(std::string_view text) {
    for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
      const auto name = text.substr(at + 1, text.find(';', at) - at - 1);
      if (name != "amp" && name != "lt" && name != "gt" && name != "quot" && name != "#10" &&
          name != "#9") {
        return false;
      }
    }
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
  }

  std::string_view text_;
  bool good_{true};
  std::vector<std::string> open_;
  std::vector<std::string> names_;
};

std::size_t count(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::count(names.begin(), names.end(), name));
}

TEST(XmlCheck, RejectsWhatIsNotWellFormed) {
  EXPECT_TRUE(XmlCheck("<?xml?><a><b></a></b>").elements().empty());
  EXPECT_TRUE(XmlCheck("<?xml?><a>x & y</a>").elements().empty());
  EXPECT_EQ(XmlCheck("<?xml?><a><b c=\"d\"/></a>").elements().size(), 2U);
}

TEST(Junit, IsWellFormedAndTellsDeviceFromRig) {
  ReportInput input = one_campaign();
  auto& judgement = input.campaigns[0].cycles[1].outcome->judgement;
  ASSERT_TRUE(is_failure(judgement.verdict));
  judgement.verdict = Verdict::rig_fault;
  judgement.findings = {{Verdict::rig_fault, true, {}, "relay <gone> & \"lost\" \x01\xff"}};
  const std::string text = junit(input);
  const auto names = XmlCheck(text).elements();
  ASSERT_FALSE(names.empty()) << text.substr(0, 2000);
  const auto& summary = input.campaigns[0].summary;
  EXPECT_EQ(count(names, "testsuite"), 1U);
  EXPECT_GE(count(names, "failure"), summary.cuts.failures());
  EXPECT_EQ(count(names, "error"), 1U);
  EXPECT_NE(text.find("type=\"rig-fault\""), std::string::npos);
  EXPECT_NE(text.find("name=\"seed\" value=\"7\""), std::string::npos);
  EXPECT_NE(text.find("name=\"firmware.hash\" value=\"3fa1b2c4d5e6\""), std::string::npos);
  EXPECT_NE(text.find("otarig replay 'electron/"), std::string::npos);
  const std::string tests = "tests=\"" + std::to_string(count(names, "testcase")) + "\"";
  EXPECT_NE(text.find(tests), std::string::npos) << tests;
}

TEST(Junit, APassingCampaignHasNoComplaint) {
  store::TemporaryFile file;
  store::Store store(file.path());
  const auto id = book_synthetic(store, {.bootloader = "2.0.0", .sim = "built-in"}, 60);
  const auto names = XmlCheck(junit(load_campaigns(store, std::vector{id}))).elements();
  EXPECT_GT(count(names, "testcase"), 2U);
  EXPECT_EQ(count(names, "failure") + count(names, "error"), 0U);
}

TEST(Junit, OpenCyclesAndFailedControlsAreErrors) {
  store::TemporaryFile file;
  store::Store store(file.path());
  const auto id = store.begin_campaign(store::some_campaign());
  const auto control = store.begin_cycle(id, store::intent(0, store::CycleKind::control));
  store.finish_cycle(control, store::outcome(Verdict::flaky_baseline, "none"), store::pack({}));
  (void)store.begin_cycle(id, store::intent(1));
  const std::string text = junit(load_campaigns(store, std::vector{id}));
  EXPECT_NE(text.find("errors=\"2\""), std::string::npos) << text;
  EXPECT_NE(text.find("1 cycles began and never ended"), std::string::npos);
}

TEST(Xml, ReplacesWhatXmlCannotCarry) {
  EXPECT_EQ(xml_escaped("a<b>&\"\n"), "a&lt;b&gt;&amp;&quot;&#10;");
  EXPECT_EQ(xml_escaped("\x01"), "\xEF\xBF\xBD");
  EXPECT_EQ(xml_escaped("\xC3\xA4\xFFx"), "\xC3\xA4\xEF\xBF\xBDx");
  EXPECT_EQ(xml_escaped("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // surrogate
}

TEST(Json, HasWhatTheSummaryPromises) {
  const ReportInput input = one_campaign();
  const auto report = nlohmann::json::parse(report_json(input));
  const auto& campaign = report["campaigns"][0];
  const auto& summary = input.campaigns[0].summary;
  EXPECT_EQ(campaign["scenario"], "electron/0.7.0-third-party-board+modem");
  EXPECT_EQ(campaign["board"], "sim");
  EXPECT_EQ(campaign["points"], 120);
  EXPECT_EQ(campaign["runs"], 120);
  EXPECT_EQ(campaign["control"], "survived-new");
  EXPECT_GT(campaign["seconds"], 1.0);
  EXPECT_EQ(campaign["verdicts"]["unreachable"], summary.cuts.of(Verdict::unreachable));
  ASSERT_EQ(campaign["counterexamples"].size(), summary.cuts.failures());
  const auto& first = campaign["counterexamples"][0];
  EXPECT_TRUE(first.contains("plan") && first.contains("phase") && first.contains("verdict"));
  EXPECT_FALSE(first["findings"].empty());
}

TEST(Junit, RunsBeyondTheListedOnesAreCounted) {
  store::TemporaryFile file;
  store::Store store(file.path());
  const auto id = store.begin_campaign(store::some_campaign());
  for (std::uint64_t i = 0; i < 7; ++i) {
    const auto control = store.begin_cycle(id, store::intent(i, store::CycleKind::control));
    const auto verdict = i == 5 ? Verdict::flaky_baseline : Verdict::survived_new;
    store.finish_cycle(control, store::outcome(verdict, "none"), store::pack({}));
  }
  const std::string text = junit(load_campaigns(store, std::vector{id}, {.without_cut = 3}));
  EXPECT_EQ(count(XmlCheck(text).elements(), "testcase"), 4U) << text;
  EXPECT_NE(text.find("errors=\"1\""), std::string::npos) << text;
  EXPECT_NE(text.find("4 more runs without a cut: pass"), std::string::npos) << text;
}

TEST(Junit, AKnownBadFirmwareHasToBeConvicted) {
  store::TemporaryFile file;
  store::Store store(file.path());
  auto start = store::some_campaign();
  start.role = store::CampaignRole::known_bad;
  const auto id = store.begin_campaign(start);
  const auto book = [&](std::uint64_t index, Verdict verdict) {
    const auto cycle = store.begin_cycle(id, store::intent(index));
    store.finish_cycle(cycle, store::outcome(verdict, "applying"), store::pack({}));
  };
  book(0, Verdict::resumed);
  std::string text = junit(load_campaigns(store, std::vector{id}));
  EXPECT_NE(text.find("errors=\"1\""), std::string::npos) << text;
  book(1, Verdict::bricked);
  text = junit(load_campaigns(store, std::vector{id}));
  EXPECT_NE(text.find("failures=\"0\" errors=\"0\""), std::string::npos) << text;
}

TEST(Json, CountsTheCounterexamplesThatItLeavesOut) {
  store::TemporaryFile file;
  store::Store store(file.path());
  const auto id = book_synthetic(store, SyntheticRow{}, 2'000);
  const ReportInput input = load_campaigns(store, std::vector{id}, {.failures = 1});
  const auto campaign = nlohmann::json::parse(report_json(input))["campaigns"][0];
  EXPECT_EQ(campaign["counterexamples"].size(), 200U);
  EXPECT_EQ(campaign["counterexamples_left_out"].get<std::uint64_t>() + 200,
            input.campaigns[0].summary.cuts.failures());
}

TEST(Csv, HasOneQuotedLinePerCycle) {
  store::TemporaryFile file;
  store::Store store(file.path());
  const auto id = book_synthetic(store, SyntheticRow{}, 120);
  const auto odd = store.begin_cycle(id, store::intent(121));
  auto outcome = store::outcome(Verdict::stuck, "a,b");
  outcome.judgement.findings = {{Verdict::retried, false, {}, "a remark"},
                                {Verdict::stuck, true, {}, "says \"no\", twice"}};
  store.finish_cycle(odd, outcome, store::pack({}));
  (void)store.begin_cycle(id, store::intent(122));
  std::ostringstream written;
  write_csv(store, std::vector{id}, written);
  const std::string text = written.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 124);  // header, control, 122 cuts
  EXPECT_NE(text.find("stuck,lost,\"a,b\","), std::string::npos);
  EXPECT_NE(text.find("\"says \"\"no\"\", twice\""), std::string::npos);
  EXPECT_NE(text.find(",open,"), std::string::npos);
  const auto columns = [](std::string_view line) {
    return std::count(line.begin(), line.end(), ',');
  };
  const std::string_view header(text.data(), text.find('\n'));
  const auto open_at = text.rfind('\n', text.find(",open,")) + 1;
  const std::string_view open(text.data() + open_at, text.find('\n', open_at) - open_at);
  EXPECT_EQ(columns(open), columns(header));
}

// Read together or one by one, in groups or not: the same table.
TEST(Csv, IsTheSameHoweverItIsRead) {
  store::TemporaryFile file;
  store::Store store(file.path());
  std::vector<store::CampaignId> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(store.begin_campaign(store::some_campaign()));
  for (std::uint64_t index = 5; index-- > 0;) {
    for (const auto id : ids) {
      store.finish_cycle(store.begin_cycle(id, store::intent(index)),
                         store::outcome(Verdict::resumed), store::pack({}));
    }
  }
  (void)store.begin_cycle(ids[2], store::intent(5));
  const auto table = [&](std::uint64_t lines_at_once) {
    std::ostringstream written;
    write_csv(store, ids, written, lines_at_once);
    return written.str();
  };
  const std::string one_by_one = table(0);
  EXPECT_EQ(std::count(one_by_one.begin(), one_by_one.end(), '\n'), 22);
  EXPECT_LT(one_by_one.find("\n2,"), one_by_one.find("\n3,"));
  EXPECT_EQ(table(100), one_by_one);  // all of them
  EXPECT_EQ(table(11), one_by_one);   // two, then two that are one too many
  EXPECT_EQ(table(5), one_by_one);
}

}  // namespace
}  // namespace rig::report
