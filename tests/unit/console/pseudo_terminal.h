// A device at the other end of a serial port: the kernel's pseudo-terminal, whose slave is the port
// that the console opens and whose master is what the board says and hears.
#pragma once

#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "io/unique_fd.h"

namespace rig::console {

class PseudoTerminal {
 public:
  PseudoTerminal() {
    int master = -1;
    int slave = -1;
    termios raw{};
    ::cfmakeraw(&raw);
    std::array<char, 64> name{};
    if (::openpty(&master, &slave, name.data(), &raw, nullptr) != 0) {
      throw std::runtime_error("no pseudo-terminal");
    }
    master_ = io::UniqueFd(master);
    slave_ = io::UniqueFd(slave);  // as a device, it is there whether somebody has it open or not
    node_ = name.data();
  }

  [[nodiscard]] const std::string& node() const { return node_; }
  [[nodiscard]] int board() const { return master_.get(); }
  // All of it, waiting for whoever reads.
  void say(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = ::write(master_.get(), text.data(), text.size());
      if (count < 0) throw std::runtime_error("the board cannot write");
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  [[nodiscard]] std::string hear() const {
    std::array<char, 4096> text{};
    const ssize_t count = ::read(master_.get(), text.data(), text.size());
    return {text.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
  }
  // As a plug that is pulled: the port hangs up and its node goes.
  void unplug() {
    slave_.reset();
    master_.reset();
  }

 private:
  io::UniqueFd master_;
  io::UniqueFd slave_;
  std::string node_;
};

// A folder of this test's own, gone after it.
class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "console-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace rig::console
