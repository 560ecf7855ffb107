// The end of a timeline, and the state it leaves: what a person looks at first.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "record/event.h"

namespace rig::serve {

struct TailLine {
  std::int64_t at_ms{};  // since the start of the cycle
  std::string lane;
  std::string text;
};

struct Tail {
  std::map<std::string, bool> power;  // domain -> on
  std::string link;                   // what shapes it: "profile gprs, outage"; empty: nothing
  std::vector<TailLine> lines;        // console, power, and what the rig did; the latest last
};

[[nodiscard]] Tail tail_of(const record::Timeline& timeline, std::size_t lines);

}  // namespace rig::serve
