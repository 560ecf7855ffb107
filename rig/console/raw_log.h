// The byte-exact log of a console: appended to a file, nothing added, nothing left out. What an
// earlier run left in the file stays before it.
//
// Bytes are collected and written by flush(), which its owner calls every kFlushEvery: a system
// call for each piece would cost more than all the rest of receiving it. A rig that is killed loses
// that much; one that ends otherwise loses nothing.
//
// A disk that fails must not stop a cycle that runs: the first failure is reported once, and
// nothing is logged after it, so that the file has no gap.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "io/unique_fd.h"

namespace rig::console {

class RawLog {
 public:
  static constexpr std::chrono::milliseconds kFlushEvery{100};
  // Collected at most; then it is written, even if it is held.
  static constexpr std::size_t kCollected = 64U << 10;
  static constexpr std::size_t kHeld = 16U << 20;

  // Empty: logs nothing. Throws base::RigError when the file cannot be opened.
  explicit RawLog(const std::string& file);
  ~RawLog();
  RawLog(const RawLog&) = delete;
  RawLog& operator=(const RawLog&) = delete;

  void append(base::ByteView bytes);
  // Too much is collected: flush() should not wait any longer.
  [[nodiscard]] bool is_full() const { return collected_.size() > (held_ ? kHeld : kCollected); }
  // These return what failed, the first time something does.
  [[nodiscard]] std::optional<std::string> flush();  // does nothing while held, unless full
  // Held: kept in memory. Not held any more: flushed.
  [[nodiscard]] std::optional<std::string> hold(bool held);
  [[nodiscard]] bool is_empty() const { return collected_.empty(); }

 private:
  [[nodiscard]] std::optional<std::string> write_collected();

  std::string file_;
  io::UniqueFd descriptor_;
  base::Bytes collected_;
  bool held_{false};
};

}  // namespace rig::console
