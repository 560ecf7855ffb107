#include "store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <filesystem>

#include "base/rig_error.h"

namespace rig::store {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

int errno_of(int result) {
  switch (result & 0xFF) {
    case SQLITE_FULL:
      return ENOSPC;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return EBUSY;
    case SQLITE_READONLY:
      return EROFS;
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return EACCES;
    case SQLITE_NOMEM:
      return ENOMEM;
    case SQLITE_CONSTRAINT:
      return EEXIST;
    case SQLITE_CORRUPT:
      return EUCLEAN;
    default:
      return EIO;
  }
}

std::string advice_for(int result, const char* message) {
  switch (result & 0xFF) {
    case SQLITE_FULL:
      return "the disk is full; what was committed is kept: free some space, then report on it, or "
             "go on with a soak with --resume";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process is writing to it";
    case SQLITE_READONLY:
      return "it is read-only: make the file and its folder writable, or name another one with "
             "--db";
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return "it cannot be written to: make the file and its folder writable, copy it to where "
             "they "
             "are, or name another one with --db";
    case SQLITE_CORRUPT:
      return "the file is damaged; what is readable can be had with: sqlite3 FILE .recover | "
             "sqlite3 NEW.db; then go on with --db NEW.db";
    default:
      return message;
  }
}

void refuse_missing(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw base::UsageError(
        fmt::format("{}: no such database; run or sweep a scenario first, or "
                    "name another one with --db",
                    path));
  }
}

sqlite3* opened(const std::string& path, Access access) {
  sqlite3* handle = nullptr;
  const int flags = access == Access::read_only ? SQLITE_OPEN_READONLY
                                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (result == SQLITE_OK) return handle;
  const std::string message = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(result);
  sqlite3_close(handle);
  throw base::RigError({errno_of(result), std::generic_category()}, "open database " + path,
                       advice_for(result, message.c_str()));
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Database::Database(const std::string& path, IfMissing if_missing, Access access) : path_(path) {
  const bool read_only = access == Access::read_only;
  if (read_only || if_missing == IfMissing::refuse) refuse_missing(path);
  handle_.reset(opened(path, access));
  sqlite3_busy_timeout(handle_.get(), kBusyTimeoutMs);
  // Either is the first look into the file.
  const char* look = read_only ? "PRAGMA schema_version" : "PRAGMA journal_mode=WAL";
  const int result = sqlite3_exec(handle(), look, nullptr, nullptr, nullptr);
  if (result == SQLITE_NOTADB) {
    throw base::UsageError(path + ": this file is not an otarig database");
  }
  if (result != SQLITE_OK) fail(result, "open");
  run("PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY");
}

// It writes, so it is not const, whatever the handle allows.
// NOLINTNEXTLINE(readability-make-member-function-const)
void Database::run(const char* sql) {
  const int result = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) fail(result, "write");
}

std::int64_t Database::query_integer(const char* sql) {
  Statement query(*this, sql);
  return query.step() ? query.integer(0) : 0;
}

std::int64_t Database::last_row_id() const { return sqlite3_last_insert_rowid(handle()); }
int Database::changes() const { return sqlite3_changes(handle()); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

void Database::fail(int result, std::string_view attempt) const {
  throw base::RigError({errno_of(result), std::generic_category()},
                       fmt::format("{} database {}", attempt, path_),
                       advice_for(result, sqlite3_errmsg(handle())));
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

Statement::Statement(Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* handle = nullptr;
  const int result = sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                        &handle, nullptr);
  if (result != SQLITE_OK) database.fail(result, "prepare a statement for");
  handle_.reset(handle);
}

void Statement::rewind() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

void Statement::run() {
  while (step()) {
  }
}

bool Statement::step() {
  const int result = sqlite3_step(handle_.get());
  if (result == SQLITE_ROW) return true;
  // Reset at once: a statement left open would keep a read transaction (and the WAL) alive.
  sqlite3_reset(handle_.get());
  if (result != SQLITE_DONE) {
    database_->fail(result, sqlite3_stmt_readonly(handle_.get()) != 0 ? "read" : "write to");
  }
  return false;
}

void Statement::check_bound(int result) const {
  if (result != SQLITE_OK) database_->fail(result, "bind a value for");
}

void Statement::bind(int index, std::int64_t value) {
  check_bound(sqlite3_bind_int64(handle_.get(), index, value));
}

void Statement::bind(int index, std::string_view value) {
  check_bound(sqlite3_bind_text64(handle_.get(), index, value.data() ? value.data() : "",
                                  value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, base::ByteView value) {
  static constexpr std::uint8_t kNothing = 0;
  check_bound(sqlite3_bind_blob64(handle_.get(), index, value.empty() ? &kNothing : value.data(),
                                  value.size(), SQLITE_STATIC));
}

void Statement::bind(int index, const std::optional<std::int64_t>& value) {
  if (value) bind(index, *value);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::uint64_t Statement::count(int column) const {
  return static_cast<std::uint64_t>(integer(column));
}

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return text ? std::string(text, size) : std::string();
}

base::Bytes Statement::blob(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return bytes ? base::Bytes(bytes, bytes + size) : base::Bytes();
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

Savepoint::Savepoint(Database& database) : database_(database) { database_.run("SAVEPOINT rows"); }

Savepoint::~Savepoint() {
  // After a full disk SQLite may have rolled everything back by itself; then there is nothing to
  // undo.
  if (!open_ || !database_.in_transaction()) return;
  sqlite3_exec(database_.handle(), "ROLLBACK TO rows; RELEASE rows", nullptr, nullptr, nullptr);
}

void Savepoint::release() {
  database_.run("RELEASE rows");
  open_ = false;
}

}  // namespace rig::store
