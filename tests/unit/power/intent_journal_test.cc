#include "power/intent_journal.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "expect_fault.h"
#include "fake_switch.h"
#include "power/safety.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const ChannelKey& relay() {
  static const ChannelKey kKey{"DCT relays, left", Channel{2}};
  return kKey;
}

Intent intent(Level level) { return {.key = relay(), .level = level, .safe = Level::off}; }

class Journal : public testing::Test {
 protected:
  Journal() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Journal() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return folder_ / "power.journal"; }
  [[nodiscard]] std::string text() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& text) const { std::ofstream(path(), std::ios::binary) << text; }

  fs::path folder_{fs::temp_directory_path() / ("otarig-journal-" + std::to_string(getpid()))};
};

TEST_F(Journal, RemembersWhatWasNotSettled) {
  {
    IntentJournal journal(path());
    EXPECT_TRUE(journal.unsettled().empty());
    journal.intend(std::vector{intent(Level::on)});
  }
  IntentJournal journal(path());
  ASSERT_EQ(journal.unsettled().size(), 1U);
  EXPECT_EQ(journal.unsettled()[0].key, relay());
  EXPECT_EQ(journal.unsettled()[0].level, Level::on);
  EXPECT_EQ(journal.unsettled()[0].safe, Level::off);
  journal.settled(relay());
  EXPECT_TRUE(journal.unsettled().empty());
}

TEST_F(Journal, CountsClosingsOverAllRuns) {
  for (int run = 1; run <= 3; ++run) {
    IntentJournal journal(path());
    journal.intend(std::vector{intent(Level::on)});
    journal.intend(std::vector{intent(Level::off)});
    journal.intend(std::vector{intent(Level::on)});
    EXPECT_EQ(journal.cycles(relay()), 2U * static_cast<unsigned>(run));
  }
  EXPECT_EQ(IntentJournal(path()).cycles(relay()), 6U);
}

TEST_F(Journal, DoesNotGrowFromRunToRun) {
  for (int run = 0; run < 5; ++run) {
    IntentJournal journal(path());
    for (int i = 0; i < 50; ++i) journal.intend(std::vector{intent(Level::on)});
    journal.settled(relay());
  }
  const IntentJournal journal(path());
  EXPECT_LT(text().size(), 100U);
  EXPECT_EQ(journal.cycles(relay()), 250U);
}

// The rig itself loses its power at every byte of the last line.
TEST_F(Journal, ToleratesALastLineTornAnywhere) {
  const std::string whole = journal_line("intent on safe off 2@relays");
  const std::string last = journal_line("intent on safe off 3@relays");
  for (std::size_t length = 0; length < last.size(); ++length) {
    const JournalContents contents = read_journal(whole + last.substr(0, length));
    EXPECT_EQ(contents.entries.size(), 1U) << length;
    EXPECT_EQ(contents.damaged_lines, 0) << length;
  }
  EXPECT_EQ(read_journal(whole + last).entries.size(), 2U);
}

TEST_F(Journal, TornIsRepairedWhenItIsOpened) {
  write(journal_line("intent on safe off 2@relays") + "0123abcd intent of");
  {
    IntentJournal journal(path());
    EXPECT_EQ(journal.damaged_lines(), 0);
    journal.intend(std::vector{intent(Level::on)});
  }
  EXPECT_EQ(IntentJournal(path()).unsettled().size(), 2U);
}

TEST_F(Journal, TellsDamageInTheMiddle) {
  std::string text = journal_line("intent on safe off 1@relays") +
                     journal_line("intent on safe off 2@relays") +
                     journal_line("intent on safe off 3@relays");
  text[text.find("2@")] = '7';
  const JournalContents contents = read_journal(text);
  EXPECT_EQ(contents.damaged_lines, 1);
  EXPECT_EQ(contents.entries.size(), 2U);
}

TEST_F(Journal, ReadsNoLineOfAnotherKind) {
  for (const char* words :
       {"", "intent", "intent on safe", "intent on safe maybe 1@x", "intent on safe off 300@x",
        "intent on safe off x", "settled 1", "cycles many 1@x", "later 1@x"}) {
    const JournalContents contents =
        read_journal(journal_line(words) + journal_line("settled 1@x"));
    EXPECT_EQ(contents.damaged_lines, 1) << words;
  }
}

TEST_F(Journal, OfAnotherOtarigIsRefused) {
  const IntentJournal mine(path());
  EXPECT_NE(usage_error([&] { const IntentJournal theirs(path()); }).find("another otarig"),
            std::string::npos);
}

TEST_F(Journal, ThatCannotBeWrittenIsARigError) {
  EXPECT_THROW(IntentJournal("/nonexistent/folder/power.journal"), base::RigError);
}

// The process dies without a word, as a crash does; what it intended is on disk.
TEST_F(Journal, SurvivesTheDeathOfItsProcess) {
  const pid_t child = fork();
  if (child == 0) {
    IntentJournal journal(path());
    journal.intend(std::vector{intent(Level::on)});
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(IntentJournal(path()).unsettled().size(), 1U);
}

class Safety : public Journal {
 protected:
  FindWorker finder() {
    return [this](const std::string& name) {
      return name == relay().power_switch ? &worker_ : nullptr;
    };
  }

  FakePlant plant_;
  Worker worker_{"relays", [this](Moment) { return std::make_unique<FakeSwitch>(plant_); }};
};

TEST_F(Safety, BringsWhatACrashLeftOnToItsSafeState) {
  plant_.bits = 0b100;
  write(journal_line("intent on safe off 2@" + relay().power_switch));
  IntentJournal journal(path());
  const auto done = make_safe(journal, finder(), now() + 5s);
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].result.failure(), nullptr);
  EXPECT_EQ(plant_.bits, 0U);
  EXPECT_TRUE(journal.unsettled().empty());
}

TEST_F(Safety, KeepsInTheJournalWhatDidNotObey) {
  plant_.bits = 0b100;
  plant_.stuck = true;
  write(journal_line("intent on safe off 2@" + relay().power_switch));
  IntentJournal journal(path());
  const auto done = make_safe(journal, finder(), now() + 5s);
  EXPECT_EQ(done[0].result.failure()->fault, Fault::stuck);
  EXPECT_EQ(journal.unsettled().size(), 1U);
}

TEST_F(Safety, IsKeptByAHoldWhenAnExceptionPasses) {
  plant_.bits = 0b110;
  try {
    const PowerHold hold(worker_, {Channel{2}, Level::off}, 5s);
    throw base::UsageError("something went wrong");
  } catch (const base::UsageError&) {
    EXPECT_EQ(plant_.bits, 0b010U);
  }
}

TEST_F(Safety, TellsOfASwitchThatTheBenchNoLongerHas) {
  write(journal_line("intent on safe off 1@gone") +
        journal_line("intent on safe off 2@" + relay().power_switch));
  IntentJournal journal(path());
  const auto done = make_safe(journal, finder(), now() + 5s);
  ASSERT_EQ(done.size(), 2U);
  EXPECT_EQ(journal.unsettled().size(), 1U);
  EXPECT_EQ(journal.unsettled()[0].key.power_switch, "gone");
}

}  // namespace
}  // namespace rig::power
