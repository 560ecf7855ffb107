// The key `cut`: nothing, one cut, or a sweep.
#include <fmt/core.h>

#include "record/cut_plan_words.h"
#include "scenario/line_pattern.h"
#include "scenario/scenario_sections.h"

namespace rig::scenario {
namespace {

using record::TornKind;

const std::vector<std::string>& torn_names() {
  static const std::vector<std::string> kNames(record::kTornNames.begin(),
                                               record::kTornNames.end());
  return kNames;
}

std::vector<TornKind> torn_list(const Value& value) {
  std::vector<TornKind> kinds;
  for (const Value& item : value.list()) {
    kinds.push_back(static_cast<TornKind>(item.one_of(torn_names())));
  }
  if (kinds.empty()) {
    value.fail("an empty list cuts nothing; name at least one torn model, as in [old, new]");
  }
  return kinds;
}

// "old", or {prefix: 1} with the amount that record/cut_plan.h defines.
record::TornModel torn_from(const Value& value) {
  if (!value.is_map()) {
    return {static_cast<TornKind>(value.one_of(torn_names())), 0};
  }
  const auto entries = value.entries();
  if (entries.size() != 1) {
    value.fail("expected one torn model, as in {prefix: 1}");
  }
  Section section(value);
  for (std::size_t kind = 0; kind < torn_names().size(); ++kind) {
    if (const auto amount = section.find(torn_names()[kind])) {
      return {static_cast<TornKind>(kind),
              static_cast<std::uint32_t>(amount->integer(0, 0xFFFFFFFF))};
    }
  }
  section.done();
  return {};
}

std::string checked_pattern(const Value& value) {
  const std::string problem = LinePattern::problem_with(value.text());
  if (!problem.empty()) {
    value.fail(fmt::format("'{}' is no regular expression (RE2): {}", value.text(), problem));
  }
  return value.text();
}

record::CodeSymbol symbol_from(Section& section) {
  const Value text = section.need("symbol", "write symbol: bootloader/board_flash_program");
  if (auto symbol = record::code_symbol_from(text.text())) return *symbol;
  text.fail("'" + text.text() +
            "' is no symbol of a module; write bootloader/NAME, system/NAME or user/NAME");
}

std::uint64_t hit_from(Section& section) {
  const auto hit = section.find("hit");
  return hit ? hit->integer(1, 1ULL << 40) : 1;
}

record::Trigger trigger_from(Section& section, std::size_t kind) {
  switch (kind) {
    case 0: {
      const auto op =
          section.need("op", "write op: 1234, counted from the offer").integer(1, 1ULL << 40);
      const auto moment = section.find("moment");
      return record::FlashOpTrigger{
          op, moment ? static_cast<record::OpMoment>(moment->one_of({"before", "during", "after"}))
                     : record::OpMoment::during};
    }
    case 1:
      return record::TimeTrigger{section.need("after", "write after: 12s").duration()};
    case 2: {
      const auto phase = section.need("phase", "name an update phase, as in applying").text();
      const auto leaving = section.find("leaving");
      return record::PhaseTrigger{phase, leaving && leaving->boolean()};
    }
    case 3: {
      const Value pattern = section.need("pattern", "write pattern: '^update pending'");
      const auto match = section.find("match");
      return record::ConsoleTrigger{
          checked_pattern(pattern),
          match ? static_cast<std::uint32_t>(match->integer(1, 1'000'000)) : 1};
    }
    case 5: {
      const auto symbol = symbol_from(section);
      return record::SymbolTrigger{symbol, hit_from(section)};
    }
    case 6: {
      const auto symbol = symbol_from(section);
      const auto access = section.find("access");
      return record::WatchTrigger{
          symbol,
          access ? static_cast<record::WatchAccess>(access->one_of({"write", "read", "access"}))
                 : record::WatchAccess::write,
          hit_from(section)};
    }
    default: {
      const auto direction =
          section.need("direction", "write direction: up or down").one_of({"up", "down"});
      return record::BytesTrigger{static_cast<base::Direction>(direction),
                                  section.need("bytes", "write bytes: 64KB").bytes()};
    }
  }
}

void read_common(Section& section, record::Domains& domains, base::Duration& off_for) {
  if (const auto value = section.find("domains")) {
    domains = domains_from(*value);
  }
  if (const auto value = section.find("off_for")) {
    off_for = value->duration();
  }
}

record::CutPlan one_cut(Section& section, const Value& at) {
  record::CutPlan cut;
  const std::size_t kind =
      at.one_of({"flash-op", "time", "phase", "console", "bytes", "symbol", "watch"});
  cut.trigger = trigger_from(section, kind);
  read_common(section, cut.domains, cut.off_for);
  if (const auto torn = section.find("torn")) {
    cut.torn = torn_from(*torn);
  }
  for (auto [key, field] : {std::pair{"offset", &cut.offset}, std::pair{"dither", &cut.dither}}) {
    const auto value = section.find(key);
    if (value && kind == 0) {
      value->fail("a flash-op cut lands in the operation itself; leave " + std::string(key) +
                  " out");
    }
    *field = value ? value->duration() : base::Duration{};
  }
  section.done();
  return cut;
}

Sweep sweep_from(Section& section, const Value& over) {
  Sweep sweep;
  sweep.over = static_cast<SweepOver>(over.one_of({"flash-op", "time"}));
  if (const auto points = section.find("points")) {
    const bool all = points->is_text() && points->text() == "all";
    sweep.points = all ? 0 : static_cast<std::uint32_t>(points->integer(1, 10'000'000));
  }
  if (const auto torn = section.find("torn")) {
    sweep.torn = torn_list(*torn);
  }
  read_common(section, sweep.domains, sweep.off_for);
  section.done();
  return sweep;
}

}  // namespace

record::Domains domains_from(const Value& value) {
  record::Domains domains{.board = false, .modem = false};
  for (const Value& item : value.list()) {
    (item.one_of({"board", "modem"}) == 0 ? domains.board : domains.modem) = true;
  }
  if (!domains.board && !domains.modem) {
    value.fail("an empty list cuts nothing; write [board], [modem] or [board, modem]");
  }
  return domains;
}

Cut cut_from(const std::optional<Value>& value) {
  if (!value || (value->is_text() && value->text() == "none")) {
    return {};
  }
  Section section(*value);
  const auto at = section.find("at");
  const auto sweep = section.find("sweep");
  if (at.has_value() == sweep.has_value()) {
    section.fail("a cut is either one, {at: flash-op, op: 1234}, or many, {sweep: flash-op}");
  }
  return at ? Cut(one_cut(section, *at)) : Cut(sweep_from(section, *sweep));
}

}  // namespace rig::scenario
