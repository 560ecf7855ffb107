// The YAML of links: what it names, and how it complains.
#include "scenario/link_profile.h"

#include <gtest/gtest.h>

#include "scenario/fixtures.h"
#include "unit/scenario/bench_files.h"

namespace rig::scenario {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using test::complaint_of;

class LinkFile : public test::BenchFiles {
 protected:
  [[nodiscard]] link::Profile read(const std::string& text) const {
    write("fixtures/links/line.yaml", text);
    return load_link(library(), "line");
  }
  [[nodiscard]] std::string complaint(const std::string& text) const {
    return complaint_of([&] { static_cast<void>(read(text)); });
  }
  // Of one entry of impairments, in line 3.
  [[nodiscard]] std::string entry_complaint(const std::string& entry) const {
    return complaint("both: {rate: 1kbit/s}\nimpairments:\n  - {" + entry + "}\n");
  }
  [[nodiscard]] link::Impairment entry(const std::string& text) const {
    return read("both: {rate: 1kbit/s}\nimpairments: [{" + text + "}]\n").impairments.at(0);
  }
};

void expect_says(const std::string& said, const std::string& part) {
  EXPECT_NE(said.find(part), std::string::npos) << said;
}

TEST_F(LinkFile, APathIsReadWhole) {
  const link::Path path =
      read(
          "both:\n  rate: 15.6kbit/s\n  delay: 800ms\n"
          "  jitter: {by: 400ms, spread: pareto-normal, correlation: 30%, reorders: true}\n"
          "  loss: {gilbert_elliott: {enter: 1%, leave: 25%, loss_bad: 75%}}\n"
          "  queue: {packets: 50, bytes: 64KB, length: 20s, policy: codel, target: 60ms}\n"
          "  framing: {overhead: 8, cell: 48, cell_overhead: 5}\n"
          "  ecn: true\n  mtu: {bytes: 576, larger: black-hole}\n")
          .down;
  EXPECT_DOUBLE_EQ(path.rate_bps, 15'600);
  EXPECT_EQ(path.jitter_shape.spread, link::Spread::pareto_normal);
  EXPECT_DOUBLE_EQ(path.jitter_shape.correlation, 0.3);
  EXPECT_FALSE(path.jitter_shape.keeps_order);
  const link::LossModel bursts = link::GilbertElliott{0.01, 0.25, 0.75, 0};
  EXPECT_EQ(path.loss_model, bursts);
  EXPECT_EQ(path.queue_packets, 50U);
  const link::QueueLimits queue{
      .bytes = 65'536, .length = 20s, .policy = link::QueuePolicy::codel, .codel_target = 60ms};
  EXPECT_EQ(path.queue, queue);
  EXPECT_EQ(path.framing.cell_bytes, 48U);
  EXPECT_TRUE(path.marks);
  EXPECT_EQ(path.mtu, 576U);
  EXPECT_EQ(path.oversize, link::Oversize::black_hole);
}

TEST_F(LinkFile, ATraceStandsBesideIt) {
  write("fixtures/links/walk.trace", "1\n5\n");
  const link::Path path = read("up: {rate: unlimited}\ndown: {trace: walk.trace}\n").down;
  EXPECT_EQ(path.trace.milliseconds.size(), 2U);
  write("fixtures/links/walk.trace", "5\n1\n");
  expect_says(complaint("up: {rate: unlimited}\ndown: {trace: walk.trace}\n"),
              "walk.trace:2:1: the trace goes back from 5 ms to 1 ms");
  expect_says(complaint("both: {trace: none.trace}\n"), "line.yaml:1:15: cannot read '");
}

TEST_F(LinkFile, RatesSharesAndSizesOutOfRangeAreNamed) {
  expect_says(complaint("both: {rate: 0bit/s}\n"),
              "line.yaml:1:14: a rate of 0 passes nothing; write 50kbit/s, or rate: unlimited");
  expect_says(complaint("both: {rate: -5bit/s}\n"), "line.yaml:1:14: '-5bit/s' is no rate");
  expect_says(complaint("both: {rate: 1bit/s, loss: 101%}\n"), "line.yaml:1:28: '101%'");
  expect_says(complaint("both: {rate: 1bit/s, mtu: 67}\n"),
              "line.yaml:1:27: an MTU of 67 bytes; IPv4 needs 68 to 65535");
  expect_says(complaint("both: {delay: 1s}\n"), "key 'rate' is missing");
  expect_says(complaint("both: {rate: 1bit/s, loss: {four_state: {p13: 1%}}}\n"),
              "a burst would never end");
  expect_says(complaint("both: {rate: 1bit/s, jitter: {by: 1ms, spread: nromal}}\n"),
              "Did you mean 'normal'?");
  expect_says(complaint("both: {rate: 1bit/s}\nnat: {timeout: 0s}\n"), "line.yaml:2:16:");
}

TEST_F(LinkFile, AnImpairmentSaysWhichWhenAndWhat) {
  const link::Impairment late = entry(
      "name: late-acks, delay: 2s, direction: up, only: {ack_only: true, port: 80}, phase: "
      "applying, "
      "from: 10s, for: 20s, chance: 25%");
  EXPECT_EQ(late.name, "late-acks");
  EXPECT_EQ(late.when.phase, "applying");
  EXPECT_EQ(late.when.from, base::kCycleStart + 10s);
  EXPECT_EQ(late.when.until, base::kCycleStart + 30s);
  EXPECT_EQ(late.which.direction, Direction::up);
  EXPECT_TRUE(late.which.ack_only);
  EXPECT_EQ(late.which.port, 80);
  EXPECT_DOUBLE_EQ(late.pick.chance, 0.25);
  EXPECT_EQ(late.effect, link::Effect(link::Delay{.by = 2s}));

  const link::Impairment some =
      entry("lose: true, packets: [3, 10-12], bytes: {from: 1KB, for: 1KB}");
  EXPECT_EQ(some.name, "lose");
  EXPECT_EQ(some.pick.packets, (std::vector<link::Pick::Range>{{3, 3}, {10, 12}}));
  EXPECT_EQ(some.when.bytes_from, 1024U);
  EXPECT_EQ(some.when.bytes_until, 2048U);

  const link::Impairment path = entry("path: {down: {delay: 3s}}, rhythm: {on: 10s, off: 5s}");
  const auto& replace = std::get<link::Replace>(path.effect);
  EXPECT_FALSE(replace.up.has_value());
  EXPECT_EQ(replace.down->delay, 3s);
  EXPECT_EQ(replace.down->rate_bps, 1000);
  EXPECT_EQ(path.when.off, 5s);
}

TEST_F(LinkFile, AnImpairmentIsOneThingAndSomething) {
  expect_says(entry_complaint("drop: true, delay: 1s"),
              "line.yaml:3:25: 'drop' and 'delay' in one entry");
  expect_says(entry_complaint("phase: applying"), "line.yaml:3:5: nothing happens here");
  expect_says(entry_complaint("name: x"), "nothing happens here");
  expect_says(entry_complaint("drop: false"), "leave the impairment out");
  expect_says(entry_complaint("drop: true, for: 0s"), "in force for no time");
  expect_says(entry_complaint("drop: true, packets: [0]"), "'0' counts no packets");
  expect_says(entry_complaint("drop: true, packets: [9-5]"), "'9-5' counts no packets");
  expect_says(entry_complaint("drop: true, chance: 200%"), "'200%'");
  expect_says(entry_complaint("dorp: true"), "unknown key 'dorp'");
  expect_says(entry_complaint("path: {}"), "a path that changes nothing");
}

TEST_F(LinkFile, BoxesOnTheWayAreReadAndHaveToMakeSense) {
  const auto names = entry("names: {answer: 10.66.0.1}, only: {contains: upgrades}, for: 20s");
  EXPECT_EQ(names.effect, link::Effect(link::Names{.address = 0x0A420001}));
  EXPECT_EQ(entry("names: {fails: server-failure}").effect,
            link::Effect(link::Names{.code = base::DnsCode::server_failure}));
  EXPECT_EQ(entry("divert: '10.66.0.1:8080', only: {port: 80}").effect,
            link::Effect(link::Divert{{0x0A420001, 8080}}));
  EXPECT_EQ(entry("nat: {timeout: 30s, rebinds: false}, phase: downloading").effect,
            link::Effect(link::Nat{.timeout = 30s, .rebinds = false}));
  expect_says(entry_complaint("names: {}"), "line.yaml:3:13: say one thing of names");
  expect_says(entry_complaint("names: {answer: 10.66.0}"), "'10.66.0' is no IPv4 address");
  expect_says(entry_complaint("names: {fails: maybe}"), "no-such-name");
  expect_says(entry_complaint("divert: 10.66.0.1"), "has no port; write '10.66.0.1:80'");
  expect_says(entry_complaint("divert: '10.66.0.1:0'"), "no port from 1 to 65535");
  expect_says(entry_complaint("nat: {timeout: 0s}"), "a binding that expires at once");
}

TEST_F(LinkFile, AScenarioOverridesAProfile) {
  const Value value = parse_yaml(
      "{profile: line, down: {delay: 7s}, during: [{drop: true, phase: applying}]}", "case.yaml");
  Section section(value);
  (void)section.need("profile", "");
  link::Profile profile = read("both: {rate: 1kbit/s, loss: 2%}\n");
  apply_link_overrides(section, root_, profile);
  section.done();
  EXPECT_EQ(profile.down.delay, 7s);
  EXPECT_DOUBLE_EQ(profile.down.loss, 0.02);
  EXPECT_EQ(profile.up.delay, 0s);
  ASSERT_EQ(profile.impairments.size(), 1U);
  EXPECT_EQ(profile.impairments[0].when.phase, "applying");
}

}  // namespace
}  // namespace rig::scenario
