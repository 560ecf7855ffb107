// A folder of one cycle for files that nobody needs afterwards: flash images, sockets.
#pragma once

#include <filesystem>

#include "base/bytes.h"

namespace rig::board {

class WorkFolder {
 public:
  // Below TMPDIR, with a short name: the path of a socket has at most 107 bytes. Throws
  // base::RigError.
  WorkFolder();
  // Removes it with all that is in it.
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Replaces a file in it. Throws base::RigError.
  void write(const std::filesystem::path& file, base::ByteView bytes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace rig::board
