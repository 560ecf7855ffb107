#include "scenario/fixtures.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/rig_error.h"
#include "scenario/yaml_reader.h"

namespace rig::scenario {
namespace {

Value open(const Library& library, Shelf shelf, std::string_view name) {
  const std::string problem = why_missing(library, shelf, name);
  if (!problem.empty()) {
    throw base::UsageError(problem);
  }
  return read_yaml(path_of(library, shelf, name));
}

std::string digits(const Value& value, std::size_t least, std::size_t most) {
  std::string text = value.text();
  const bool only_digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!only_digits || text.size() < least || text.size() > most) {
    value.fail(fmt::format("expected {} to {} digits in quotes, found '{}'", least, most, text));
  }
  return text;
}

std::string text_or_empty(Section& section, const std::string& key) {
  const auto value = section.find(key);
  return value ? value->text() : std::string{};
}

link::Path path_from(const Value& value) {
  Section section(value);
  link::Path path;
  path.rate_bps = section.need("rate", "write rate: 50kbit/s, or 0bit/s for unlimited").rate();
  if (const auto delay = section.find("delay")) {
    path.delay = delay->duration();
  }
  if (const auto jitter = section.find("jitter")) {
    path.jitter = jitter->duration();
  }
  if (const auto loss = section.find("loss")) {
    path.loss = loss->fraction();
  }
  if (const auto queue = section.find("queue")) {
    path.queue_packets = static_cast<std::uint32_t>(queue->integer(1, 1'000'000));
  }
  section.done();
  return path;
}

link::Outage outage_from(const Value& value) {
  Section section(value);
  const base::Instant from =
      base::kCycleStart + section.need("from", "write from: 120s").duration();
  const base::Duration length = section.need("for", "write for: 30s").duration();
  section.done();
  return {.from = from, .until = from + length};
}

}  // namespace

modem::SimCard load_sim_card(const Library& library, std::string_view name) {
  Section section(open(library, Shelf::sim_card, name));
  modem::SimCard card;
  card.name = name;
  card.imsi = digits(section.need("imsi", "write 14 or 15 digits in quotes"), 14, 15);
  card.iccid = digits(section.need("iccid", "write 19 or 20 digits in quotes"), 19, 20);
  card.apn = section.need("apn", "name the APN that the card's network accepts").text();
  card.user = text_or_empty(section, "user");
  card.password = text_or_empty(section, "password");
  if (const auto inserted = section.find("inserted")) {
    card.inserted = inserted->boolean();
  }
  section.done();
  return card;
}

link::Profile load_link(const Library& library, std::string_view name) {
  Section section(open(library, Shelf::link, name));
  link::Profile profile;
  profile.name = name;
  profile.up = path_from(section.need("up", "write up: {rate: 50kbit/s}"));
  profile.down = path_from(section.need("down", "write down: {rate: 50kbit/s}"));
  if (const auto outages = section.find("outages")) {
    for (const Value& outage : outages->list()) {
      profile.outages.push_back(outage_from(outage));
    }
  }
  section.done();
  return profile;
}

}  // namespace rig::scenario
