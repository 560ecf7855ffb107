// A copy of the database while others write to it.
#pragma once

#include <cstdint>
#include <string>

namespace rig::store {

struct BackupReport {
  std::uint64_t bytes{};
  std::int64_t cycles{};  // in the copy
};

// Copies `from` as it is at this moment, in one piece; writers go on meanwhile. The copy is written
// beside `to`, checked page by page, and has its name only when it is whole; it needs no other
// file. Throws base::UsageError when `from` does not exist, is no database, or `to` exists;
// base::RigError when it cannot be read or written, or is damaged.
BackupReport back_up(const std::string& from, const std::string& to);

}  // namespace rig::store
