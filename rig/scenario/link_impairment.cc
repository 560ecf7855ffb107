// One impairment of a link profile: which packets, when, and exactly one thing that happens.
#include <fmt/core.h>

#include <charconv>
#include <functional>
#include <limits>

#include "base/suggestion.h"
#include "scenario/link_profile.h"

namespace rig::scenario {
namespace {

using base::Direction;

std::optional<Direction> direction_from(const Value& value) {
  switch (value.one_of({"up", "down", "both"})) {
    case 0:
      return Direction::up;
    case 1:
      return Direction::down;
    default:
      return std::nullopt;
  }
}

std::uint16_t small(const Value& value, std::uint64_t least) {
  return static_cast<std::uint16_t>(value.integer(least, 65'535));
}

// bytes: {direction: down, from: 100KB, for: 64KB}
void read_byte_window(const Value& value, link::Window& window) {
  Section section(value);
  if (const auto direction = section.find("direction")) {
    window.counted = direction->one_of({"up", "down"}) == 0 ? Direction::up : Direction::down;
  }
  window.bytes_from = section.need("from", "write from: 100KB").bytes();
  if (const auto length = section.find("for"))
    window.bytes_until = window.bytes_from + length->bytes();
  section.done();
}

void read_rhythm(const Value& value, link::Window& window) {
  Section section(value);
  window.on = section.need("on", "write on: 10s").duration();
  window.off = section.need("off", "write off: 5s").duration();
  if (window.on == base::Duration::zero() || window.off == base::Duration::zero()) {
    value.fail("a rhythm needs both of its parts; write {on: 10s, off: 5s}");
  }
  section.done();
}

link::Window window_from(Section& section) {
  link::Window window;
  if (const auto phase = section.find("phase")) window.phase = phase->text();
  if (const auto bytes = section.find("bytes")) read_byte_window(*bytes, window);
  if (const auto from = section.find("from")) window.from += from->duration();
  if (const auto length = section.find("for")) {
    if (length->duration() == base::Duration::zero()) {
      length->fail("in force for no time at all; write for: 30s");
    }
    window.until = window.from + length->duration();
  }
  if (const auto rhythm = section.find("rhythm")) read_rhythm(*rhythm, window);
  return window;
}

// only: {protocol: tcp, port: 80, syn: true, ..}
void read_match(const Value& value, link::Match& match) {
  Section section(value);
  if (const auto protocol = section.find("protocol")) {
    match.protocol =
        protocol->one_of({"udp", "tcp"}) == 0 ? base::Protocol::udp : base::Protocol::tcp;
  }
  if (const auto port = section.find("port")) match.port = small(*port, 1);
  if (const auto syn = section.find("syn")) match.syn = syn->boolean();
  if (const auto fin = section.find("fin")) match.fin = fin->boolean();
  if (const auto ack = section.find("ack_only")) match.ack_only = ack->boolean();
  if (const auto size = section.find("larger_than")) match.larger_than = size->bytes();
  if (const auto text = section.find("contains")) match.contains = text->text();
  section.done();
}

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool all = error == std::errc{} && end == text.data() + text.size();
  return all && number > 0 ? std::optional(number) : std::nullopt;
}

// "7" or "5-9".
link::Pick::Range range_from(const Value& value) {
  const std::string text = value.text();
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto first = whole(std::string_view(text).substr(0, dash));
  const auto last = dash == text.size() ? first : whole(std::string_view(text).substr(dash + 1));
  if (!first || !last || *last < *first) {
    value.fail("'" + text + "' counts no packets; write a number from 1, or a range as in 5-9");
  }
  return {.first = *first, .last = *last};
}

link::Pick pick_from(Section& section) {
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  link::Pick pick;
  if (const auto packets = section.find("packets")) {
    for (const Value& each : packets->list()) pick.packets.push_back(range_from(each));
  }
  if (const auto every = section.find("every")) pick.every = every->integer(1, kMost);
  if (const auto chance = section.find("chance")) pick.chance = chance->fraction();
  if (const auto burst = section.find("burst")) {
    Section rule(*burst);
    pick.burst_gap = rule.need("gap", "write gap: 200ms").duration();
    pick.burst_from = rule.need("from", "write from: 2, the first packet picked").integer(1, kMost);
    rule.done();
  }
  return pick;
}

// "drop: true" reads well and "drop: false" means nothing.
template <class Effect>
Effect plain(const Value& value) {
  if (!value.boolean()) value.fail("leave the impairment out instead of switching it off");
  return {};
}

link::Effect corrupt_from(const Value& value) {
  Section section(value);
  link::Corrupt corrupt;
  if (const auto bits = section.find("bits")) {
    corrupt.bits = static_cast<std::uint32_t>(bits->integer(1, 10'000));
  }
  if (const auto unnoticed = section.find("unnoticed")) corrupt.unnoticed = unnoticed->boolean();
  section.done();
  return corrupt;
}

link::Effect stall_from(const Value& value) {
  if (value.is_text()) return link::Stall{.after = value.bytes()};
  Section section(value);
  link::Stall stall;
  stall.after = section.need("after", "write after: 64KB").bytes();
  if (const auto length = section.find("for")) stall.length = length->duration();
  section.done();
  return stall;
}

link::Effect slice_from(const Value& value) {
  const std::uint64_t bytes = value.bytes();
  if (bytes == 0) value.fail("pieces of 0 bytes carry nothing; write slice: 100B");
  return link::Slice{.payload_bytes = bytes};
}

link::Effect path_from(const Value& value, const std::filesystem::path& folder,
                       const link::Profile& profile) {
  Section section(value);
  link::Replace replace;
  const auto read = [&](const char* key, const link::Path& base, std::optional<link::Path>& to) {
    const auto direction = section.find(key);
    if (!direction) return;
    Section keys(*direction);
    to = base;
    read_path(keys, folder, *to);
    keys.done();
  };
  read("both", profile.up, replace.up);
  read("both", profile.down, replace.down);
  read("up", replace.up.value_or(profile.up), replace.up);
  read("down", replace.down.value_or(profile.down), replace.down);
  section.done();
  if (!replace.up && !replace.down)
    value.fail("a path that changes nothing; name up, down or both");
  return replace;
}

struct Kind {
  std::string name;
  std::function<link::Effect(const Value&)> read;
};

std::vector<Kind> kinds(const std::filesystem::path& folder, const link::Profile& profile) {
  return {
      {"drop", plain<link::Vanish>},
      {"lose", plain<link::Lose>},
      {"mark", plain<link::Mark>},
      {"corrupt", corrupt_from},
      {"truncate", [](const Value& v) { return link::Truncate{v.bytes()}; }},
      {"duplicate",
       [](const Value& v) {
         return link::Duplicate{static_cast<std::uint32_t>(v.integer(1, 100))};
       }},
      {"delay", [](const Value& v) { return link::Delay{.by = v.duration()}; }},
      {"reorder",
       [](const Value& v) { return link::Delay{.by = v.duration(), .overtaken = true}; }},
      {"clamp_mss", [](const Value& v) { return link::ClampMss{small(v, 1)}; }},
      {"clamp_window", [](const Value& v) { return link::ClampWindow{small(v, 0)}; }},
      {"reset_after", [](const Value& v) { return link::Reset{v.bytes()}; }},
      {"finish_after", [](const Value& v) { return link::Finish{v.bytes()}; }},
      {"stall_after", stall_from},
      {"slice", slice_from},
      {"nat", [](const Value& v) { return link::Effect(nat_from(v)); }},
      {"names", names_from},
      {"divert", divert_from},
      {"path", [&folder, &profile](const Value& v) { return path_from(v, folder, profile); }},
  };
}

std::vector<std::string> names_of(const std::vector<Kind>& all) {
  std::vector<std::string> names;
  for (const Kind& each : all) names.push_back(each.name);
  return names;
}

}  // namespace

link::Impairment impairment_from(const Value& value, const std::filesystem::path& folder,
                                 const link::Profile& profile) {
  Section section(value);
  link::Impairment impairment;
  impairment.when = window_from(section);
  if (const auto direction = section.find("direction")) {
    impairment.which.direction = direction_from(*direction);
  }
  if (const auto only = section.find("only")) read_match(*only, impairment.which);
  impairment.pick = pick_from(section);
  const std::vector<Kind> all = kinds(folder, profile);
  for (const Kind& each : all) {
    const auto what = section.find(each.name);
    if (!what) continue;
    if (!impairment.name.empty()) {
      what->fail(fmt::format("'{}' and '{}' in one entry; give each an entry of its own",
                             impairment.name, each.name));
    }
    impairment.name = each.name;
    impairment.effect = each.read(*what);
  }
  const bool does_nothing = impairment.name.empty();
  if (const auto name = section.find("name")) impairment.name = name->text();
  section.done();
  if (does_nothing) {
    section.fail("nothing happens here; write one of: " + base::joined(names_of(all)));
  }
  return impairment;
}

}  // namespace rig::scenario
