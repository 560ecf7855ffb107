// What the live page shows, as JSON, from the database that a running otarig writes to. It only
// reads: the store is opened read-only.
//
// A cycle's timeline is in the database when the cycle has ended. So the tail of the console and
// the state of power and link are those of a board's last finished cycle; of the one under way
// there is its plan and since when.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "store/store.h"

namespace rig::serve {

class LiveState {
 public:
  // Throws base::UsageError when there is no such database, or it is of another schema version.
  explicit LiveState(const std::string& database);

  // Asks the database at most once a second, and less often the longer it takes; between, the same
  // text again. Throws what the store throws.
  //
  // {"now","database","verdicts":[{"name","class","mark"}],
  //  "night":{"name","started","state","done","planned","per_minute","counts","for_s","ran_s"},
  //  "campaigns":[{"id","scenario","row","board","name","state","planned","counts","open"}],
  //  "boards":[{"name","kind","campaign","quarantined","open":{"cycle","plan","started"},
  //             "last":{"cycle","v","phase","ended","plan"},"power":{..},"link":"..",
  //             "tail":[[ms,"lane","text"]]}],
  //  "recent":[{"cycle","campaign","v","phase","ended","plan","why"}]}
  // Wall-clock times in ms since 1970; v is a number of `verdicts`.
  [[nodiscard]] const std::string& text(std::int64_t now_unix_us);

 private:
  struct Sample {
    std::int64_t at_us{};
    std::uint64_t done{};
  };
  [[nodiscard]] std::string made(std::int64_t now_unix_us);
  void add_tail(nlohmann::json& board, store::CycleId cycle);
  [[nodiscard]] double per_minute(std::uint64_t done, std::int64_t now_unix_us);

  store::Store store_;
  std::string text_;
  std::int64_t made_at_us_{};
  std::int64_t took_us_{};
  std::deque<Sample> samples_;
  std::map<std::int64_t, std::string> tails_;  // JSON of a cycle's tail, by cycle
};

}  // namespace rig::serve
