// Reads plan ids. Strict: a word that is unknown, repeated or missing makes the text no plan.
#include <charconv>
#include <cstdlib>
#include <set>
#include <utility>

#include "record/cut_plan.h"
#include "record/cut_plan_words.h"

namespace rig::record {
namespace {

using std::nullopt;
using std::optional;
using std::string_view;

struct Split {
  string_view head;
  string_view tail;
};

// At the first (or last) `mark`; empty when there is none.
optional<Split> split(string_view text, char mark) {
  const auto at = text.find(mark);
  return at == text.npos ? nullopt : optional(Split{text.substr(0, at), text.substr(at + 1)});
}
optional<Split> split_last(string_view text, char mark) {
  const auto at = text.rfind(mark);
  return at == text.npos ? nullopt : optional(Split{text.substr(0, at), text.substr(at + 1)});
}

template <class Number>
optional<Number> number(string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return nullopt;
  }
  return value;
}

optional<base::Duration> duration(string_view text) {
  const auto unit_at = text.find_first_not_of("0123456789");
  const auto count = number<std::uint64_t>(text.substr(0, unit_at));
  if (!count || unit_at == text.npos) {
    return nullopt;
  }
  struct Unit {
    string_view name;
    std::uint64_t nanoseconds;
  };
  constexpr Unit kUnits[] = {{"ns", 1},
                             {"us", 1'000},
                             {"ms", 1'000'000},
                             {"s", 1'000'000'000},
                             {"min", 60'000'000'000},
                             {"h", 3'600'000'000'000}};
  for (const Unit& unit : kUnits) {
    if (unit.name == text.substr(unit_at) && *count <= (1ULL << 62) / unit.nanoseconds) {
      return base::Duration(static_cast<std::int64_t>(*count * unit.nanoseconds));
    }
  }
  return nullopt;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

optional<std::string> percent_decoded(string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return nullopt;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

template <class Names>
optional<std::size_t> index_in(const Names& names, string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) {
      return i;
    }
  }
  return nullopt;
}

optional<Trigger> phase_trigger(string_view value) {
  const auto parts = split_last(value, '.');
  const auto phase = percent_decoded(parts ? parts->head : value);
  if (!phase || phase->empty() || (parts && parts->tail != "left" && parts->tail != "entered")) {
    return nullopt;
  }
  return PhaseTrigger{*phase, parts && parts->tail == "left"};
}

optional<Trigger> console_trigger(string_view value) {
  const auto parts = split_last(value, '.');
  const auto pattern = percent_decoded(parts ? parts->head : value);
  const auto match = parts ? number<std::uint32_t>(parts->tail) : optional<std::uint32_t>(1);
  if (!pattern || pattern->empty() || !match || *match == 0) {
    return nullopt;
  }
  return ConsoleTrigger{*pattern, *match};
}

optional<Trigger> bytes_trigger(string_view value) {
  const auto parts = split(value, '.');
  const auto bytes = parts ? number<std::uint64_t>(parts->tail) : nullopt;
  if (!bytes || (parts->head != "up" && parts->head != "down")) {
    return nullopt;
  }
  return BytesTrigger{parts->head == "up" ? base::Direction::up : base::Direction::down, *bytes};
}

optional<Trigger> flash_op_trigger(string_view value) {
  const auto parts = split(value, '.');
  const auto op = number<std::uint64_t>(parts ? parts->head : value);
  const auto moment = index_in(kMomentNames, parts ? parts->tail : "during");
  if (!op || *op == 0 || !moment) {
    return nullopt;
  }
  return FlashOpTrigger{*op, static_cast<OpMoment>(*moment)};
}

optional<CodeSymbol> code_symbol(string_view value) {
  const auto text = percent_decoded(value);
  return text ? code_symbol_from(*text) : nullopt;
}

optional<Trigger> symbol_trigger(string_view value) {
  const auto parts = split_last(value, '.');
  const auto symbol = code_symbol(parts ? parts->head : value);
  const auto hit = parts ? number<std::uint64_t>(parts->tail) : optional<std::uint64_t>(1);
  if (!symbol || !hit || *hit == 0) {
    return nullopt;
  }
  return SymbolTrigger{*symbol, *hit};
}

optional<Trigger> watch_trigger(string_view value) {
  const auto hit = split_last(value, '.');
  const auto access = hit ? split_last(hit->head, '.') : nullopt;
  const auto symbol = access ? code_symbol(access->head) : nullopt;
  const auto kind = access ? index_in(kAccessNames, access->tail) : nullopt;
  const auto count = hit ? number<std::uint64_t>(hit->tail) : nullopt;
  if (!symbol || !kind || !count || *count == 0) {
    return nullopt;
  }
  return WatchTrigger{*symbol, static_cast<WatchAccess>(*kind), *count};
}

optional<Trigger> trigger(string_view kind, string_view value) {
  if (kind == "time") {
    const auto after = duration(value);
    return after ? optional<Trigger>(TimeTrigger{*after}) : nullopt;
  }
  if (kind == "phase") {
    return phase_trigger(value);
  }
  if (kind == "console") {
    return console_trigger(value);
  }
  if (kind == "symbol" || kind == "watch") {
    return kind == "symbol" ? symbol_trigger(value) : watch_trigger(value);
  }
  return kind == "bytes"      ? bytes_trigger(value)
         : kind == "flash-op" ? flash_op_trigger(value)
                              : nullopt;
}

optional<TornModel> torn(string_view value) {
  const auto parts = split(value, '.');
  const auto kind = index_in(kTornNames, parts ? parts->head : value);
  const auto amount = parts ? number<std::uint32_t>(parts->tail) : optional<std::uint32_t>(0);
  if (!kind || !amount) {
    return nullopt;
  }
  return TornModel{static_cast<TornKind>(*kind), *amount};
}

optional<Domains> domains(string_view value) {
  for (const Domains candidate :
       {Domains{true, true}, Domains{true, false}, Domains{false, true}}) {
    if (to_text(candidate) == value || (value == "both" && candidate == Domains{true, true})) {
      return candidate;
    }
  }
  return nullopt;
}

optional<std::vector<NextCut>> next_cuts(string_view value) {
  std::vector<NextCut> cuts;
  for (bool more = true; more;) {
    const auto parts = split(value, '+');
    const auto words = split(parts ? parts->head : value, '.');
    const auto op = words ? number<std::uint64_t>(words->head) : nullopt;
    const auto model = words ? torn(words->tail) : nullopt;
    if (!op || *op == 0 || !model) {
      return nullopt;
    }
    cuts.push_back({*op, *model});
    more = parts.has_value();
    value = parts ? parts->tail : string_view{};
  }
  return cuts;
}

template <class Value, class Field>
bool assign(const optional<Value>& value, Field& to) {
  if (value) {
    to = *value;
  }
  return value.has_value();
}

bool read_word(string_view name, string_view value, CutPlan& cut) {
  if (name == "torn") {
    return assign(torn(value), cut.torn);
  }
  if (name == "cut") {
    return assign(domains(value), cut.domains);
  }
  if (name == "off") {
    return assign(duration(value), cut.off_for);
  }
  if (name == "grid") {
    return assign(duration(value), cut.grid) && cut.grid.count() > 0;
  }
  if (name == "then") {
    return assign(next_cuts(value), cut.then);
  }
  if (name == "offset") {
    return assign(duration(value), cut.offset);
  }
  return name == "dither" ? assign(duration(value), cut.dither)
                          : assign(trigger(name, value), cut.trigger);
}

bool is_trigger(string_view name) {
  return name == "time" || name == "phase" || name == "console" || name == "bytes" ||
         name == "flash-op" || name == "symbol" || name == "watch";
}

// "scenario@firmware" and the rest behind the first ':'.
optional<PlanId> plan_head(string_view text) {
  const auto names = split(text, '@');
  const auto scenario = names ? percent_decoded(names->head) : nullopt;
  const auto firmware = names ? percent_decoded(names->tail) : nullopt;
  if (!scenario || scenario->empty() || !firmware || firmware->empty()) {
    return nullopt;
  }
  return PlanId{.scenario = *scenario, .firmware = *firmware, .cut = nullopt, .seed = 0};
}

// The text before a link profile at its end, which goes into `plan`; all of it when there is none.
string_view without_link(string_view text, PlanId& plan) {
  const auto link = split_last(text, ':');
  if (!link || !link->tail.starts_with("link=")) return text;
  plan.link = percent_decoded(link->tail.substr(5)).value_or("");
  return link->head;
}

}  // namespace

std::optional<CutPlan> cut_plan_from(std::string_view text) {
  CutPlan cut;
  std::set<string_view> words;
  bool triggered = false;
  for (bool more = true; more;) {
    const auto parts = split(text, ':');
    const auto word = split(parts ? parts->head : text, '=');
    if (!word || !words.insert(word->head).second || !read_word(word->head, word->tail, cut)) {
      return nullopt;
    }
    if (is_trigger(word->head) && std::exchange(triggered, true)) {
      return nullopt;
    }
    more = parts.has_value();
    text = parts ? parts->tail : string_view{};
  }
  return triggered ? optional(cut) : nullopt;
}

std::optional<PlanId> plan_id_from(std::string_view text) {
  const auto head = split(text, ':');
  const auto seed = head ? split_last(head->tail, ':') : nullopt;
  auto plan = head ? plan_head(head->head) : nullopt;
  if (!plan || !seed || !seed->tail.starts_with("seed=") ||
      !assign(number<std::uint64_t>(seed->tail.substr(5)), plan->seed)) {
    return nullopt;
  }
  const string_view cut = without_link(seed->head, *plan);
  if (cut != "cut=none") {
    plan->cut = cut_plan_from(cut);
    if (!plan->cut) {
      return nullopt;
    }
  }
  // One spelling per plan: ids are compared and looked up as text.
  return to_text(*plan) == text ? plan : nullopt;
}

}  // namespace rig::record
