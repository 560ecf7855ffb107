// What a person sees while a campaign runs: on a terminal one live line, otherwise a line every few
// seconds, always on stderr. Counts, rate, remaining time and verdicts; no decision depends on it.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "record/verdict.h"

namespace rig::cli {

class Progress {
 public:
  // `total` 0: unknown.
  Progress(std::string title, std::size_t total, bool silent);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void count(record::Verdict verdict);
  // Draws when it is time to.
  void tick();

 private:
  [[nodiscard]] std::string line() const;
  void draw(bool last);

  std::string title_;
  std::size_t total_;
  bool silent_;
  bool terminal_;
  std::size_t done_ = 0;
  std::map<record::Verdict, std::size_t> verdicts_;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace rig::cli
