#include "board/work_folder.h"

#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "base/rig_error.h"

namespace rig::board {

namespace fs = std::filesystem;

WorkFolder::WorkFolder() {
  std::string path = fs::temp_directory_path() / "otarig-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    throw base::RigError({errno, std::generic_category()}, "make a folder as " + path,
                         "set TMPDIR to a folder that can be written to");
  }
  path_ = path;
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void WorkFolder::write(const fs::path& file, base::ByteView bytes) const {
  std::ofstream stream(path_ / file, std::ios::binary | std::ios::trunc);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  stream.flush();
  if (stream) return;
  throw base::RigError({errno, std::generic_category()}, "write " + (path_ / file).string(),
                       "is the disk full?");
}

}  // namespace rig::board
