#include "store/schema.h"

#include <fmt/format.h>

#include <array>

#include "base/assert.h"
#include "base/rig_error.h"

namespace rig::store {
namespace {

// "OTAR": tells our files from any other SQLite database.
constexpr std::int64_t kApplicationId = 0x4F544152;

constexpr const char* kVersion1 = R"sql(
CREATE TABLE campaigns (
  id              INTEGER PRIMARY KEY,
  scenario        TEXT NOT NULL,
  scenario_yaml   TEXT NOT NULL,
  title           TEXT NOT NULL,
  labels          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(labels)),
  board           TEXT NOT NULL,
  firmware        TEXT NOT NULL,
  firmware_hash   TEXT NOT NULL,
  image_hashes    TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(image_hashes)),
  otarig_version  TEXT NOT NULL,
  seed            TEXT NOT NULL,
  started_unix_us INTEGER NOT NULL,
  ended_unix_us   INTEGER,
  state           TEXT NOT NULL CHECK (state IN ('running', 'finished', 'interrupted')),
  points_planned  INTEGER NOT NULL DEFAULT 0,
  flash_ops_total INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE cycles (
  id              INTEGER PRIMARY KEY,
  campaign        INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
  cycle_index     INTEGER NOT NULL,
  plan            TEXT NOT NULL,
  kind            TEXT NOT NULL CHECK (kind IN ('control', 'cut', 'run')),
  started_unix_us INTEGER NOT NULL,
  ended_unix_us   INTEGER,
  verdict         TEXT,
  phase           TEXT,
  cut_op          INTEGER,
  cut_address     INTEGER,
  cut_op_kind     TEXT,
  torn            TEXT,
  cut_at_us       INTEGER,
  recovery_us     INTEGER,
  host_us         INTEGER,
  UNIQUE (campaign, cycle_index),
  CHECK ((verdict IS NULL) = (ended_unix_us IS NULL))
);
CREATE INDEX cycles_by_verdict ON cycles (campaign, verdict, kind);
CREATE INDEX cycles_by_plan ON cycles (plan);
CREATE TABLE findings (
  cycle           INTEGER NOT NULL REFERENCES cycles(id) ON DELETE CASCADE,
  ordinal         INTEGER NOT NULL,
  verdict         TEXT NOT NULL,
  holds           INTEGER NOT NULL CHECK (holds IN (0, 1)),
  at_ns           INTEGER NOT NULL,
  text            TEXT NOT NULL,
  PRIMARY KEY (cycle, ordinal)
) WITHOUT ROWID;
CREATE TABLE timelines (
  cycle           INTEGER PRIMARY KEY REFERENCES cycles(id) ON DELETE CASCADE,
  events          INTEGER NOT NULL,
  packed          BLOB NOT NULL
);
)sql";

// Sweeps repeat the same uncut beginning in every cycle; a matrix is several campaigns.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE campaigns ADD COLUMN batch TEXT NOT NULL DEFAULT '';
CREATE INDEX campaigns_by_batch ON campaigns (batch);
CREATE TABLE trunks (
  campaign        INTEGER PRIMARY KEY REFERENCES campaigns(id) ON DELETE CASCADE,
  events          INTEGER NOT NULL,
  packed          BLOB NOT NULL
);
ALTER TABLE timelines ADD COLUMN shared_events INTEGER NOT NULL DEFAULT 0;
)sql";

// A night is a batch: one campaign per scenario and board. `cycles_by_outcome` answers what gates
// and comparisons ask of a million cycles (counts per kind, verdict and phase) without reading a
// row.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE campaigns ADD COLUMN board_name TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN role TEXT NOT NULL DEFAULT 'trial'
  CHECK (role IN ('trial', 'known-bad'));
CREATE INDEX campaigns_by_scenario ON campaigns (scenario, firmware);
ALTER TABLE cycles ADD COLUMN link_profile TEXT NOT NULL DEFAULT '';
ALTER TABLE cycles ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;
DROP INDEX cycles_by_verdict;
CREATE INDEX cycles_by_outcome ON cycles (campaign, kind, verdict, phase, cut_at_us, host_us);
CREATE INDEX cycles_open ON cycles (campaign) WHERE verdict IS NULL;
CREATE TABLE soaks (
  batch              TEXT PRIMARY KEY CHECK (batch <> ''),
  seed               TEXT NOT NULL,
  options            TEXT NOT NULL CHECK (json_valid(options)),
  started_unix_us    INTEGER NOT NULL,
  ended_unix_us      INTEGER,
  ran_us             INTEGER NOT NULL DEFAULT 0,
  for_us             INTEGER,
  cycles_wanted      INTEGER,
  state              TEXT NOT NULL CHECK (state IN ('running', 'finished', 'interrupted')),
  controller_pid     INTEGER NOT NULL,
  controller_started TEXT NOT NULL,
  CHECK ((for_us IS NULL) <> (cycles_wanted IS NULL))
);
CREATE TABLE board_states (
  id              INTEGER PRIMARY KEY,
  bench           TEXT NOT NULL,
  board           TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('ok', 'quarantined')),
  reason          TEXT NOT NULL,
  since_unix_us   INTEGER NOT NULL,
  batch           TEXT NOT NULL DEFAULT '',
  cycle           INTEGER REFERENCES cycles(id) ON DELETE SET NULL
);
CREATE INDEX board_states_by_board ON board_states (bench, board, id);
)sql";

// A campaign whose process was killed is told from one that still runs. Those of a soak are their
// soak's.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE controllers (
  campaign        INTEGER PRIMARY KEY REFERENCES campaigns(id) ON DELETE CASCADE,
  pid             INTEGER NOT NULL,
  started         TEXT NOT NULL
);
)sql";

// An exploration decides cells by the hundred thousand and books a few cycles as examples.
constexpr const char* kVersion5 = R"sql(
CREATE TABLE explorations (
  campaign        INTEGER PRIMARY KEY REFERENCES campaigns(id) ON DELETE CASCADE,
  cells           INTEGER NOT NULL,
  decided         INTEGER NOT NULL,
  failing         INTEGER NOT NULL,
  coverage        TEXT NOT NULL CHECK (json_valid(coverage))
);
)sql";

constexpr std::array<const char*, kSchemaVersion> kSteps{kVersion1, kVersion2, kVersion3, kVersion4,
                                                         kVersion5};

void refuse_foreign(Database& database, std::int64_t version) {
  const bool ours = database.query_integer("PRAGMA application_id") == kApplicationId;
  if (!ours && database.query_integer("SELECT count(*) FROM sqlite_master") != 0) {
    throw base::UsageError(database.path() + ": this SQLite database is not one of otarig's");
  }
  if (version > kSchemaVersion) {
    throw base::UsageError(fmt::format(
        "{}: the database has schema version {}, this otarig knows up to version {}; use the "
        "otarig that wrote it, or a later one",
        database.path(), version, kSchemaVersion));
  }
}

void run_steps(Database& database) {
  // Read again: another process may have migrated while this one waited for the lock.
  const auto from = database.query_integer("PRAGMA user_version");
  for (auto version = from; version < kSchemaVersion; ++version) {
    database.run(migration_step(static_cast<int>(version)));
  }
  database.run(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId,
                           kSchemaVersion)
                   .c_str());
}

}  // namespace

const char* migration_step(int version) {
  RIG_ASSERT(version >= 0 && version < kSchemaVersion);
  return kSteps[static_cast<std::size_t>(version)];
}

void migrate(Database& database) {
  const auto version = database.query_integer("PRAGMA user_version");
  refuse_foreign(database, version);
  if (version == kSchemaVersion) return;
  database.run("BEGIN IMMEDIATE");
  try {
    run_steps(database);
    database.run("COMMIT");
  } catch (...) {
    if (database.in_transaction()) database.run("ROLLBACK");
    throw;
  }
}

void require_current(Database& database) {
  const auto version = database.query_integer("PRAGMA user_version");
  refuse_foreign(database, version);
  if (version == kSchemaVersion) return;
  throw base::UsageError(fmt::format(
      "{}: the database has schema version {}, and {} is needed; otarig report brings it up",
      database.path(), version, kSchemaVersion));
}

}  // namespace rig::store
