// SQLite behind two move-only handles. Every failure is thrown as base::RigError that names the
// attempted action and the file; nobody above this file sees an SQLite result code.
//
// Neither type may be used by two threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rig::store {

enum class IfMissing : std::uint8_t { create, refuse };
enum class Access : std::uint8_t { read_write, read_only };

class Database {
 public:
  // Opens with WAL, foreign keys and a busy timeout of 10 s. A missing file is created or refused
  // (base::UsageError); a file that is no SQLite database is refused (base::UsageError). Opened
  // read-only, it is left as it is: every write fails.
  Database(const std::string& path, IfMissing if_missing, Access access = Access::read_write);

  // One or several statements without results.
  void run(const char* sql);
  [[nodiscard]] std::int64_t query_integer(const char* sql);

  [[nodiscard]] std::int64_t last_row_id() const;
  [[nodiscard]] int changes() const;
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

  // Throws RigError for an SQLite result; `attempt` without the file name: "write a cycle".
  [[noreturn]] void fail(int result, std::string_view attempt) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// A prepared statement. `database` must outlive it. Text and blobs that are bound must live until
// the statement has run.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);

  // Starts over with these parameters, in order of the ?s.
  template <typename... Values>
  Statement& with(const Values&... values) {
    rewind();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  // To the end, results ignored; ready for the next with().
  void run();
  // To the next row; false at the end.
  [[nodiscard]] bool step();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::uint64_t count(int column) const;  // an integer that is never negative
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] base::Bytes blob(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  void rewind();
  void check_bound(int result) const;
  void bind(int index, std::int64_t value);
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::uint32_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, bool value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::string_view value);
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, base::ByteView value);
  void bind(int index, const base::Bytes& value) { bind(index, base::ByteView(value)); }
  void bind(int index, const std::optional<std::int64_t>& value);

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Undoes a half-written group of rows when an exception passes; nothing otherwise. Needs an open
// transaction around it.
class Savepoint {
 public:
  explicit Savepoint(Database& database);
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  void release();

 private:
  Database& database_;
  bool open_{true};
};

}  // namespace rig::store
