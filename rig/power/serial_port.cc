#include "power/serial_port.h"

#include <fcntl.h>
#include <libserialport.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#include <cerrno>
#include <memory>

#include "power/switch_error.h"

namespace rig::power {
namespace {

struct FreePort {
  void operator()(sp_port* port) const {
    sp_close(port);
    sp_free_port(port);
  }
};
using Port = std::unique_ptr<sp_port, FreePort>;

void check_port(sp_return result, const std::string& attempt) {
  if (result >= SP_OK) return;
  const int error = result == SP_ERR_FAIL ? sp_last_error_code() : ENODEV;
  if (result == SP_ERR_ARG) throw SwitchError(Fault::wrong_device, attempt, "no serial port");
  throw SwitchError(fault_of_errno(error), attempt);
}

// Linux: majors 136 to 143 are the slaves of pseudo terminals (admin-guide/devices.txt).
bool is_pseudo_terminal(const struct stat& node) {
  return S_ISCHR(node.st_mode) && major(node.st_rdev) >= 136 && major(node.st_rdev) <= 143;
}

void make_raw(int fd, const std::string& attempt) {
  termios settings{};
  check_switch(tcgetattr(fd, &settings), attempt);
  cfmakeraw(&settings);
  check_switch(tcsetattr(fd, TCSANOW, &settings), attempt);
}

base::UniqueFd open_pseudo_terminal(const std::string& path, const std::string& attempt) {
  base::UniqueFd fd(
      check_switch(open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK), attempt));
  make_raw(fd.get(), attempt);
  return fd;
}

void configure(sp_port* port, int baud, const std::string& attempt) {
  check_port(sp_set_baudrate(port, baud), attempt);
  check_port(sp_set_bits(port, 8), attempt);
  check_port(sp_set_parity(port, SP_PARITY_NONE), attempt);
  check_port(sp_set_stopbits(port, 1), attempt);
  check_port(sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE), attempt);
  check_port(sp_set_dtr(port, SP_DTR_ON), attempt);
  check_port(sp_set_rts(port, SP_RTS_ON), attempt);
}

base::UniqueFd open_real_port(const std::string& path, int baud, const std::string& attempt) {
  sp_port* found = nullptr;
  check_port(sp_get_port_by_name(path.c_str(), &found), attempt);
  const Port port(found);
  check_port(sp_open(port.get(), SP_MODE_READ_WRITE), attempt);
  configure(port.get(), baud, attempt);
  int fd = -1;
  check_port(sp_get_port_handle(port.get(), &fd), attempt);
  check_switch(ioctl(fd, TIOCEXCL), attempt);
  // A duplicate shares the open file description: settings, lines and locks outlive sp_close.
  return base::UniqueFd(check_switch(fcntl(fd, F_DUPFD_CLOEXEC, 0), attempt));
}

}  // namespace

base::UniqueFd open_serial_port(const std::string& path, int baud) {
  const std::string attempt = "open serial port " + path;
  struct stat node {};
  check_switch(stat(path.c_str(), &node), attempt);
  if (!S_ISCHR(node.st_mode)) throw SwitchError(Fault::wrong_device, attempt, "no device node");
  base::UniqueFd fd = is_pseudo_terminal(node) ? open_pseudo_terminal(path, attempt)
                                               : open_real_port(path, baud, attempt);
  check_switch(flock(fd.get(), LOCK_EX | LOCK_NB), attempt);
  return fd;
}

}  // namespace rig::power
