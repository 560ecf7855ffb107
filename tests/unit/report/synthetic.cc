#include "unit/report/synthetic.h"

#include <fmt/format.h>

#include <array>

#include "base/random.h"
#include "record/cut_plan.h"
#include "store/cut_spot.h"

namespace rig::report {
namespace {

using record::Event;
using record::EventKind;
using record::Lane;
using record::Timeline;
using record::Verdict;

constexpr std::int64_t kStart = 1'795'000'000'000'000;

// One stretch of the update: `ops` program operations over `bytes` from `start`.
struct Stretch {
  const char* phase;
  std::uint32_t start;
  std::uint64_t ops;
  std::int64_t milliseconds;
};
constexpr std::array<Stretch, 9> kUpdate{{
    {"downloading", 0x080C0000, 16'512, 61'000},
    {"verifying", 0, 0, 400},
    {"pending", 0x08004B24, 12, 30},
    {"rebooting", 0, 0, 1'200},
    {"applying", 0x08080000, 16'386, 3'400},
    {"safe-mode", 0, 0, 14'000},
    {"downloading", 0x080C0000, 8'190, 31'000},
    {"pending", 0x08008B24, 12, 30},
    {"applying", 0x08020000, 8'191, 2'300},
}};
constexpr std::uint64_t kOps = 16'512 + 12 + 16'386 + 8'190 + 12 + 8'191;

struct Spot {
  std::string phase;
  std::uint32_t address{};
  std::uint64_t op{};
  std::int64_t at_ms{};
};

// The cut at `part` (0..1) of the update's time.
Spot spot_at(double part) {
  double total = 0;
  for (const Stretch& each : kUpdate) total += static_cast<double>(each.milliseconds);
  double left = part * total;
  std::uint64_t ops = 0;
  std::int64_t before = 20'000;  // until the update is offered
  for (const Stretch& each : kUpdate) {
    const auto ms = static_cast<double>(each.milliseconds);
    if (left <= ms) {
      const auto done = static_cast<std::uint64_t>(left / ms * static_cast<double>(each.ops));
      const std::uint32_t offset = static_cast<std::uint32_t>(done) * 4;
      return {each.phase, each.ops != 0 ? each.start + offset : 0,
              each.ops != 0 ? ops + done + 1 : 0, before + static_cast<std::int64_t>(left)};
    }
    left -= ms;
    ops += each.ops;
    before += each.milliseconds;
  }
  return spot_at(0.5);
}

Verdict verdict_of(const SyntheticRow& row, const Spot& spot, base::Random& chance) {
  if (chance.below(400) == 0) return Verdict::void_trial;
  const bool user_copy = spot.phase == "applying" && spot.address >= 0x08080000;
  if (user_copy && row.bootloader == "0.7.0" && spot.op != 0) return Verdict::user_firmware_lost;
  const bool safe = spot.at_ms > 100'000;
  const bool modem_dies = row.domains == "board+modem";
  if (safe && modem_dies && row.sim == "third-party" && row.mitigation == "none") {
    return Verdict::unreachable;
  }
  if (spot.phase == "applying") return Verdict::resumed;
  return spot.phase == "pending" && chance.below(3) == 0 ? Verdict::rolled_back : Verdict::retried;
}

Event event(std::int64_t ms, Lane lane, EventKind kind, std::string text) {
  return {base::Instant(std::chrono::milliseconds(ms)), lane, kind, 0, 0, std::move(text)};
}

void add_stretch(Timeline& timeline, const Stretch& stretch, std::int64_t begin) {
  timeline.push_back(
      event(begin, Lane::device, EventKind::observed, fmt::format("step phase={}", stretch.phase)));
  timeline.push_back(
      event(begin, Lane::console, EventKind::line,
            fmt::format("update phase={} </script><b>not markup</b>", stretch.phase)));
  const auto runs = static_cast<std::int64_t>(stretch.ops / 128);
  for (std::int64_t i = 0; i < runs; ++i) {
    const std::int64_t at = begin + stretch.milliseconds * i / runs;
    Event program = event(at, Lane::flash, EventKind::program, "");
    program.address = stretch.start + static_cast<std::uint32_t>(i) * 512;
    program.value = 128;
    timeline.push_back(program);
    if (std::string_view(stretch.phase) != "downloading") continue;
    timeline.push_back(event(at, Lane::modem, EventKind::urc, "+UUSORF: 0,531"));
    timeline.push_back(event(at, Lane::modem, EventKind::command, "AT+USORF=0,531"));
    timeline.push_back(event(at, Lane::server, EventKind::progress, "chunk"));
  }
}

Timeline trunk_timeline() {
  Timeline timeline{
      event(0, Lane::rig, EventKind::cycle_begin, "electron/synthetic"),
      event(0, Lane::power, EventKind::on, "board+modem"),
      event(120, Lane::console, EventKind::line, "bootloader ver=0.7.0 reset=power_down retry=0"),
      event(9'000, Lane::device, EventKind::observed, "online mode=normal user=1"),
      event(20'000, Lane::rig, EventKind::update_offered, "user=2 system=700")};
  std::int64_t begin = 20'000;
  for (const Stretch& each : kUpdate) {
    add_stretch(timeline, each, begin);
    begin += each.milliseconds;
  }
  timeline.push_back(event(begin + 9'000, Lane::device, EventKind::observed,
                           "online mode=normal user=2 system=700"));
  return timeline;
}

Timeline cut_timeline(const Timeline& trunk, const Spot& spot, const SyntheticRow& row,
                      Verdict verdict) {
  Timeline timeline;
  const base::Instant cut{std::chrono::milliseconds(spot.at_ms)};
  for (const Event& each : trunk) {
    if (each.at < cut) timeline.push_back(each);
  }
  Event landed =
      event(spot.at_ms, Lane::rig, EventKind::cut_landed,
            fmt::format("phase={}{}", spot.phase,
                        spot.op != 0 ? fmt::format(" op=program@0x{:08x}", spot.address) : ""));
  landed.value = spot.op;
  timeline.push_back(landed);
  if (spot.op != 0) {
    Event torn = event(spot.at_ms, Lane::flash, EventKind::torn, "prefix.1");
    torn.address = spot.address;
    torn.value = 1;
    timeline.push_back(torn);
  }
  const auto more = [&](std::int64_t ms, Lane lane, EventKind kind, std::string text) {
    timeline.push_back(event(spot.at_ms + ms, lane, kind, std::move(text)));
  };
  more(0, Lane::power, EventKind::off, row.domains);
  more(2'000, Lane::power, EventKind::on, row.domains);
  more(2'100, Lane::console, EventKind::line, "bootloader ver=0.7.0 reset=power_down retry=0");
  more(2'400, Lane::console, EventKind::line, "system ver=604 mode=safe user=none user_state=crc");
  if (verdict == Verdict::unreachable) {
    for (int i = 0; i < 20; ++i) {
      more(9'000 + i * 15'000, Lane::modem, EventKind::command, "AT+UPSDA=0,3");
      more(9'900 + i * 15'000, Lane::modem, EventKind::answer, "ERROR");
      more(9'950 + i * 15'000, Lane::console, EventKind::line,
           "modem refused apn=spark.telefonica.com");
    }
    more(302'000, Lane::rig, EventKind::deadline, "recovery-online");
  } else {
    more(11'000, Lane::device, EventKind::observed, "online mode=normal user=2 system=700");
    for (int i = 1; i <= 3; ++i) {
      more(12'000 + i * 14'000, Lane::rig, EventKind::clean_reboot, "");
      more(14'000 + i * 14'000, Lane::power, EventKind::off, "board");
      more(15'000 + i * 14'000, Lane::power, EventKind::on, "board");
      more(22'000 + i * 14'000, Lane::device, EventKind::observed, "online mode=normal");
    }
  }
  more(310'000, Lane::rig, EventKind::cycle_end, "");
  return timeline;
}

record::Judgement judgement_of(Verdict verdict, const Spot& spot) {
  record::Judgement judgement{verdict, spot.phase, {}};
  const base::Instant at{std::chrono::milliseconds(spot.at_ms + 300'000)};
  if (verdict == Verdict::unreachable) {
    judgement.findings = {
        {Verdict::unreachable, true, at, "not online within 300 s; 20 attempts refused"},
        {Verdict::apn_lost, true, at, "asks for apn=spark.telefonica.com, not iot.example.net"}};
  } else if (verdict == Verdict::user_firmware_lost) {
    judgement.findings = {{verdict, true, at, "user=none user_state=crc after the recovery"},
                          {Verdict::retried, false, at, "healed by the server after 41 s"}};
  } else {
    judgement.findings = {{verdict, true, at, "user=2 system=700 apn=iot.example.net"}};
  }
  return judgement;
}

std::int64_t begin_of(const SyntheticRow& row) {
  return kStart + std::int64_t{row.night} * 24 * 3600 * 1'000'000;
}

record::PlanId plan_of(const SyntheticRow& row, const Spot& spot) {
  record::CutPlan cut;
  cut.trigger =
      spot.op != 0
          ? record::Trigger(record::FlashOpTrigger{spot.op})
          : record::Trigger(record::TimeTrigger{std::chrono::milliseconds(spot.at_ms - 20'000)});
  cut.domains = {.board = true, .modem = row.domains != "board"};
  cut.torn = {record::TornKind::prefix, 1};
  return {fmt::format("electron/{}-{}-{}", row.bootloader, row.sim, row.domains), row.firmware_hash,
          cut, 7};
}

store::CampaignStart start_of(const SyntheticRow& row, std::uint64_t cuts) {
  store::CampaignStart start;
  start.scenario = plan_of(row, {}).scenario;
  start.scenario_yaml = "scenario: electron-third-party-sim\ndevice: electron\n";
  start.title = start.scenario;
  start.labels = {{"bootloader", row.bootloader},
                  {"sim", row.sim},
                  {"domains", row.domains},
                  {"mitigation", row.mitigation}};
  start.board = "sim";
  start.firmware = "electron-" + row.bootloader;
  start.firmware_hash = row.firmware_hash;
  start.image_hashes = {{"bootloader", "11aa22bb33cc"},
                        {"system 0.7.0", "44dd55ee66ff"},
                        {"user v2", "778899aabbcc"}};
  start.otarig_version = "0.1.0";
  start.seed = 7;
  start.started_unix_us = begin_of(row);
  start.batch = row.batch;
  start.board_name = row.board_name;
  start.points_planned = cuts;
  start.flash_ops_total = kOps;
  return start;
}

struct Result {
  std::pair<record::Judgement, store::PackedTimeline> judged;
  store::CutSpot spot;
};

void book(store::Store& store, store::CampaignId campaign, const store::CycleIntent& intent,
          const Result& result) {
  store::CycleOutcome outcome;
  outcome.judgement = result.judged.first;
  outcome.cut = result.spot;
  outcome.host = std::chrono::milliseconds(71);
  outcome.ended_unix_us = intent.started_unix_us + 71'000;
  store.finish_cycle(store.begin_cycle(campaign, intent), outcome, result.judged.second);
}

}  // namespace

std::vector<SyntheticRow> synthetic_rows() {
  std::vector<SyntheticRow> rows;
  for (const char* bootloader : {"0.6.4", "0.7.0", "2.0.0"}) {
    for (const char* sim : {"built-in", "third-party"}) {
      for (const char* domains : {"board", "board+modem"}) {
        rows.push_back({bootloader, sim, domains, "none"});
      }
    }
  }
  rows.push_back({"2.0.0", "third-party", "board+modem", "APN in configuration flash"});
  rows.push_back({"0.7.0", "third-party", "board+modem", "default APN list"});
  return rows;
}

store::CampaignId book_synthetic(store::Store& store, const SyntheticRow& row, std::uint64_t cuts) {
  const store::CampaignId campaign = store.begin_campaign(start_of(row, cuts));
  const Timeline trunk = trunk_timeline();
  store.set_trunk(campaign, trunk);
  book(store, campaign,
       {.index = 0,
        .plan = "control",
        .kind = store::CycleKind::control,
        .started_unix_us = begin_of(row)},
       {{{Verdict::survived_new, "none", {}}, store::pack(trunk, trunk)}, {}});
  base::Random chance(7);
  for (std::uint64_t i = 0; i < cuts; ++i) {
    const Spot spot = spot_at((static_cast<double>(i) + chance.unit()) / static_cast<double>(cuts));
    const Verdict verdict = verdict_of(row, spot, chance);
    const Timeline timeline =
        cut_timeline(i % row.timeline_every == 0 ? trunk : Timeline(), spot, row, verdict);
    book(store, campaign,
         {.index = i + 1,
          .plan = record::to_text(plan_of(row, spot)),
          .kind = store::CycleKind::cut,
          .started_unix_us = begin_of(row) + static_cast<std::int64_t>(i) * 71'000},
         {{judgement_of(verdict, spot), store::pack(timeline, trunk)},
          store::cut_spot_of(timeline)});
  }
  store.end_campaign(campaign, store::CampaignState::finished, begin_of(row) + 60'000'000);
  return campaign;
}

}  // namespace rig::report
