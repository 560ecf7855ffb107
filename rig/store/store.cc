#include "store/store.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/rig_error.h"
#include "store/json_text.h"
#include "store/schema.h"

namespace rig::store {
namespace {

constexpr int kCyclesPerCommit = 256;
constexpr std::int64_t kCommitIntervalUs = 1'000'000;
constexpr std::int64_t kTickIntervalUs = 250'000;

const std::string& with_folder(const std::string& path, IfMissing if_missing) {
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (if_missing == IfMissing::create && !folder.empty()) {
    std::filesystem::create_directories(folder, error);
  }
  if (error) throw base::RigError(error, "create folder " + folder.string());
  return path;
}

Database migrated(const std::string& path, const StoreOptions& options) {
  if (options.read_only) {
    Database database(path, IfMissing::refuse, Access::read_only);
    require_current(database);
    return database;
  }
  Database database(with_folder(path, options.if_missing), options.if_missing);
  migrate(database);
  if (options.commit != Commit::grouped) database.run("PRAGMA synchronous=FULL");
  return database;
}

std::int64_t us(base::Duration length) {
  return std::chrono::duration_cast<std::chrono::microseconds>(length).count();
}

std::optional<std::int64_t> us(const std::optional<base::Duration>& length) {
  return length ? std::optional(us(*length)) : std::nullopt;
}

}  // namespace

Store::Store(const std::string& path, StoreOptions options)
    : database_(migrated(path, options)),
      commit_(options.commit),
      insert_cycle_(database_,
                    "INSERT INTO cycles (campaign, cycle_index, plan, kind, started_unix_us, "
                    "link_profile) VALUES (?, ?, ?, ?, ?, ?)"),
      complete_cycle_(database_,
                      "UPDATE cycles SET ended_unix_us=?, verdict=?, phase=?, cut_op=?, "
                      "cut_address=?, cut_op_kind=?, torn=?, cut_at_us=?, recovery_us=?, host_us=? "
                      "WHERE id=? AND verdict IS NULL"),
      insert_timeline_(database_,
                       "INSERT INTO timelines (cycle, events, shared_events, packed) "
                       "VALUES (?, ?, ?, ?)"),
      insert_finding_(database_,
                      "INSERT INTO findings (cycle, ordinal, verdict, holds, at_ns, text) "
                      "VALUES (?, ?, ?, ?, ?, ?)"),
      begin_(database_, "BEGIN IMMEDIATE"),
      commit_statement_(database_, "COMMIT") {}

Store::~Store() {
  try {
    sync();
  } catch (const base::RigError&) {
    // Documented: sync() is the call that reports.
  }
}

void Store::open_transaction() {
  if (!database_.in_transaction()) begin_.with().run();
}

void Store::sync() {
  finished_since_commit_ = 0;
  if (database_.in_transaction()) commit_statement_.with().run();
}

void Store::commit_if_due(std::int64_t now_unix_us) {
  const bool late = now_unix_us - committed_unix_us_ >= kCommitIntervalUs ||
                    now_unix_us < committed_unix_us_;  // the wall clock was set back
  if (commit_ != Commit::each && !late && finished_since_commit_ < kCyclesPerCommit) return;
  sync();
  committed_unix_us_ = now_unix_us;
}

void Store::tick(std::int64_t now_unix_us) {
  const std::int64_t waited = now_unix_us - committed_unix_us_;
  if (!database_.in_transaction() || (waited >= 0 && waited < kTickIntervalUs)) return;
  sync();
  committed_unix_us_ = now_unix_us;
}

// Runs `act` as one group of rows. When it fails, nothing of this group stays, and what was handed
// over before it is committed at once. (On a full disk SQLite may already have rolled the open
// batch back; the committed ones are safe in any case.)
template <typename Act>
void Store::guarded(const Act& act) {
  open_transaction();
  try {
    Savepoint group(database_);
    act();
    group.release();
  } catch (const base::RigError&) {
    try {
      sync();
    } catch (const base::RigError&) {
      // The first cause is the one to report.
    }
    throw;
  }
}

CampaignId Store::begin_campaign(const CampaignStart& start) {
  CampaignId id;
  guarded([&] {
    Statement insert(database_,
                     "INSERT INTO campaigns (scenario, scenario_yaml, title, labels, board, "
                     "firmware, firmware_hash, image_hashes, otarig_version, seed, "
                     "started_unix_us, state, points_planned, flash_ops_total, batch, board_name, "
                     "role) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)");
    const std::string labels = json_object_of(start.labels);
    const std::string images = json_object_of(start.image_hashes);
    const std::string seed = std::to_string(start.seed);
    insert
        .with(start.scenario, start.scenario_yaml, start.title, labels, start.board, start.firmware,
              start.firmware_hash, images, start.otarig_version, seed, start.started_unix_us,
              start.points_planned, start.flash_ops_total, start.batch, start.board_name,
              name_of(start.role))
        .run();
    id.value = database_.last_row_id();
  });
  sync();
  return id;
}

void Store::set_plan(CampaignId campaign, std::uint64_t points_planned,
                     std::uint64_t flash_ops_total) {
  guarded([&] {
    Statement(database_, "UPDATE campaigns SET points_planned=?, flash_ops_total=? WHERE id=?")
        .with(points_planned, flash_ops_total, campaign.value)
        .run();
  });
  sync();
}

void Store::set_trunk(CampaignId campaign, const record::Timeline& trunk) {
  const PackedTimeline packed = pack(trunk);
  guarded([&] {
    Statement(database_, "INSERT INTO trunks (campaign, events, packed) VALUES (?, ?, ?)")
        .with(campaign.value, packed.events, packed.packed)
        .run();
  });
  sync();
}

CycleId Store::begin_cycle(CampaignId campaign, const CycleIntent& intent) {
  CycleId id;
  guarded([&] {
    insert_cycle_
        .with(campaign.value, intent.index, intent.plan, name_of(intent.kind),
              intent.started_unix_us, intent.link_profile)
        .run();
    id.value = database_.last_row_id();
  });
  commit_if_due(intent.started_unix_us);
  return id;
}

void Store::begin_again(CycleId cycle, CampaignId campaign, const CycleIntent& intent) {
  guarded([&] {
    Statement(database_,
              "UPDATE cycles SET campaign=?, plan=?, kind=?, started_unix_us=?, link_profile=?, "
              "attempts=attempts+1 WHERE id=? AND verdict IS NULL")
        .with(campaign.value, intent.plan, name_of(intent.kind), intent.started_unix_us,
              intent.link_profile, cycle.value)
        .run();
    require_open(cycle, "begin");
  });
  commit_if_due(intent.started_unix_us);
}

void Store::require_open(CycleId cycle, std::string_view attempt) {
  if (database_.changes() == 1) return;
  throw base::RigError(std::make_error_code(std::errc::file_exists),
                       fmt::format("{} cycle {} in {}", attempt, cycle.value, database_.path()),
                       "there is no open cycle of this number");
}

void Store::finish_cycle(CycleId cycle, const CycleOutcome& outcome,
                         const PackedTimeline& timeline) {
  const CutSpot& cut = outcome.cut;
  guarded([&] {
    complete_cycle_
        .with(outcome.ended_unix_us, record::name_of(outcome.judgement.verdict),
              outcome.judgement.phase, cut.op, cut.address, cut.op_kind, cut.torn, us(cut.at),
              us(outcome.recovery), us(outcome.host), cycle.value)
        .run();
    require_open(cycle, "finish");
    insert_timeline_.with(cycle.value, timeline.events, timeline.shared_events, timeline.packed)
        .run();
    write_judgement(cycle, outcome.judgement);
  });
  ++finished_since_commit_;
  commit_if_due(outcome.ended_unix_us);
}

void Store::write_judgement(CycleId cycle, const record::Judgement& judgement) {
  int ordinal = 0;
  for (const record::Finding& finding : judgement.findings) {
    insert_finding_
        .with(cycle.value, ordinal++, record::name_of(finding.verdict), finding.holds,
              finding.at.time_since_epoch().count(), finding.text)
        .run();
  }
}

void Store::replace_judgement(CycleId cycle, const record::Judgement& judgement) {
  guarded([&] {
    Statement(database_, "UPDATE cycles SET verdict=?, phase=? WHERE id=? AND verdict NOT NULL")
        .with(record::name_of(judgement.verdict), judgement.phase, cycle.value)
        .run();
    if (database_.changes() != 1) {
      throw base::UsageError(
          fmt::format("{}: cycle {} was never finished, so it cannot be judged "
                      "again",
                      database_.path(), cycle.value));
    }
    Statement(database_, "DELETE FROM findings WHERE cycle=?").with(cycle.value).run();
    write_judgement(cycle, judgement);
  });
  if (++finished_since_commit_ >= kCyclesPerCommit) sync();
}

void Store::reopen_campaign(CampaignId campaign) {
  guarded([&] {
    Statement(database_, "UPDATE campaigns SET state='running', ended_unix_us=NULL WHERE id=?")
        .with(campaign.value)
        .run();
  });
  sync();
}

void Store::end_campaign(CampaignId campaign, CampaignState state, std::int64_t ended_unix_us) {
  sync();
  Statement open(database_, "SELECT count(*) FROM cycles WHERE campaign=? AND verdict IS NULL");
  open.with(campaign.value);
  if (open.step() && state == CampaignState::finished && open.integer(0) != 0) {
    throw base::RigError(std::make_error_code(std::errc::operation_not_permitted),
                         fmt::format("finish campaign {} in {}", campaign.value, database_.path()),
                         fmt::format("{} of its cycles have no outcome", open.integer(0)));
  }
  guarded([&] {
    Statement(database_, "UPDATE campaigns SET state=?, ended_unix_us=? WHERE id=?")
        .with(name_of(state), ended_unix_us, campaign.value)
        .run();
  });
  sync();
}

}  // namespace rig::store
