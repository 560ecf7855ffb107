#include "store/backup.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>

#include "base/rig_error.h"
#include "store/database.h"

namespace rig::store {
namespace {

namespace fs = std::filesystem;

// Removes what was not finished.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) { remove(); }
  ~Unfinished() { remove(); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(path_ + suffix, ignored);
  }
  std::string path_;
};

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

void refuse_foreign_source(Database& source) {
  if (source.query_integer("SELECT count(*) FROM sqlite_master WHERE name='cycles'") != 0) return;
  throw base::UsageError(source.path() + ": this SQLite database is not one of otarig's");
}

// All pages in one step: in WAL mode a reader holds up no writer, and sees one state.
void copy_pages(Database& from, Database& to) {
  std::unique_ptr<sqlite3_backup, FinishBackup> backup(
      sqlite3_backup_init(to.handle(), "main", from.handle(), "main"));
  if (!backup) to.fail(sqlite3_errcode(to.handle()), "begin a backup into");
  const int result = sqlite3_backup_step(backup.get(), -1);
  backup.reset();
  if (result == SQLITE_CORRUPT || result == SQLITE_NOTADB) from.fail(result, "back up");
  if (result != SQLITE_DONE) to.fail(result, fmt::format("copy {} to", from.path()));
}

void check_whole(Database& copy, const std::string& from) {
  Statement query(copy, "PRAGMA quick_check(1)");
  query.with();
  const std::string said = query.step() ? query.text(0) : "nothing";
  if (said == "ok") return;
  throw base::RigError(std::make_error_code(std::errc::io_error), "back up database " + from,
                       fmt::format("it is damaged ({}); what is readable of it comes out of "
                                   "'sqlite3 {} .recover'",
                                   said, from));
}

}  // namespace

BackupReport back_up(const std::string& from, const std::string& to) {
  std::error_code ignored;
  if (fs::exists(to, ignored)) {
    throw base::UsageError(to + ": there is such a file; name one that does not exist yet");
  }
  const fs::path folder = fs::path(to).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, ignored)) {
    throw base::UsageError(fmt::format("{}: there is no folder {}; make it, or name another file",
                                       to, folder.string()));
  }
  const Unfinished part(to + ".part");
  BackupReport report;
  {
    Database source(from, IfMissing::refuse);
    refuse_foreign_source(source);
    Database copy(part.path(), IfMissing::create);
    copy.run("PRAGMA synchronous=FULL");
    copy_pages(source, copy);
    // The copy stands alone: no log beside it that could be forgotten.
    copy.run("PRAGMA journal_mode=DELETE");
    check_whole(copy, from);
    report.cycles = copy.query_integer("SELECT count(*) FROM cycles");
  }
  fs::rename(part.path(), to);
  report.bytes = fs::file_size(to);
  return report;
}

}  // namespace rig::store
