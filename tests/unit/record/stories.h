// Short names and the stories that several tests of the judge start from.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "record/judge.h"
#include "unit/record/story.h"

namespace rig::record::test {

inline Verdict verdict_of(const Timeline& timeline, const Contract& terms = contract()) {
  return judge(terms, timeline).verdict;
}
inline Verdict verdict_of(const Story& story, const Contract& terms = contract()) {
  return verdict_of(story.timeline(), terms);
}

inline const Finding* finding(const Judgement& judgement, Verdict verdict) {
  const auto found = std::find_if(judgement.findings.begin(), judgement.findings.end(),
                                  [&](const Finding& f) { return f.verdict == verdict; });
  return found == judgement.findings.end() ? nullptr : &*found;
}

// Cut while the boot loader copies the user application; it copies again at the next boot.
inline Story resumed() {
  Story story;
  story.baseline().armed().begins("user", "2").boots("update").copies("user", "2").cut();
  story.back().copies("user", "2").copied("user").runs("2", "604", "needs-system");
  story.attached().online("none", "604", "safe").begins("system", "700").boots("update");
  return story.copies("system", "700").copied("system").comes_online("2", "700");
}

// Cut during the download.
inline Story retried() {
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").back();
  story.comes_online("1", "604").begins("user", "2").boots("update").copies("user", "2");
  return story.copied("user").comes_online("2", "700");
}

// Cut while the user application is copied; the update is forgotten and the image is half written.
inline Story lost_image() {
  Story story;
  return story.baseline()
      .armed()
      .begins("user", "2")
      .copies("user", "2")
      .cut()
      .back()
      .runs("none", "604", "crc");
}

inline Story unreachable() {
  Story story = lost_image();
  story.sees("apn apn=spark.telefonica.com source=default");
  story.sees("refused apn=spark.telefonica.com");
  return story.deadline(wait::kRecoveryOnline).end();
}

inline bool is_online(const Event& event) { return first_word(event.text) == seen::kOnline; }

}  // namespace rig::record::test
