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

RawLog::~RawLog() { (void)write_collected(); }

void RawLog::append(base::ByteView bytes) {
  if (descriptor_) base::append(collected_, bytes);
}

std::optional<std::string> RawLog::flush() {
  return held_ && !is_full() ? std::nullopt : write_collected();
}

std::optional<std::string> RawLog::hold(bool held) {
  held_ = held;
  return flush();
}

std::optional<std::string> RawLog::write_collected() {
  for (base::ByteView rest = collected_; descriptor_ && !rest.empty();) {
    const ssize_t count = ::write(descriptor_.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      descriptor_.reset();
      collected_.clear();
      return "write console log " + file_ + ": " + std::strerror(error) + "; it ends here";
    }
    rest = rest.subspan(static_cast<std::size_t>(count));
  }
  collected_.clear();
  return std::nullopt;
}

}  // namespace rig::console
