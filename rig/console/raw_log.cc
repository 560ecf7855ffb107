#include "console/raw_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/rig_error.h"

namespace rig::console {

RawLog::RawLog(const std::string& file) : file_(file) {
  if (file_.empty()) return;
  constexpr int kMode = 0644;
  descriptor_ = io::UniqueFd(
      base::check_errno(::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode),
                        "open console log " + file_));
}

RawLog::~RawLog() { (void)write_held(); }

std::optional<std::string> RawLog::append(base::ByteView bytes) {
  if (!descriptor_) return std::nullopt;
  if (!held_) return write(bytes);
  base::append(held_bytes_, bytes);
  return held_bytes_.size() > kHeldBytes ? write_held() : std::nullopt;
}

std::optional<std::string> RawLog::hold(bool held) {
  held_ = held;
  return held ? std::nullopt : write_held();
}

std::optional<std::string> RawLog::write_held() {
  auto failure = write(held_bytes_);
  held_bytes_.clear();
  return failure;
}

std::optional<std::string> RawLog::write(base::ByteView bytes) {
  while (descriptor_ && !bytes.empty()) {
    const ssize_t count = ::write(descriptor_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      descriptor_.reset();
      return "write console log " + file_ + ": " + std::strerror(error) + "; it ends here";
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

}  // namespace rig::console
