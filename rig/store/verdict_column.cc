#include "store/verdict_column.h"

#include <fmt/format.h>

#include "base/rig_error.h"

namespace rig::store {

record::Verdict verdict_in(Database& database, const std::string& name) {
  const auto verdict = record::verdict_named(name);
  if (verdict) return *verdict;
  throw base::RigError(std::make_error_code(std::errc::io_error),
                       fmt::format("read database {}", database.path()),
                       fmt::format("it holds an unknown verdict \"{}\"", name));
}

}  // namespace rig::store
