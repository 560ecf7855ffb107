// The byte-exact log of a console: appended to a file, nothing added, nothing left out. What an
// earlier run left in the file stays before it.
//
// A disk that fails must not stop a cycle that runs: the first failure is reported once, and
// nothing is logged after it, so that the file has no gap.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "io/unique_fd.h"

namespace rig::console {

class RawLog {
 public:
  // Held back at most; then it is written even though it is held.
  static constexpr std::size_t kHeldBytes = 16U << 20;

  // Empty: logs nothing. Throws base::RigError when the file cannot be opened.
  explicit RawLog(const std::string& file);
  ~RawLog();
  RawLog(const RawLog&) = delete;
  RawLog& operator=(const RawLog&) = delete;

  // What failed, the first time something does.
  [[nodiscard]] std::optional<std::string> append(base::ByteView bytes);
  [[nodiscard]] std::optional<std::string> hold(bool held);

 private:
  [[nodiscard]] std::optional<std::string> write(base::ByteView bytes);
  [[nodiscard]] std::optional<std::string> write_held();

  std::string file_;
  io::UniqueFd descriptor_;
  base::Bytes held_bytes_;
  bool held_{false};
};

}  // namespace rig::console
