#include "store/soak_rows.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/rig_error.h"
#include "store/json_text.h"

namespace rig::store {
namespace {

constexpr const char* kSoakColumns =
    "SELECT batch, seed, started_unix_us, ended_unix_us, ran_us, for_us, cycles_wanted, state, "
    "controller_pid, controller_started FROM soaks ";
constexpr const char* kBoardColumns =
    "SELECT bench, board, state, reason, since_unix_us, batch, cycle FROM board_states ";

std::int64_t microseconds_in(base::Duration length) {
  return std::chrono::duration_cast<std::chrono::microseconds>(length).count();
}

std::map<std::string, std::string> options_of(Database& database, const std::string& batch) {
  Statement query(database, "SELECT key, value FROM soaks, json_each(options) WHERE soaks.batch=?");
  query.with(batch);
  std::map<std::string, std::string> options;
  while (query.step()) options.emplace(query.text(0), query.text(1));
  return options;
}

Soak soak_in(Database& database, const Statement& row) {
  Soak soak;
  soak.batch = row.text(0);
  soak.seed = std::strtoull(row.text(1).c_str(), nullptr, 10);
  soak.options = options_of(database, soak.batch);
  soak.started_unix_us = row.integer(2);
  if (!row.is_null(3)) soak.ended_unix_us = row.integer(3);
  soak.ran = std::chrono::microseconds(row.integer(4));
  if (!row.is_null(5)) soak.length = std::chrono::microseconds(row.integer(5));
  if (!row.is_null(6)) soak.cycles = row.count(6);
  soak.state = campaign_state_named(row.text(7));
  soak.controller = {.pid = row.integer(8), .started = row.text(9)};
  return soak;
}

std::vector<Soak> read_soaks(Database& database, Statement& query) {
  std::vector<Soak> found;
  while (query.step()) found.push_back(soak_in(database, query));
  return found;
}

// Running campaigns, and the process that is in charge of each.
constexpr const char* kInCharge =
    "SELECT campaigns.id, coalesce(controllers.pid, controller_pid), "
    "coalesce(controllers.started, controller_started) FROM campaigns "
    "LEFT JOIN controllers ON controllers.campaign=campaigns.id "
    "LEFT JOIN soaks ON soaks.batch=campaigns.batch WHERE campaigns.state='running' AND "
    "coalesce(controllers.pid, controller_pid) NOT NULL";

std::vector<BoardState> read_states(Statement& query) {
  std::vector<BoardState> found;
  while (query.step()) {
    BoardState& state = found.emplace_back();
    state.bench = query.text(0);
    state.board = query.text(1);
    if (query.text(2) == "quarantined") state.condition = BoardCondition::quarantined;
    state.reason = query.text(3);
    state.since_unix_us = query.integer(4);
    state.batch = query.text(5);
    if (!query.is_null(6)) state.cycle = CycleId{query.integer(6)};
  }
  return found;
}

}  // namespace

void begin_soak(Store& store, const SoakStart& start) {
  if (soak_named(store, start.batch)) {
    throw base::UsageError(
        fmt::format("{}: there is a soak '{}' already; go on with it with --resume {}, or give "
                    "this one another name with --name",
                    store.database().path(), start.batch, start.batch));
  }
  const std::string seed = std::to_string(start.seed);
  const std::string options = json_object_of(start.options);
  std::optional<std::int64_t> length;
  std::optional<std::int64_t> cycles;
  if (start.length) length = microseconds_in(*start.length);
  if (start.cycles) cycles = static_cast<std::int64_t>(*start.cycles);
  Statement(store.database(),
            "INSERT INTO soaks (batch, seed, options, started_unix_us, for_us, cycles_wanted, "
            "state, controller_pid, controller_started) "
            "VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?)")
      .with(start.batch, seed, options, start.started_unix_us, length, cycles, start.controller.pid,
            start.controller.started)
      .run();
  store.sync();
}

bool take_soak(Store& store, std::string_view batch, const Controller& from, const Controller& to) {
  Statement(store.database(),
            "UPDATE soaks SET controller_pid=?, controller_started=?, state='running', "
            "ended_unix_us=NULL WHERE batch=? AND controller_pid=? AND controller_started=?")
      .with(to.pid, to.started, batch, from.pid, from.started)
      .run();
  const bool taken = store.database().changes() == 1;
  store.sync();
  return taken;
}

void set_soak_time(Store& store, std::string_view batch, base::Duration ran) {
  Statement(store.database(), "UPDATE soaks SET ran_us=? WHERE batch=?")
      .with(microseconds_in(ran), batch)
      .run();
}

void end_soak(Store& store, const Soak& soak) {
  Statement(store.database(), "UPDATE soaks SET state=?, ended_unix_us=?, ran_us=? WHERE batch=?")
      .with(name_of(soak.state), soak.ended_unix_us, microseconds_in(soak.ran), soak.batch)
      .run();
  store.sync();
}

std::optional<Soak> soak_named(Store& store, std::string_view batch) {
  Statement query(store.database(), fmt::format("{} WHERE batch=?", kSoakColumns));
  query.with(batch);
  if (!query.step()) return std::nullopt;
  return soak_in(store.database(), query);
}

std::vector<Soak> soaks(Store& store) {
  Statement query(store.database(),
                  fmt::format("{} ORDER BY started_unix_us, batch", kSoakColumns));
  query.with();
  return read_soaks(store.database(), query);
}

void set_controller(Store& store, CampaignId campaign, const Controller& controller) {
  Statement(store.database(), "INSERT INTO controllers (campaign, pid, started) VALUES (?, ?, ?)")
      .with(campaign.value, controller.pid, controller.started)
      .run();
  store.sync();
}

std::uint64_t end_abandoned(Store& store, const std::function<bool(const Controller&)>& is_alive) {
  std::vector<CampaignId> abandoned;
  Statement query(store.database(), kInCharge);
  query.with();
  while (query.step()) {
    if (!is_alive({query.integer(1), query.text(2)})) abandoned.push_back({query.integer(0)});
  }
  Statement last(store.database(),
                 "SELECT max(max(coalesce(ended_unix_us, 0), started_unix_us)) FROM cycles WHERE "
                 "campaign=?");
  for (const CampaignId id : abandoned) {
    last.with(id.value);
    const bool began = last.step() && !last.is_null(0);
    const std::int64_t ended = began ? last.integer(0) : store.campaign(id).started_unix_us;
    store.end_campaign(id, CampaignState::interrupted, ended);
  }
  for (Soak soak : soaks(store)) {
    if (soak.state != CampaignState::running || is_alive(soak.controller)) continue;
    soak.state = CampaignState::interrupted;
    soak.ended_unix_us = soak.started_unix_us + microseconds_in(soak.ran);
    end_soak(store, soak);
  }
  return abandoned.size();
}

void set_board_state(Store& store, const BoardState& state) {
  const char* condition = state.condition == BoardCondition::ok ? "ok" : "quarantined";
  std::optional<std::int64_t> cycle;
  if (state.cycle) cycle = state.cycle->value;
  Statement(store.database(),
            "INSERT INTO board_states (bench, board, state, reason, since_unix_us, batch, cycle) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)")
      .with(state.bench, state.board, condition, state.reason, state.since_unix_us, state.batch,
            cycle)
      .run();
  store.sync();
}

std::vector<BoardState> board_states(Store& store) {
  Statement query(store.database(),
                  fmt::format("{} WHERE id IN (SELECT max(id) FROM board_states GROUP BY bench, "
                              "board) ORDER BY bench, board",
                              kBoardColumns));
  query.with();
  return read_states(query);
}

std::vector<BoardState> board_history(Store& store, std::string_view bench,
                                      std::string_view board) {
  Statement query(store.database(),
                  fmt::format("{} WHERE bench=? AND board=? ORDER BY id", kBoardColumns));
  query.with(bench, board);
  return read_states(query);
}

}  // namespace rig::store
