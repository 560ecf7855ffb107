#include "record/event.h"

#include <fmt/core.h>

#include <array>

#include "base/assert.h"

namespace rig::record {
namespace {

constexpr std::array<std::string_view, 9> kLaneNames{"rig",   "power", "console", "device", "cpu",
                                                     "flash", "modem", "link",    "server"};

constexpr std::array<std::string_view, 34> kKindNames{
    "cycle_begin",  "provisioned", "update_offered", "cut_armed", "cut_landed", "cut_missed",
    "clean_reboot", "deadline",    "note",           "rig_fault", "cycle_end",  "off",
    "on",           "line",        "observed",       "reset",     "fault",      "pin",
    "program",      "erase",       "torn",           "refused",   "command",    "answer",
    "urc",          "state",       "dropped",        "session",   "describe",   "offer",
    "progress",     "result",      "healing",        "shaped"};

static_assert(static_cast<std::size_t>(Lane::server) + 1 == kLaneNames.size());
static_assert(static_cast<std::size_t>(EventKind::shaped) + 1 == kKindNames.size());

bool has_address(const Event& event) { return event.address != 0 || event.lane == Lane::flash; }

}  // namespace

std::string_view name_of(Lane lane) {
  const auto index = static_cast<std::size_t>(lane);
  RIG_ASSERT(index < kLaneNames.size());
  return kLaneNames[index];
}

std::string_view name_of(EventKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  RIG_ASSERT(index < kKindNames.size());
  return kKindNames[index];
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

std::optional<std::string_view> field(std::string_view text, std::string_view key) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (word.size() > key.size() && word[key.size()] == '=' && word.starts_with(key)) {
      return word.substr(key.size() + 1);
    }
    at = end + 1;
  }
  return std::nullopt;
}

std::string to_line(const Event& event) {
  const auto total = event.at.time_since_epoch().count();
  std::string line = fmt::format("{:>5}.{:09} {:<7} {:<11} ", total / 1'000'000'000,
                                 total % 1'000'000'000, name_of(event.lane), name_of(event.kind));
  if (has_address(event)) {
    line += fmt::format("@0x{:08x} ", event.address);
  }
  if (event.value != 0) {
    line += fmt::format("#{} ", event.value);
  }
  line += event.text;
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace rig::record
