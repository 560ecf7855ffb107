// The tables (schema.md) and the way from every older version of them to the current one.
#pragma once

#include "store/database.h"

namespace rig::store {

inline constexpr int kSchemaVersion = 5;

// Brings a database to kSchemaVersion, one step after the other in one transaction; an empty file
// gets all of them. Throws base::UsageError when the file is of a newer schema (both versions are
// named) or belongs to another program; then nothing has been changed.
void migrate(Database& database);

// For a database that must not be changed: throws base::UsageError where migrate() would change it,
// or would refuse it.
void require_current(Database& database);

// The SQL that brings a database from `version` to `version + 1` (0 <= version < kSchemaVersion).
// For tests that build an old file.
[[nodiscard]] const char* migration_step(int version);

}  // namespace rig::store
