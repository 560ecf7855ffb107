#include "power/sysfs_port.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.h"
#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;

base::UniqueFd opened(const fs::path& attribute, int flags) {
  return base::UniqueFd(
      check_switch(open(attribute.c_str(), flags | O_CLOEXEC), "open " + attribute.native()));
}

void write_attribute(const fs::path& attribute, char value) {
  const base::UniqueFd file = opened(attribute, O_WRONLY);
  const std::array text{value, '\n'};
  const ssize_t written = write(file.get(), text.data(), text.size());
  check_switch(written < 0 ? -1 : 0, "write " + attribute.native());
}

char read_attribute(const fs::path& attribute) {
  const base::UniqueFd file = opened(attribute, O_RDONLY);
  char value = '\0';
  const ssize_t count = read(file.get(), &value, 1);
  check_switch(count < 0 ? -1 : 0, "read " + attribute.native());
  if (value == '0' || value == '1') return value;
  throw SwitchError(Fault::garbled, "read " + attribute.native());
}

std::vector<fs::path> both_halves(const fs::path& port) {
  std::vector<fs::path> attributes{port / "disable"};
  if (fs::exists(port / "peer")) attributes.push_back(port / "peer/disable");
  return attributes;
}

}  // namespace

fs::path port_folder(const HubSocket& socket, const fs::path& sysfs) {
  const bool root = socket.hub.starts_with("usb");
  const std::string interface = root ? socket.hub.substr(3) + "-0:1.0" : socket.hub + ":1.0";
  return sysfs / "bus/usb/devices" / socket.hub / interface /
         fmt::format("{}-port{}", socket.hub, socket.port.number);
}

SysfsPort::SysfsPort(const HubSocket& socket, const fs::path& sysfs)
    : traits_{.name = fmt::format("USB hub {} port {}", socket.hub, socket.port.number),
              .reads_back = true},
      attributes_(both_halves(port_folder(socket, sysfs))) {
  for (const fs::path& attribute : attributes_) {
    check_switch(access(attribute.c_str(), R_OK | W_OK), "use " + traits_.name);
  }
}

Switched SysfsPort::set(Channel channel, Level level, Moment /*deadline*/) {
  check_channel(traits_, channel);
  const Moment begin = now();
  for (const fs::path& attribute : attributes_) {
    write_attribute(attribute, level == Level::on ? '0' : '1');
  }
  return {.not_before = begin, .not_after = now()};
}

std::optional<Levels> SysfsPort::read_back(Moment /*deadline*/) {
  Levels levels;
  for (const fs::path& attribute : attributes_) {
    if (read_attribute(attribute) == '0') levels.put(Channel{1}, Level::on);
  }
  return levels;
}

}  // namespace rig::power
