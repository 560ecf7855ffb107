// Counts a night from its raw timelines: one line per board, scenario, phase and verdict, as
// "board scenario kind phase verdict number". usage: night_count DATABASE NIGHT
#include <sqlite3.h>

#include <cstdio>
#include <map>

#include "night_count/story.h"

namespace {

// What the rows say of a cycle before it begins, and its bytes; no outcome.
constexpr const char* kCycles =
    "SELECT board_name, scenario, role, plan, packed, shared_events FROM campaigns JOIN cycles ON "
    "campaign=campaigns.id LEFT JOIN timelines ON cycle=cycles.id WHERE batch=?";

std::string text(sqlite3_stmt* row, int column) {
  const auto* letters = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return letters == nullptr ? "" : letters;
}

std::string line_of(sqlite3_stmt* row) {
  const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(row, 4));
  const std::string board = text(row, 0) + " " + text(row, 1);
  if (bytes == nullptr) return board + " without a timeline";
  if (sqlite3_column_int64(row, 5) != 0) throw std::runtime_error("a timeline that shares events");
  const std::vector<unsigned char> stored(bytes, bytes + sqlite3_column_bytes(row, 4));
  const bool planned = text(row, 3).find(":cut=none") == std::string::npos;
  const night_count::Story story = night_count::story_of(night_count::unpacked(stored), planned);
  const std::string kind = text(row, 2) == "known-bad" ? "known-bad" : planned ? "cut" : "control";
  return board + " " + kind + " " + story.phase + " " + story.verdict;
}

int count(sqlite3* database, const char* night) {
  sqlite3_stmt* row = nullptr;
  if (sqlite3_prepare_v2(database, kCycles, -1, &row, nullptr) != SQLITE_OK) return SQLITE_ERROR;
  sqlite3_bind_text(row, 1, night, -1, SQLITE_TRANSIENT);
  std::map<std::string, int> lines;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(row)) == SQLITE_ROW) ++lines[line_of(row)];
  sqlite3_finalize(row);
  for (const auto& [line, number] : lines) std::printf("%s %d\n", line.c_str(), number);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sqlite3* database = nullptr;
  int code = sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY, nullptr);
  try {
    if (code == SQLITE_OK) code = count(database, argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[1], error.what());
    return 1;
  }
  if (code != SQLITE_DONE) std::fprintf(stderr, "%s: %s\n", argv[1], sqlite3_errmsg(database));
  sqlite3_close(database);
  return code == SQLITE_DONE ? 0 : 1;
}
