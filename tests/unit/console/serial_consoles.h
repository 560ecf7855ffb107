// A test's serial consoles: one loop, one listener, a folder for links and logs.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "console/serial_console.h"
#include "unit/console/pseudo_terminal.h"
#include "unit/console/told.h"

namespace rig::console {

using namespace std::chrono_literals;

class SerialConsoles : public testing::Test {
 protected:
  std::unique_ptr<SerialConsole> open(SerialConsole::Place place, Told& listener) {
    place.look_every = 5ms;
    auto console = std::make_unique<SerialConsole>(
        loop,
        ConsoleSettings{.name = "uart", .log_file = log_file(), .lines = {.silence = silence}},
        std::move(place));
    console->listen([&listener](const Event& event) { listener(event); });
    return console;
  }
  std::unique_ptr<SerialConsole> open(const std::string& path) {
    return open({.match = {.path = path}}, told);
  }
  bool hears(const std::string& text) {
    return loop.run_until([&] { return told.text() == text; }, 10s);
  }
  [[nodiscard]] std::string log_file() const { return folder.path() / "uart.log"; }
  [[nodiscard]] std::string logged() const {
    std::ostringstream text;
    text << std::ifstream(log_file()).rdbuf();
    return text.str();
  }

  bool logs(const std::string& text) {
    return loop.run_until([&] { return logged() == text; }, 10s);
  }

  io::Duration silence{10s};  // busy machines pause a board in the middle of a line
  Folder folder;
  io::Loop loop;
  Told told;
};

}  // namespace rig::console
