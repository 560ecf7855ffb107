#include "pty_board.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>

#include <array>
#include <cstdlib>

#include "power/serial_port.h"
#include "power/switch_error.h"

namespace rig::power {

PtyBoard::PtyBoard(Answer answer)
    : master_(check_switch(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "open a pty")),
      answer_(std::move(answer)) {
  check_switch(grantpt(master_.get()), "grant a pty");
  check_switch(unlockpt(master_.get()), "unlock a pty");
  std::array<char, 64> name{};
  ptsname_r(master_.get(), name.data(), name.size());
  path_ = name.data();
  termios settings{};
  tcgetattr(master_.get(), &settings);
  cfmakeraw(&settings);
  tcsetattr(master_.get(), TCSANOW, &settings);
  thread_ = std::thread(&PtyBoard::serve, this);
}

PtyBoard::~PtyBoard() { vanish(); }

Stream PtyBoard::open(int baud) const { return {open_serial_port(path_, baud), "board"}; }

void PtyBoard::vanish() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  master_.reset();
}

void PtyBoard::say(std::string_view text) {
  check_switch(write(master_.get(), text.data(), text.size()) < 0 ? -1 : 0, "say");
}

void PtyBoard::serve() {
  while (!stop_) {
    pollfd wanted{.fd = master_.get(), .events = POLLIN, .revents = 0};
    if (poll(&wanted, 1, 2) <= 0 || (wanted.revents & POLLIN) == 0) continue;
    std::array<std::uint8_t, 256> buffer{};
    const ssize_t count = read(master_.get(), buffer.data(), buffer.size());
    if (count <= 0) continue;
    const std::lock_guard lock(mutex_);
    const std::string reply = answer_({buffer.data(), static_cast<std::size_t>(count)});
    if (!reply.empty()) say(reply);
  }
}

}  // namespace rig::power
