// An exploration as people and programs see it: a line while it runs, a table and JSON behind it.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "explore/coverage.h"
#include "store/exploration_rows.h"

namespace rig::cli {

// On stderr, now and then.
class ExploringLine {
 public:
  explicit ExploringLine(std::string title);
  void show(const explore::Progress& progress);

 private:
  std::string title_;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point drawn_;
};

[[nodiscard]] std::string to_text(const explore::Coverage& coverage);
[[nodiscard]] nlohmann::json to_json(const explore::Coverage& coverage);
// The same and the map of verdicts: [{operation, model, first, last, from, until, verdict}].
[[nodiscard]] store::Explored explored_row(const explore::Coverage& coverage);

}  // namespace rig::cli
