// Verdicts are stored by name, so that a file outlives a change of the enumeration.
#pragma once

#include <string>

#include "record/verdict.h"
#include "store/database.h"

namespace rig::store {

// Names that no schema version ever wrote mean a damaged file: throws base::RigError.
[[nodiscard]] record::Verdict verdict_in(Database& database, const std::string& name);

}  // namespace rig::store
