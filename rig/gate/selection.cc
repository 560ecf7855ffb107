#include "gate/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

#include "base/rig_error.h"
#include "base/suggestion.h"

namespace rig::gate {
namespace {

using store::Campaign;
using Property = std::function<std::string(const Campaign&)>;

std::vector<std::string> distinct(const std::vector<Campaign>& campaigns,
                                  const Property& property) {
  std::set<std::string> values;
  for (const Campaign& each : campaigns) values.insert(property(each));
  values.erase("");
  return {values.begin(), values.end()};
}

// What messages about a missing name need.
struct Shelf {
  std::string what;  // "scenario"
  std::string file;  // of the database
};

[[noreturn]] void refuse(const Shelf& shelf, const std::string& name,
                         std::vector<std::string> names) {
  constexpr std::size_t kShown = 12;
  const std::string hint = base::did_you_mean(name, names);
  const std::size_t more = names.size() > kShown ? names.size() - kShown : 0;
  names.resize(names.size() - more);
  throw base::UsageError(fmt::format("{}: no {} '{}'; there are: {}{}.{}", shelf.file, shelf.what,
                                     name, base::joined(names),
                                     more > 0 ? fmt::format(" and {} more", more) : "", hint));
}

void require(const Shelf& shelf, const std::string& name, const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), name) == names.end()) refuse(shelf, name, names);
}

std::vector<Campaign> keep(std::vector<Campaign> campaigns,
                           const std::function<bool(const Campaign&)>& wanted) {
  std::erase_if(campaigns, [&](const Campaign& each) { return !wanted(each); });
  return campaigns;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<Campaign> one_campaign(store::Store& store, const std::string& text) {
  const auto number = number_in(text);
  if (!number) throw base::UsageError(fmt::format("'{}' is no campaign number", text));
  return {store.campaign({*number})};
}

std::vector<Campaign> by_firmware(store::Store& store, const std::string& text) {
  const std::string name = text.substr(0, text.find('@'));
  const std::string hash = name.size() == text.size() ? "" : text.substr(name.size() + 1);
  auto all = store.campaigns();
  require({"firmware", store.database().path()}, name,
          distinct(all, [](const Campaign& each) { return each.firmware; }));
  auto found = keep(std::move(all), [&](const Campaign& each) {
    return each.firmware == name && each.firmware_hash.starts_with(hash);
  });
  if (!found.empty()) return found;
  refuse(
      {"build of " + name, store.database().path()}, hash,
      distinct(keep(store.campaigns(), [&](const Campaign& each) { return each.firmware == name; }),
               [](const Campaign& each) { return each.firmware_hash; }));
}

std::vector<Campaign> by_property(store::Store& store, const Shelf& shelf, const std::string& name,
                                  const Property& property) {
  auto all = store.campaigns();
  require(shelf, name, distinct(all, property));
  return keep(std::move(all), [&](const Campaign& each) { return property(each) == name; });
}

std::vector<Campaign> by_batch(store::Store& store, const std::string& name) {
  return by_property(store, {"batch", store.database().path()}, name,
                     [](const Campaign& each) { return each.batch; });
}

std::vector<Campaign> by_board(store::Store& store, const std::string& name) {
  return by_property(store, {"board", store.database().path()}, name, board_label);
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A name without a kind: a night, else a firmware, else a board.
std::vector<Campaign> by_name(store::Store& store, const std::string& name) {
  const auto all = store.campaigns();
  const auto batches = distinct(all, [](const Campaign& each) { return each.batch; });
  if (holds(batches, name)) return by_batch(store, name);
  auto names = distinct(all, [](const Campaign& each) { return each.firmware; });
  const std::string firmware = name.substr(0, name.find('@'));
  if (holds(names, firmware)) return by_firmware(store, name);
  const auto boards = distinct(all, board_label);
  if (holds(boards, name)) return by_board(store, name);
  names.insert(names.end(), batches.begin(), batches.end());
  names.insert(names.end(), boards.begin(), boards.end());
  refuse({"batch, firmware or board", store.database().path()}, name, names);
}

}  // namespace

std::string board_label(const Campaign& campaign) {
  return campaign.board_name.empty() ? campaign.board : campaign.board_name;
}

std::vector<Campaign> select(store::Store& store, const Selection& selection) {
  auto all = store.campaigns();
  const auto scenarios = distinct(all, [](const Campaign& each) { return each.scenario; });
  for (const std::string& name : selection.scenarios) {
    require({"campaign of scenario", store.database().path()}, name, scenarios);
  }
  if (!selection.batch.empty()) {
    require({"batch", store.database().path()}, selection.batch,
            distinct(all, [](const Campaign& each) { return each.batch; }));
  }
  return keep(std::move(all), [&](const Campaign& each) {
    const auto& names = selection.scenarios;
    const bool scenario = names.empty() || each.role == store::CampaignRole::known_bad ||
                          std::find(names.begin(), names.end(), each.scenario) != names.end();
    return scenario && (selection.batch.empty() || each.batch == selection.batch) &&
           each.started_unix_us >= selection.since_unix_us.value_or(each.started_unix_us);
  });
}

std::vector<Campaign> select(store::Store& store, const std::string& side) {
  const auto equals = side.find('=');
  const std::string kind = equals == side.npos ? "" : side.substr(0, equals);
  const std::string name = equals == side.npos ? side : side.substr(equals + 1);
  if (kind == "campaign") return one_campaign(store, name);
  if (kind == "batch") return by_batch(store, name);
  if (kind == "firmware") return by_firmware(store, name);
  if (kind == "board") return by_board(store, name);
  if (!kind.empty()) {
    throw base::UsageError(fmt::format(
        "'{}': unknown kind '{}'; expected one of: campaign, batch, firmware, board.{}", side, kind,
        base::did_you_mean(kind, {"campaign", "batch", "firmware", "board"})));
  }
  return number_in(side) ? one_campaign(store, side) : by_name(store, side);
}

}  // namespace rig::gate
