// What the store keeps of a night beside its campaigns: the soak itself, so that it can go on, and
// which boards are out of the game (schema.md).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "store/store.h"

namespace rig::store {

// A process, told from a later one of the same number by `started` (in the words of the kernel).
struct Controller {
  std::int64_t pid{};
  std::string started{};
  bool operator==(const Controller&) const = default;
};

struct SoakStart {
  std::string batch{};
  std::uint64_t seed{};
  std::map<std::string, std::string> options{};  // as asked for; whoever asked reads them again
  std::int64_t started_unix_us{};
  // One of them.
  std::optional<base::Duration> length{};
  std::optional<std::uint64_t> cycles{};
  Controller controller{};
};

struct Soak : SoakStart {
  CampaignState state{CampaignState::running};
  std::optional<std::int64_t> ended_unix_us{};
  base::Duration ran{};  // of `length`
};

// Throws base::UsageError when there is a soak of this name.
void begin_soak(Store& store, const SoakStart& start);
// Gives the soak to another controller and its state back to running; false when it is no longer
// `from`'s.
[[nodiscard]] bool take_soak(Store& store, std::string_view batch, const Controller& from,
                             const Controller& to);
// Part of what the next commit commits.
void set_soak_time(Store& store, std::string_view batch, base::Duration ran);
void end_soak(Store& store, const Soak& soak);  // state, ended_unix_us, ran
[[nodiscard]] std::optional<Soak> soak_named(Store& store, std::string_view batch);
[[nodiscard]] std::vector<Soak> soaks(Store& store);  // oldest first

// A campaign that belongs to no soak is this process's.
void set_controller(Store& store, CampaignId campaign, const Controller& controller);
// Campaigns and soaks that are running, as their rows say, by a process that is not: they end as
// interrupted, when their last cycle did. What no process is known of stays as it is. How many
// campaigns it were.
std::uint64_t end_abandoned(Store& store, const std::function<bool(const Controller&)>& is_alive);

enum class BoardCondition : std::uint8_t { ok, quarantined };

struct BoardState {
  std::string bench{};
  std::string board{};
  BoardCondition condition{BoardCondition::ok};
  std::string reason{};  // for people
  std::int64_t since_unix_us{};
  std::string batch{};
  std::optional<CycleId> cycle{};
};

// On disk when it returns.
void set_board_state(Store& store, const BoardState& state);
// What holds now, of every board that was ever out of the game.
[[nodiscard]] std::vector<BoardState> board_states(Store& store);
// Oldest first.
[[nodiscard]] std::vector<BoardState> board_history(Store& store, std::string_view bench,
                                                    std::string_view board);

}  // namespace rig::store
