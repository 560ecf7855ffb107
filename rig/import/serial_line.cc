// Serial consoles agree on nothing, but they share words. The first rule that matches speaks for
// the line; the order puts "update failed" before "update" and "disconnected" before "connected".
#include <re2/re2.h>

#include <memory>
#include <vector>

#include "import/log_line.h"

namespace rig::import {
namespace {

struct Rule {
  const char* pattern;
  What what;
};

constexpr Rule kRules[] = {
    {R"((?i)\b(?:update|download|ota|upgrade)\b.*)"
     R"(\b(?:fail\w*|abandon\w*|abort\w*|gave up|timed out|timeout)\b)",
     What::failed},
    {R"((?i)\b(?:update|download|ota|upgrade)\b.*\b(?:complete\w*|finished|success\w*|done)\b)",
     What::finished},
    {R"((?i)\b(?:disconnected|connection (?:lost|closed)|offline)\b)", What::disconnected},
    {R"((?i)\bsafe[ -]?mode\b)", What::safe_mode},
    {R"((?i)^(?:rst:|ets |\*\*\* booting|booting|boot(?:ed)?\b|u-boot )|)"
     R"(\bbootloader ver=|\breset (?:reason|cause)\b|\breset=)",
     What::reset},
    {R"((?i)\b(?:update|upgrade)\b.*\b(?:triggered|requested|available)\b)", What::triggered},
    {R"((?i)\b(?:downloading|(?:update|download|ota|upgrade)\b.*\b(?:begin\w*|start\w*))\b)",
     What::downloading},
    {R"((?i)\b(?:chunk|progress|block)\b|\b\d+ ?(?:of|/) ?\d+ bytes\b|)"
     R"(\b(?:update|download|ota|upgrade)\b.*\b\d{1,3} ?%)",
     What::progress},
    {R"((?i)\bversion[ :=]+\S)", What::version},
    {R"((?i)^(?:online|connected)\b|\b(?:connected to|online mode)\b)", What::connected},
};

const std::vector<std::unique_ptr<re2::RE2>>& compiled_rules() {
  static const auto kCompiled = [] {
    std::vector<std::unique_ptr<re2::RE2>> all;
    for (const Rule& rule : kRules) all.push_back(std::make_unique<re2::RE2>(rule.pattern));
    return all;
  }();
  return kCompiled;
}

// "12345 of 520000 bytes", "got 12345/520000 bytes", "12345 bytes".
void read_counts(LogLine& line) {
  static const re2::RE2 kOf(R"((\d{1,12}) ?(?:of|/) ?(\d{1,12}) bytes)");
  static const re2::RE2 kAlone(R"((?:received|downloaded|got) (\d{1,12}) bytes)");
  std::uint64_t bytes = 0;
  std::uint64_t of = 0;
  if (re2::RE2::PartialMatch(line.text, kOf, &bytes, &of)) {
    line.bytes = bytes;
    line.of = of;
  } else if (re2::RE2::PartialMatch(line.text, kAlone, &bytes)) {
    line.bytes = bytes;
  }
}

}  // namespace

void read_serial(LogLine& line) {
  line.dialect = Dialect::serial;
  for (std::size_t i = 0; i < std::size(kRules); ++i) {
    if (re2::RE2::PartialMatch(line.text, *compiled_rules()[i])) {
      line.what = kRules[i].what;
      break;
    }
  }
  read_counts(line);
  if (line.bytes && line.what == What::text) line.what = What::progress;
}

}  // namespace rig::import
