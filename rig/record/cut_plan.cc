// Plan ids as text. Words are joined by ':', parts of a word by '.', domains by '+'; whatever comes
// from outside (scenario path, console pattern) is percent-encoded so that none of these, no blank
// and no shell metacharacter appears in it.
#include "record/cut_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/assert.h"
#include "record/cut_plan_words.h"

namespace rig::record {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string duration_text(base::Duration length) {
  const auto count = length.count();
  if (count % 1'000'000 == 0) {
    return fmt::format("{}ms", count / 1'000'000);
  }
  return count % 1'000 == 0 ? fmt::format("{}us", count / 1'000) : fmt::format("{}ns", count);
}

std::string symbol_text(const CodeSymbol& symbol) {
  return symbol.module + "/" + percent_encoded(symbol.name, "_");
}

std::string trigger_text(const Trigger& trigger) {
  return std::visit(
      Overloaded{
          [](const TimeTrigger& t) { return "time=" + duration_text(t.after); },
          [](const PhaseTrigger& t) {
            return fmt::format("phase={}.{}", percent_encoded(t.phase, "-_"),
                               t.leaving ? "left" : "entered");
          },
          [](const ConsoleTrigger& t) {
            return fmt::format("console={}.{}", percent_encoded(t.pattern, "-_"), t.match);
          },
          [](const BytesTrigger& t) {
            return fmt::format("bytes={}.{}", name_of(t.direction), t.bytes);
          },
          [](const SymbolTrigger& t) {
            return fmt::format("symbol={}.{}", symbol_text(t.symbol), t.hit);
          },
          [](const WatchTrigger& t) {
            return fmt::format("watch={}.{}.{}", symbol_text(t.symbol),
                               kAccessNames[static_cast<std::size_t>(t.access)], t.hit);
          },
          [](const FlashOpTrigger& t) {
            return fmt::format("flash-op={}.{}", t.op, name_of(t.moment));
          },
      },
      trigger);
}

}  // namespace

std::string percent_encoded(std::string_view text, std::string_view plain) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = byte < 0x80 && (std::isalnum(byte) != 0 || plain.find(c) != plain.npos);
    out += is_plain ? std::string(1, c) : fmt::format("%{:02x}", byte);
  }
  return out;
}

std::string_view name_of(OpMoment moment) { return kMomentNames[static_cast<std::size_t>(moment)]; }
std::string_view name_of(base::Direction direction) {
  return direction == base::Direction::up ? "up" : "down";
}

std::string_view name_of(TornKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  RIG_ASSERT(index < kTornNames.size());
  return kTornNames[index];
}

std::string trigger_name(const Trigger& trigger) {
  const std::string text = trigger_text(trigger);
  return text.substr(0, text.find('='));
}

std::string to_text(const CodeSymbol& symbol) { return symbol.module + "/" + symbol.name; }

std::optional<CodeSymbol> code_symbol_from(std::string_view text) {
  const auto at = text.find('/');
  if (at == text.npos) return std::nullopt;
  const std::string_view module = text.substr(0, at);
  const std::string_view name = text.substr(at + 1);
  const bool known =
      std::find(kModuleNames.begin(), kModuleNames.end(), module) != kModuleNames.end();
  if (!known || name.empty()) return std::nullopt;
  return CodeSymbol{std::string(module), std::string(name)};
}

std::string to_text(Domains domains) {
  if (domains.board && domains.modem) {
    return "board+modem";
  }
  return domains.board ? "board" : domains.modem ? "modem" : "none";
}

std::string to_text(TornModel torn) {
  const std::string name(name_of(torn.kind));
  return takes_amount(torn.kind) || torn.amount != 0 ? fmt::format("{}.{}", name, torn.amount)
                                                     : name;
}

base::Instant return_of_power(const CutPlan& cut, base::Instant at) {
  const base::Instant earliest = at + cut.off_for;
  if (cut.grid.count() == 0) return earliest;
  const auto whole = (earliest - base::kCycleStart + cut.grid - base::Duration(1)) / cut.grid;
  return base::kCycleStart + whole * cut.grid;
}

std::string to_text(const CutPlan& cut) {
  std::string text =
      fmt::format("{}:torn={}:cut={}:off={}", trigger_text(cut.trigger), to_text(cut.torn),
                  to_text(cut.domains), duration_text(cut.off_for));
  if (cut.grid.count() != 0) {
    text += ":grid=" + duration_text(cut.grid);
  }
  if (cut.offset.count() != 0) {
    text += ":offset=" + duration_text(cut.offset);
  }
  if (cut.dither.count() != 0) {
    text += ":dither=" + duration_text(cut.dither);
  }
  for (const NextCut& next : cut.then) {
    text += fmt::format("{}{}.{}", &next == cut.then.data() ? ":then=" : "+", next.op,
                        to_text(next.torn));
  }
  return text;
}

std::string to_text(const PlanId& plan) {
  const std::string link = plan.link.empty() ? "" : ":link=" + percent_encoded(plan.link, "-_.");
  return fmt::format("{}@{}:{}{}:seed={}", percent_encoded(plan.scenario, "-_./"),
                     percent_encoded(plan.firmware, "-_"),
                     plan.cut ? to_text(*plan.cut) : "cut=none", link, plan.seed);
}

}  // namespace rig::record
