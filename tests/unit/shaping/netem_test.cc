// netem's bytes, against those that were written down from the kernel's header; and what a killed
// process leaves behind.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/rig_error.h"
#include "shaping/footprint.h"
#include "shaping/interface.h"
#include "shaping/netem_link.h"
#include "shaping/netem_message.h"
#include "shaping/qdisc.h"
#include "unit/shaping/lab_test.h"

namespace rig::shaping {
namespace {

using namespace std::chrono_literals;

constexpr link::Path kCrawl{.rate_bps = 320, .delay = 200ms, .loss = 0.5, .queue_packets = 10};

base::Bytes options_of(const NetemSettings& settings) {
  NetlinkMessage message(RTM_NEWQDISC, 0);
  add_netem(message, settings);
  const base::Bytes bytes = message.bytes(1);
  const Attributes all = attributes_in(base::ByteView(bytes).subspan(16));
  EXPECT_EQ(base::as_text(all.at(TCA_KIND)), std::string_view("netem\0", 6));
  const base::ByteView options = all.at(TCA_OPTIONS);
  return {options.begin(), options.end()};
}

TEST(Netem, IsWrittenAsTheKernelReadsIt) {
  const base::Bytes bytes = options_of(netem_of(kCrawl));
  EXPECT_EQ(base::read_le32(bytes, 0), 3'125'000U);  // 200 ms in ticks of 64 ns
  EXPECT_EQ(base::read_le32(bytes, 4), 12U);         // the queue, one under way, one on the line
  EXPECT_EQ(base::read_le32(bytes, 8), 0x80000000U);
  const Attributes all = attributes_in(base::ByteView(bytes).subspan(24));
  ASSERT_TRUE(all.contains(6) && all.contains(10));  // RATE, LATENCY64
  EXPECT_EQ(base::read_le32(all.at(6), 0), 40U);
  // The kernel counts the Ethernet header, which the line of the model does not carry.
  EXPECT_EQ(base::read_le32(all.at(6), 4), static_cast<std::uint32_t>(-14));
  EXPECT_EQ(base::read_le32(all.at(10), 0), 200'000'000U);
}

TEST(Netem, ReadsBackWhatItWrote) {
  for (const NetemSettings& each :
       {netem_of({}), netem_of(kCrawl), NetemSettings{.latency_ns = 3, .rate_bytes_s = 1ULL << 33},
        NetemSettings{.loss = 0xFFFFFFFF},
        netem_of({.rate_bps = 8000,
        .framing = {.overhead_bytes = 8, .cell_bytes = 48, .cell_overhead_bytes = 5}})}) {
    EXPECT_EQ(netem_in(options_of(each)), each);
  }
}

TEST(Netem, CarriesTheFramingOfALine) {
  const NetemSettings cells =
      netem_of({.rate_bps = 8000,
                .framing = {.overhead_bytes = 8, .cell_bytes = 48, .cell_overhead_bytes = 5}});
  EXPECT_EQ(cells.packet_overhead, 8 - 14);
  EXPECT_EQ(cells.cell_bytes, 48U);
  EXPECT_EQ(cells.cell_overhead, 5);
  EXPECT_EQ(netem_of({}).packet_overhead, 0);  // nothing to count without a rate
}

TEST(Netem, SaysEachDifferenceAndReadsNothingBehindTheEnd) {
  NetemSettings has = netem_of(kCrawl);
  has.rate_bytes_s = 41;
  has.loss = 0;
  EXPECT_EQ(differences(netem_of(kCrawl), has),
            (std::vector<std::string>{"rate_bytes_s: asked for 40, has 41",
                                      "loss: asked for 2147483648, has 0"}));
  const base::Bytes bytes = options_of(netem_of(kCrawl));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    (void)netem_in(base::ByteView(bytes).first(length));
  }
}

// Somebody who lives in the namespace that this thread is in, and does nothing there.
class Inhabitant {
 public:
  Inhabitant() : process_(::fork()) {
    if (process_ != 0) return;
    ::pause();
    ::_exit(0);
  }
  ~Inhabitant() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Inhabitant(const Inhabitant&) = delete;
  Inhabitant& operator=(const Inhabitant&) = delete;

 private:
  pid_t process_;
};

class OnTheMachine : public LabTest {
 protected:
  void SetUp() override {
    LabTest::SetUp();
    if (!lab_) return;
    inside_.emplace(lab_->middle());
    folder_ = std::filesystem::temp_directory_path() /
              ("otarig-footprints-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // What a process left that had our own number, and was started at another time: not us.
  void leave_behind(const std::string& lines) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / (std::to_string(::getpid()) + "-1-1.link")) << lines;
  }

  std::optional<io::InNetNamespace> inside_;
  std::filesystem::path folder_;
};

TEST_F(OnTheMachine, NetemShapesOrSaysThatTheKernelHasNone) {
  const NetemLink::Settings settings{.board_side = NetworkLab::kBoardSide,
                                     .server_side = NetworkLab::kServerSide,
                                     .footprints = folder_};
  try {
    const NetemLink link({.name = "crawl", .up = kCrawl, .down = kCrawl, .outages = {}}, settings);
    EXPECT_EQ(root_qdisc(NetworkLab::kBoardSide)->kind, "netem");
  } catch (const base::RigError& error) {
    EXPECT_NE(std::string(error.what()).find("write engine: packets"), std::string::npos)
        << error.what();
  }
  EXPECT_FALSE(root_qdisc(NetworkLab::kBoardSide)->by_hand);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(OnTheMachine, WhatADeadProcessLeftIsUndoneAndWhatALivingOneHasIsNot) {
  const std::string name = NetworkLab::kBoardSide;
  {
    Footprint mine(folder_);
    mine.note("offload gro " + name);
    EXPECT_TRUE(left_behind(folder_).empty());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
  set(name, Offload::receive_merging, false);
  // The last line was never finished.
  leave_behind("offload gro " + name + "\noffload gro gone\noffload gso " + name);
  EXPECT_EQ(left_behind(folder_), (std::vector<std::string>{"gro of " + name, "gro of gone"}));
  EXPECT_FALSE(undo_left_behind(folder_).empty());
  EXPECT_TRUE(is_on(name, Offload::receive_merging));
  EXPECT_FALSE(is_on(name, Offload::segmentation));
  EXPECT_TRUE(left_behind(folder_).empty());
}

TEST_F(OnTheMachine, WhatIsLeftInAnotherNamespaceIsUndoneThereOrWentWithIt) {
  const std::string name = NetworkLab::kBoardSide;
  const std::string lines =
      fmt::format("network {}\noffload gro {}\n", io::own_net_namespace(), name);
  set(name, Offload::receive_merging, false);
  leave_behind(lines);
  {
    const Inhabitant somebody;
    inside_.emplace(lab_->device());  // and it can be left from there again
    EXPECT_EQ(undo_left_behind(folder_), (std::vector<std::string>{"gro of " + name}));
  }
  leave_behind(lines);
  EXPECT_TRUE(undo_left_behind(folder_).empty());  // nobody lives there, and it has no name
  EXPECT_TRUE(left_behind(folder_).empty());
  inside_.emplace(lab_->middle());
  EXPECT_TRUE(is_on(name, Offload::receive_merging));
}

}  // namespace
}  // namespace rig::shaping
