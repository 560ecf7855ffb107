#include "ota/update_server.h"

#include <gtest/gtest.h>

#include "unit/ota/scripted_device.h"

namespace rig::ota {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Lab;
using testing::make_entry;

const Catalogue& catalogue() {
  static const Catalogue all{
      make_entry({.function = ModuleFunction::user, .version = 1, .needs_system = 604}),
      make_entry(
          {.function = ModuleFunction::user, .version = 2, .needs_system = 700, .bytes = 65540}),
      make_entry({.function = ModuleFunction::system, .version = 700, .bytes = 20000}),
      make_entry({.function = ModuleFunction::bootloader, .version = 2000, .bytes = 9000})};
  return all;
}

const base::Bytes& image_of(ModuleFunction function, std::uint16_t version) {
  return entry_of(catalogue(), function, version)->image;
}

void install_v1(Lab& lab) {
  lab.device.installed = {
      {ModuleFunction::bootloader, 700}, {ModuleFunction::system, 604}, {ModuleFunction::user, 1}};
}

// A device with user 1 on system 604 that is to get user 2, and with it system 700.
void start_update(Lab& lab, Target target = {.user = 2}) {
  install_v1(lab);
  lab.server.set_target(target, lab.now);
  lab.device.boot(40);
}

std::function<bool()> reached(Lab& lab) {
  return [&lab] { return lab.traced(TraceKind::note, "target reached"); };
}

TEST(UpdateServer, WholeUpdateInOrderWithTheTextsOfTheTimeline) {
  Lab lab(catalogue(), {}, {});
  start_update(lab, {.user = 2, .system = 700});
  lab.run(hours(1));
  EXPECT_EQ(lab.texts(TraceKind::session),
            (std::vector<std::string>{
                "hello mode=normal session=1a01 reset=40", "gone reason=new-session",
                "hello mode=safe session=1a02 reset=70", "gone reason=new-session",
                "hello mode=normal session=1a03 reset=70"}))
      << lab.story();
  EXPECT_EQ(lab.texts(TraceKind::describe),
            (std::vector<std::string>{"user=1 system=604 bootloader=700",
                                      "user=2 system=604 bootloader=700 missing=system:700",
                                      "user=2 system=700 bootloader=700"}));
  EXPECT_EQ(lab.texts(TraceKind::offer),
            (std::vector<std::string>{"module=user ver=2 len=65540 attempt=1",
                                      "module=system ver=700 len=20000 attempt=1"}));
  EXPECT_EQ(lab.texts(TraceKind::healing),
            std::vector<std::string>{"module=system ver=700 because user 2 needs it"});
  EXPECT_EQ(lab.texts(TraceKind::result),
            (std::vector<std::string>{"module=user ver=2 code=0", "module=system ver=700 code=0"}));
  EXPECT_EQ(lab.texts(TraceKind::note), std::vector<std::string>{"target reached"});
  std::vector<std::uint64_t> progress;
  for (const Trace& trace : lab.traces) {
    if (trace.kind == TraceKind::progress) progress.push_back(trace.value);
  }
  EXPECT_EQ(progress, (std::vector<std::uint64_t>{32, 64, 96, 128, 32}));
  EXPECT_TRUE(lab.traced(TraceKind::progress, "module=user ver=2 of=129"));
}

TEST(UpdateServer, TheImageArrivesByteForByte) {
  Lab lab(catalogue(), {}, {});
  start_update(lab);
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 1; });
  EXPECT_EQ(lab.device.last_image, image_of(ModuleFunction::user, 2));
}

TEST(UpdateServer, FastModePacesItsChunks) {
  Lab lab(catalogue(), {.chunk_interval = std::chrono::milliseconds(250)}, {});
  start_update(lab);
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 1; });
  // 129 chunks with 250 ms between them, six trips of 300 ms before and one after.
  const double took = base::to_seconds(lab.now.time_since_epoch());
  EXPECT_GT(took, 128 * 0.25);
  EXPECT_LT(took, 128 * 0.25 + 3);
}

class LossyUpdate : public ::testing::TestWithParam<std::tuple<TransferMode, std::uint64_t>> {};

TEST_P(LossyUpdate, EndsWithTheTarget) {
  const auto [mode, seed] = GetParam();
  Lab lab(catalogue(), {.mode = mode}, {.loss = 0.1}, seed);
  lab.device.on_install = [](const base::Bytes& image) {
    const bool user = base::read_le32(image, 0) == 0x08080000;
    EXPECT_TRUE(image == image_of(user ? ModuleFunction::user : ModuleFunction::system,
                                  user ? std::uint16_t{2} : std::uint16_t{700}));
    return true;
  };
  start_update(lab, {.user = 2, .system = 700});
  lab.run(hours(12), reached(lab));
  EXPECT_TRUE(lab.traced(TraceKind::note, "target reached")) << lab.story();
  EXPECT_EQ(lab.device.installed.at(ModuleFunction::user), 2);
  EXPECT_EQ(lab.device.installed.at(ModuleFunction::system), 700);
  EXPECT_EQ(lab.traced(TraceKind::note, "repair chunks="), mode == TransferMode::fast);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LossyUpdate,
                         ::testing::Combine(::testing::Values(TransferMode::fast,
                                                              TransferMode::confirmed),
                                            ::testing::Range<std::uint64_t>(1, 21)));

TEST(UpdateServer, ConfirmedModeSendsOneChunkAtATime) {
  Lab lab(catalogue(), {.mode = TransferMode::confirmed}, {});
  start_update(lab);
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 1; });
  EXPECT_EQ(lab.device.last_image, image_of(ModuleFunction::user, 2));
  const double took = base::to_seconds(lab.now.time_since_epoch());
  EXPECT_GT(took, 129 * 0.6);  // a round trip of 600 ms for each
  EXPECT_TRUE(lab.device.con_chunks_seen_twice.empty());
}

TEST(UpdateServer, PowerLossInTheMiddleIsOfferedAgainFromChunkZero) {
  Lab lab(catalogue(), {}, {});
  start_update(lab);
  lab.run(hours(1), [&] { return lab.traced(TraceKind::progress, "of=129"); });
  lab.device.power_off();
  lab.run(minutes(3));
  EXPECT_TRUE(lab.traced(TraceKind::session, "gone reason=no-answer code=done")) << lab.story();
  EXPECT_FALSE(lab.server.wake_time());
  lab.device.boot(40);
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 1; });
  EXPECT_TRUE(lab.traced(TraceKind::offer, "module=user ver=2 len=65540 attempt=2"));
  EXPECT_EQ(lab.device.last_image, image_of(ModuleFunction::user, 2));
}

TEST(UpdateServer, NewSessionInTheMiddleOfATransferEndsIt) {
  Lab lab(catalogue(), {}, {});
  start_update(lab);
  lab.run(hours(1), [&] { return lab.traced(TraceKind::progress, "of=129"); });
  lab.device.boot(20);
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 1; });
  EXPECT_TRUE(lab.traced(TraceKind::session, "gone reason=new-session"));
  EXPECT_TRUE(lab.traced(TraceKind::offer, "attempt=2"));
}

TEST(UpdateServer, NewConnectionWithTheSameSessionNumberAndIdIsNew) {
  Lab lab(catalogue(), {}, {});
  lab.device.fixed_session = 0x77;
  start_update(lab, {.user = 2, .system = 700});
  lab.run(hours(1), [&] { return lab.traced(TraceKind::progress, "of=129"); });
  lab.device.boot(40);
  lab.run(hours(1), reached(lab));
  EXPECT_TRUE(lab.traced(TraceKind::note, "target reached")) << lab.story();
}

TEST(UpdateServer, AcceptedButForgottenUpdateIsOfferedAgain) {
  Lab lab(catalogue(), {}, {});
  int copies = 0;
  lab.device.on_install = [&](const base::Bytes&) { return ++copies > 2; };
  start_update(lab, {.user = 2, .system = 700});
  lab.run(hours(2), reached(lab));
  EXPECT_TRUE(lab.traced(TraceKind::note, "target reached"));
  EXPECT_TRUE(lab.traced(TraceKind::offer, "module=user ver=2 len=65540 attempt=3"));
}

TEST(UpdateServer, OfferLimitEndsTheRetriesOfOneTarget) {
  Lab lab(catalogue(), {.offers = 2}, {});
  lab.device.on_install = [](const base::Bytes&) { return false; };
  start_update(lab);
  lab.run(hours(2));
  EXPECT_EQ(lab.device.begins, 2);
  EXPECT_TRUE(lab.traced(TraceKind::note, "module=user ver=2 was offered 2 times: no more"));
  lab.server.set_target({.user = 2}, lab.now);  // the same wish: no new count
  lab.run(hours(1));
  EXPECT_EQ(lab.device.begins, 2);
  lab.server.set_target({.user = 2, .system = 604}, lab.now);
  lab.run(hours(1));
  EXPECT_EQ(lab.device.begins, 4);
}

TEST(UpdateServer, EmptyUserSlotIsRestoredAfterItsSystem) {
  Lab lab(catalogue(), {}, {});
  lab.device.installed = {{ModuleFunction::bootloader, 700}, {ModuleFunction::system, 604}};
  lab.server.set_target({.user = 2, .system = 700}, lab.now);
  lab.device.boot(40);
  lab.run(hours(1), reached(lab));
  EXPECT_EQ(lab.texts(TraceKind::healing),
            (std::vector<std::string>{"module=system ver=700 because user 2 needs it",
                                      "module=user ver=2 because it is missing"}))
      << lab.story();
  EXPECT_FALSE(lab.device.safe_mode());
}

TEST(UpdateServer, CorruptUserModuleIsRestored) {
  Lab lab(catalogue(), {}, {});
  install_v1(lab);
  lab.device.corrupt.insert(ModuleFunction::user);
  lab.server.set_target({.user = 1}, lab.now);
  lab.device.boot(60);
  lab.run(hours(1), reached(lab));
  EXPECT_TRUE(lab.traced(TraceKind::describe, "corrupt=user"));
  EXPECT_FALSE(lab.device.safe_mode()) << lab.story();
}

TEST(UpdateServer, HealingNeedsNoTarget) {
  Lab lab(catalogue(), {}, {});
  install_v1(lab);
  lab.device.installed[ModuleFunction::user] = 2;
  lab.device.boot(70);
  lab.run(minutes(30));
  EXPECT_EQ(lab.device.installed.at(ModuleFunction::system), 700) << lab.story();
}

TEST(UpdateServer, HealingSwitchedOffLeavesTheDeviceInSafeMode) {
  Lab lab(catalogue(), {.healing = false}, {});
  start_update(lab, {.user = 2, .system = 700});
  lab.run(hours(1));
  EXPECT_TRUE(lab.device.safe_mode());
  EXPECT_TRUE(lab.traced(TraceKind::note, "safe mode, and healing is off"));
}

TEST(UpdateServer, TargetOutsideTheCatalogueIsNotedOnly) {
  Lab lab(catalogue(), {}, {});
  start_update(lab, {.user = 99});
  lab.run(hours(1));
  EXPECT_EQ(lab.device.begins, 0);
  EXPECT_TRUE(lab.traced(TraceKind::note, "module=user ver=99 is not in the catalogue"));
}

TEST(UpdateServer, DeviceThatRefusesIsAskedAgainAtItsNextDescribe) {
  Lab lab(catalogue(), {}, {});
  lab.device.refuse_begin = true;
  start_update(lab);
  lab.run(hours(1));
  EXPECT_EQ(lab.device.begins, 1);
  EXPECT_TRUE(lab.traced(TraceKind::note, "refused by the device: module=user ver=2"));
  lab.device.refuse_begin = false;
  lab.device.boot(140);
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 1; });
  EXPECT_EQ(lab.device.transfers_completed, 1);
}

TEST(UpdateServer, BadResultIsReportedAndOfferedAgain) {
  Lab lab(catalogue(), {}, {});
  lab.device.result_code = 3;
  start_update(lab);
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 2; });
  EXPECT_TRUE(lab.traced(TraceKind::result, "module=user ver=2 code=3"));
  EXPECT_TRUE(lab.traced(TraceKind::offer, "attempt=2"));
}

TEST(UpdateServer, TargetSetDuringASessionTakesEffectAtOnce) {
  Lab lab(catalogue(), {}, {});
  install_v1(lab);
  lab.device.boot(40);
  lab.run(minutes(5));
  EXPECT_EQ(lab.device.begins, 0);
  lab.server.set_target({.bootloader = 2000}, lab.now);
  lab.run(hours(1), reached(lab));
  EXPECT_EQ(lab.device.installed.at(ModuleFunction::bootloader), 2000);
}

TEST(UpdateServer, AnswersGoToTheLastSourceOfTheSession) {
  Lab lab(catalogue(), {}, {});
  install_v1(lab);
  lab.device.boot(40);
  lab.run(minutes(1));
  lab.device.endpoint.port = 50000;  // the address translator forgot the old binding
  lab.up(encode(Datagram{MessageType::con, Code::ping, 900, {}}), lab.device.endpoint);
  lab.server.set_target({.user = 2, .system = 700}, lab.now);
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 1; });
  EXPECT_EQ(lab.device.transfers_completed, 1);
  EXPECT_EQ(lab.last_destination->port, 50000);
}

TEST(UpdateServer, CopiesGoTheirOwnWays) {
  Lab lab(catalogue(), {}, {});
  start_update(lab);
  lab.run(hours(1), [&] { return lab.traced(TraceKind::progress, "of=129"); });
  UpdateServer copy = lab.server;
  lab.run(hours(1), [&] { return lab.device.transfers_completed == 1; });
  ASSERT_TRUE(copy.wake_time());
  copy.advance(*copy.wake_time());
  EXPECT_EQ(copy.take_outputs().size(), 1u);  // the next chunk, as if the original had not gone on
}

}  // namespace
}  // namespace rig::ota
