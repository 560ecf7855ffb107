#include "power/stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/let_go.h"
#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kReadSize = 512;

void make_non_blocking(int fd, const std::string& name) {
  const int flags = check_switch(fcntl(fd, F_GETFL), "configure " + name);
  check_switch(fcntl(fd, F_SETFL, flags | O_NONBLOCK), "configure " + name);
}

bool is_socket(int fd) {
  struct stat node {};
  return fstat(fd, &node) == 0 && S_ISSOCK(node.st_mode);
}

bool is_transient(int error) { return error == EAGAIN || error == EINTR; }

}  // namespace

Stream::Stream(base::UniqueFd fd, std::string name)
    : fd_(std::move(fd)), name_(std::move(name)), is_socket_(is_socket(fd_.get())) {
  make_non_blocking(fd_.get(), name_);
}

Stream::~Stream() { base::let_go(fd_.get()); }

void Stream::fail(const char* verb, int error) const {
  throw SwitchError(Fault::vanished, std::string(verb) + " " + name_, std::strerror(error));
}

bool Stream::ready(short events, Moment deadline) {
  pollfd wanted{.fd = fd_.get(), .events = events, .revents = 0};
  while (true) {
    const int count = poll(&wanted, 1, milliseconds_left(deadline));
    if (count == 0) return false;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("wait for", errno);
    // What arrived before a hang-up is still read; a hang-up alone is the end.
    if ((wanted.revents & events) != 0) return true;
    fail("wait for", EPIPE);
  }
}

void Stream::write(base::ByteView bytes, Moment deadline) {
  while (!bytes.empty()) {
    if (!ready(POLLOUT, deadline)) throw SwitchError(Fault::no_answer, "write to " + name_);
    // A peer that went away is an error to report, no signal to die of.
    const ssize_t count = is_socket_ ? send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL)
                                     : ::write(fd_.get(), bytes.data(), bytes.size());
    if (count < 0 && !is_transient(errno)) fail("write to", errno);
    if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void Stream::drain(Moment deadline) {
  int queued = 0;
  while (ioctl(fd_.get(), TIOCOUTQ, &queued) == 0 && queued > 0) {
    if (now() >= deadline) throw SwitchError(Fault::no_answer, "send to " + name_);
    wait_until(now() + 1ms);
  }
}

base::Bytes Stream::read_now() {
  base::Bytes bytes(kReadSize);
  const ssize_t count = ::read(fd_.get(), bytes.data(), bytes.size());
  if (count == 0) fail("read from", EPIPE);
  if (count < 0 && !is_transient(errno)) fail("read from", errno);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

base::Bytes Stream::read_some(Moment deadline) {
  if (!kept_.empty()) return base::bytes_of(std::exchange(kept_, {}));
  while (ready(POLLIN, deadline)) {
    base::Bytes bytes = read_now();
    if (!bytes.empty()) return bytes;
  }
  return {};
}

bool Stream::discard_input() {
  constexpr std::size_t kMost = 64 * std::size_t{1024};
  std::size_t dropped = 0;
  while (true) {
    const std::size_t more = read_some(now()).size();
    if (more == 0) return dropped > 0;
    dropped += more;
    if (dropped > kMost) {
      throw SwitchError(Fault::garbled, "read from " + name_, "it does not stop talking");
    }
  }
}

base::Bytes Stream::read_exactly(std::size_t length, Moment deadline) {
  base::Bytes all;
  while (all.size() < length) {
    const base::Bytes more = read_some(deadline);
    if (more.empty()) return all;
    base::append(all, more);
  }
  kept_ = base::as_text(base::ByteView(all).subspan(length));
  all.resize(length);
  return all;
}

std::string Stream::read_until(char last, Moment deadline, std::size_t limit) {
  std::string text;
  while (text.size() <= limit) {
    const base::Bytes more = read_some(deadline);
    if (more.empty()) {
      throw SwitchError(Fault::no_answer, "read from " + name_,
                        text.empty() ? "silent" : "stopped after \"" + text.substr(0, 80) + "\"");
    }
    text += base::as_text(more);
    const std::size_t end = text.find(last);
    if (end == std::string::npos) continue;
    kept_ = text.substr(end + 1);
    text.resize(end + 1);
    return text;
  }
  throw SwitchError(Fault::garbled, "read from " + name_, "it does not stop talking");
}

void Stream::wait_until(Moment moment) {
  pollfd wanted{.fd = fd_.get(), .events = 0, .revents = 0};
  while (now() < moment) {
    const int count = poll(&wanted, 1, milliseconds_left(moment));
    if (count > 0) fail("wait for", EPIPE);
    if (count < 0 && errno != EINTR) fail("wait for", errno);
  }
}

}  // namespace rig::power
