#include "scenario/fixtures.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/rig_error.h"
#include "scenario/link_profile.h"
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
  link::Profile profile =
      link_profile_from(open(library, Shelf::link, name), folder_of(library, Shelf::link));
  profile.name = name;
  return profile;
}

}  // namespace rig::scenario
