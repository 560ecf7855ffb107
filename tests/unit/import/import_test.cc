// Logs as devices write them, the field report's own lines first, and the structure found in them.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/rig_error.h"
#include "import/reproduction.h"
#include "import/show.h"

namespace rig::import {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string report_lines() {
  std::ifstream file(OTARIG_SOURCE_DIR "/tests/data/imp-status.log");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Structure structure_in(const std::string& text) { return structure_of(read_log(text, "a.log")); }

std::string complaint_about(const std::string& text) {
  try {
    static_cast<void>(read_log(text, "a.log"));
    return "read without complaint";
  } catch (const base::UsageError& error) {
    return error.what();
  }
}

std::string stamp_of(std::string_view line) {
  const StampReading reading = take_stamp(line);
  if (!reading.stamp) return reading.problem;
  return to_text(*reading.stamp) + "|" + std::string(reading.rest);
}

TEST(LogTime, ReadsEveryFormThatTheHeaderNames) {
  EXPECT_EQ(stamp_of("2014-02-20 21:16:19 UTC-7: [Status] x"),
            "2014-02-21 04:16:19 UTC|[Status] x");
  EXPECT_EQ(stamp_of("2014-02-20 21:16:19 UTC+5:30: x"), "2014-02-20 15:46:19 UTC|x");
  EXPECT_EQ(stamp_of("2019-03-01T08:15:02.123Z x"), "2019-03-01 08:15:02.123 UTC|x");
  EXPECT_EQ(stamp_of("[2019-03-01 08:15:02,5+0100] x"), "2019-03-01 07:15:02.5 UTC|x");
  EXPECT_EQ(stamp_of("1551427202.25 x"), "2019-03-01 08:00:02.25 UTC|x");
  EXPECT_EQ(stamp_of("1551427202250 x"), "2019-03-01 08:00:02.25 UTC|x");
  EXPECT_EQ(stamp_of("[   12.345678] x"), "12.345678s|x");
  EXPECT_EQ(stamp_of("0000012345 [app] INFO: x"), "12.345s|[app] INFO: x");
  EXPECT_EQ(stamp_of("21:16:19.123 x"), "21:16:19.123|x");
}

TEST(LogTime, ToldApartFromTextAndFromTimesThatCannotBe) {
  EXPECT_EQ(take_stamp("24 hours and all of a sudden").stamp, std::nullopt);
  EXPECT_EQ(take_stamp("24 hours and all of a sudden").problem, "");
  EXPECT_EQ(stamp_of("2014-02-30 21:16:19 UTC-7: x"), "there is no day 2014-02-30");
  EXPECT_EQ(stamp_of("2014-02-20 25:16:19 UTC-7: x"), "hour 25 of 0..23");
  EXPECT_EQ(stamp_of("2014-02-20 21:16:19 UTC-99: x"), "no zone is UTC-99 away from UTC");
}

TEST(FieldReport, IsThreeStretchesOfSessions) {
  const Structure found = structure_in(report_lines());
  ASSERT_EQ(found.stretches.size(), 3U);
  const Stretch& first = found.stretches[0];
  ASSERT_EQ(first.sessions.size(), 1U);
  EXPECT_EQ(first.sessions[0].length, seconds(560));
  EXPECT_EQ(first.sessions[0].sent, 83U);
  EXPECT_EQ(first.sessions[0].received, 0U);
  EXPECT_EQ(first.sessions[0].ending, Ending::disconnected);
  EXPECT_TRUE(first.sessions[0].update);
  ASSERT_EQ(found.versions.size(), 1U);
  EXPECT_EQ(found.versions[0].line, 9U);
}

TEST(FieldReport, ShowsRetriesGapsBytesAndResetsOfTheLoop) {
  const Stretch loop = structure_in(report_lines()).stretches.at(1);
  ASSERT_EQ(loop.sessions.size(), 3U);
  EXPECT_EQ(loop.sessions[0].length, seconds(37));
  EXPECT_EQ(loop.sessions[0].received, 13U);
  EXPECT_EQ(loop.sessions[1].length, seconds(302));
  EXPECT_EQ(loop.sessions[2].ending, Ending::end_of_log);
  EXPECT_EQ(loop.retries, 2U);
  EXPECT_EQ(loop.resets.size(), 2U);
  EXPECT_EQ(loop.gaps, (std::vector<Micros>{seconds(0), seconds(0)}));
  EXPECT_EQ(loop.cycles, (std::vector<Micros>{seconds(37), seconds(302)}));
}

TEST(FieldReport, ItsPasteThatStartsAgainIsLeftOutAndNoted) {
  const Log log = read_log(report_lines(), "a.log");
  EXPECT_EQ(log.notes.at(0), "line 9 has no time-stamp: taken to follow line 3");
  EXPECT_EQ(log.notes.at(1), "line 21 repeats line 13: left out");
  EXPECT_EQ(log.notes.at(2), "line 22 repeats line 14: left out");
  EXPECT_EQ(log.skipped, 3U);
}

TEST(FieldReport, LinesInAnyOrderShowTheSame) {
  std::istringstream all(report_lines());
  std::vector<std::string> lines;
  for (std::string line; std::getline(all, line);) {
    if (line.starts_with("2014-02-20")) lines.push_back(line);
  }
  ASSERT_EQ(lines.size(), 3U);
  const std::string turned = lines[2] + "\n" + lines[0] + "\n" + lines[1] + "\n";
  const Log log = read_log(turned, "a.log");
  EXPECT_EQ(log.notes.at(0), "line 2 is earlier than line 1: put in order of time");
  EXPECT_EQ(structure_of(log).stretches.at(0).sessions.at(0).length, seconds(560));
}

TEST(FieldReport, JsonHasWhatTheHeaderPromises) {
  const Log log = read_log(report_lines(), "a.log");
  const nlohmann::json json = to_json(log, structure_of(log));
  const auto& session = json["stretches"][1]["sessions"][1];
  EXPECT_EQ(session["length_s"], 302.0);
  EXPECT_EQ(session["ending"], "disconnected");
  EXPECT_TRUE(session["image_bytes"].is_null());
  EXPECT_EQ(json["stretches"][1]["resets"].size(), 2U);
  EXPECT_EQ(json["stretches"][1]["cycle_median_s"], 169.5);
}

TEST(ParticleEvents, AreReadAsJsonAndAsText) {
  const Structure found = structure_in(
      R"({"name":"spark/status","data":"online","ttl":60,)"
      R"("published_at":"2019-03-01T08:00:00.000Z","coreid":"1"})"
      "\n"
      R"({"name":"spark/flash/status","data":"started ","published_at":"2019-03-01T08:00:10Z"})"
      "\nspark/flash/status, success published at 2019-03-01T08:01:10.500Z\n"
      "spark/status, offline, published at 2019-03-01T08:01:11Z\n"
      "spark/status, online, published at 2019-03-01T08:02:11Z\n"
      "spark/device/last_reset, power_down, published at 2019-03-01T08:02:12Z\n"
      "spark/device/safemode crc published at 2019-03-01T08:02:13Z\n");
  const Stretch& stretch = found.stretches.at(0);
  ASSERT_EQ(stretch.sessions.size(), 3U);
  EXPECT_EQ(stretch.sessions[0].ending, Ending::finished);
  EXPECT_EQ(stretch.sessions[0].length, milliseconds(70'500));
  EXPECT_TRUE(stretch.sessions[0].update);
  EXPECT_TRUE(stretch.sessions[1].begins_before);
  EXPECT_FALSE(stretch.sessions[2].update);
  EXPECT_EQ(stretch.retries, 0U);
  EXPECT_EQ(stretch.resets.at(0).line, 6U);
  EXPECT_EQ(stretch.safe_modes.at(0).line, 7U);
}

TEST(SerialLog, BytesBecomeARate) {
  const Structure found = structure_in(
      "[ 10.000] update begin\n[ 10.000] downloaded 1000 of 520000 bytes\n"
      "[ 35.000] downloaded 2000 of 520000 bytes\n[ 40.000] update abandoned reason=timeout\n");
  const Session& session = found.stretches.at(0).sessions.at(0);
  EXPECT_EQ(session.image_rate_bps, 320.0);
  EXPECT_EQ(session.image_size, 520'000U);
  EXPECT_EQ(session.ending, Ending::failed);
}

TEST(SerialLog, ABootInTheMiddleOfADownloadIsAResetAndARetry) {
  const Structure found = structure_in(
      "[12:00:01.100] boot ver=1.0\n[12:00:05.000] update started\n[12:05:10.000] download 10%\n"
      "[12:30:00.000] boot ver=1.0\n[12:30:04.000] update started\n[12:31:00.000] download 2 %\n");
  const Stretch& stretch = found.stretches.at(0);
  ASSERT_EQ(stretch.resets.size(), 2U);
  EXPECT_EQ(stretch.resets[1].line, 4U);
  EXPECT_EQ(stretch.retries, 1U);
  EXPECT_EQ(stretch.sessions.at(0).ending, Ending::reset);
}

TEST(SerialLog, AnUptimeThatStartsAgainIsAReset) {
  const Log log = read_log("[ 10.000] update begin\n[ 55.000] hello\n[ 0.500] hello\n", "a.log");
  const Stretch stretch = structure_of(log).stretches.at(0);
  EXPECT_EQ(stretch.resets.at(0).line, 3U);
  EXPECT_EQ(stretch.sessions.at(0).ending, Ending::reset);
  EXPECT_EQ(stretch.sessions.at(0).length, milliseconds(45'500));
}

TEST(SerialLog, AClockOfTheDayPassesMidnight) {
  const Log log = read_log("23:59:58.000 update begin\n00:00:03.000 update failed\n", "a.log");
  EXPECT_EQ(structure_of(log).stretches.at(0).sessions.at(0).length, seconds(5));
}

TEST(UnreadableLog, SaysFromWhichLineOn) {
  EXPECT_EQ(complaint_about("some prose\nand more\n").substr(0, 59),
            "a.log:1:1: none of 2 lines can be read from here on; wanted");
  EXPECT_EQ(complaint_about("21:16:19.1 a\n21:16:20.1 b\x01\n").substr(0, 72),
            "a.log:2:13: byte 0x01 is no text; the log cannot be read from this line ");
  EXPECT_EQ(complaint_about("21:16:19.1 a\n21:76:20.1 b\n"),
            "a.log:2:1: minute 76 of 0..59; the log cannot be read from this line on");
  EXPECT_EQ(complaint_about("21:16:19.1 a\n[ 1.000] b\n"),
            "a.log:2:1: this stamp is of another kind than that of line 1 (21:16:19.1); one file "
            "needs one clock: split it");
  EXPECT_EQ(complaint_about(R"({"name":"spark/status","data":"online"})"),
            "a.log:1:1: event 'spark/status' does not say when it was published; wanted "
            "published_at with an ISO 8601 time");
  EXPECT_EQ(complaint_about("").substr(0, 30), "a.log:1:1: none of 0 lines can");
}

}  // namespace
}  // namespace rig::import
