#include "console/serial_port.h"

#include <fcntl.h>
#include <libserialport.h>
#include <linux/serial.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#include <cerrno>

#include "base/let_go.h"
#include "base/rig_error.h"
#include "console/port_holder.h"

namespace rig::console {
namespace {

// Majors of UNIX98 pseudo-terminals, Documentation/admin-guide/devices.txt.
constexpr unsigned kFirstPtyMajor = 136;
constexpr unsigned kLastPtyMajor = 143;

bool is_pseudo_terminal(const struct stat& is) {
  const unsigned major_number = major(is.st_rdev);
  return major_number >= kFirstPtyMajor && major_number <= kLastPtyMajor;
}

std::string advice(int error, const std::string& node) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "no right to it: add yourself to its group (ls -l " + node +
             "; usually dialout) and log in again, or install otarig's udev rule";
    case EBUSY:
    case EWOULDBLOCK:
      return "in use by " + holder_of(node);
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return "not plugged in, or without power";
    default:
      return {};
  }
}

[[noreturn]] void fail(int error, const std::string& attempt, const std::string& node) {
  // EWOULDBLOCK is flock's word for what everybody else calls busy.
  const int code = error == EWOULDBLOCK ? EBUSY : error;
  throw base::RigError({code, std::generic_category()}, attempt + " " + node, advice(error, node));
}

// `attempt`: "open serial port", "set the baud rate of serial port".
void check(sp_return result, const char* attempt, const std::string& node) {
  if (result == SP_OK) return;
  fail(result == SP_ERR_FAIL ? sp_last_error_code() : EINVAL, attempt, node);
}

void check(int result, const char* attempt, const std::string& node) {
  if (result < 0) fail(errno, attempt, node);
}

sp_parity parity_of(SerialSettings::Parity parity) {
  switch (parity) {
    case SerialSettings::Parity::none:
      return SP_PARITY_NONE;
    case SerialSettings::Parity::even:
      return SP_PARITY_EVEN;
    case SerialSettings::Parity::odd:
      return SP_PARITY_ODD;
  }
  return SP_PARITY_INVALID;
}

sp_flowcontrol flow_of(SerialSettings::Flow flow) {
  switch (flow) {
    case SerialSettings::Flow::none:
      return SP_FLOWCONTROL_NONE;
    case SerialSettings::Flow::rts_cts:
      return SP_FLOWCONTROL_RTSCTS;
    case SerialSettings::Flow::xon_xoff:
      return SP_FLOWCONTROL_XONXOFF;
  }
  return SP_FLOWCONTROL_NONE;
}

bool is_asserted(SerialSettings::ModemLine line) {
  return line == SerialSettings::ModemLine::asserted;
}

}  // namespace

void SerialPort::Close::operator()(sp_port* port) const {
  sp_close(port);
  sp_free_port(port);
}

SerialPort::SerialPort(const std::string& node, const SerialSettings& settings)
    : node_(node), settings_(settings) {
  struct stat is {};
  check(::stat(node_.c_str(), &is), "open serial port", node_);
  if (!S_ISCHR(is.st_mode)) fail(ENOTTY, "open serial port", node_);
  lock();
  if (is_pseudo_terminal(is)) {
    open_terminal();
  } else {
    open_serial();
  }
  finish_terminal();
}

SerialPort::~SerialPort() {
  if (held_low_) sp_end_break(port_.get());
  ::tcflush(descriptor_, TCOFLUSH);
  base::let_go(descriptor_);
  base::let_go(locked_.get());
}

// Before anything is set up: whoever is refused must not have changed the holder's baud rate, or
// reset the holder's board. TIOCEXCL alone does not bind root.
void SerialPort::lock() {
  locked_ = io::UniqueFd(::open(node_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  check(locked_.get(), "open serial port", node_);
  check(::flock(locked_.get(), LOCK_EX | LOCK_NB), "lock", node_);
}

void SerialPort::open_serial() {
  sp_port* port = nullptr;
  if (sp_get_port_by_name(node_.c_str(), &port) != SP_OK) fail(ENOTTY, "open serial port", node_);
  port_.reset(port);
  check(sp_open(port, SP_MODE_READ_WRITE), "open serial port", node_);
  check(sp_get_port_handle(port, &descriptor_), "open serial port", node_);
  configure();
}

void SerialPort::open_terminal() {
  descriptor_ = locked_.get();
  termios settings{};
  check(::tcgetattr(descriptor_, &settings), "ask for the settings of", node_);
  ::cfmakeraw(&settings);
  check(::tcsetattr(descriptor_, TCSANOW, &settings), "make raw", node_);
}

void SerialPort::configure() const {
  sp_port* port = port_.get();
  check(sp_set_baudrate(port, settings_.baud), "set the baud rate of serial port", node_);
  check(sp_set_bits(port, settings_.data_bits), "set the data bits of serial port", node_);
  check(sp_set_parity(port, parity_of(settings_.parity)), "set the parity of serial port", node_);
  check(sp_set_stopbits(port, settings_.stop_bits), "set the stop bits of serial port", node_);
  check(sp_set_flowcontrol(port, flow_of(settings_.flow)), "set the flow control of serial port",
        node_);
  check(sp_set_dtr(port, is_asserted(settings_.dtr) ? SP_DTR_ON : SP_DTR_OFF),
        "set DTR of serial port", node_);
  if (settings_.flow == SerialSettings::Flow::rts_cts) return;
  check(sp_set_rts(port, is_asserted(settings_.rts) ? SP_RTS_ON : SP_RTS_OFF),
        "set RTS of serial port", node_);
}

// libserialport leaves VMIN at 0, with which reading nothing looks like a hang-up; ignores bytes
// with a framing fault; and lowers DTR and RTS on closing.
void SerialPort::finish_terminal() const {
  check(::ioctl(descriptor_, TIOCEXCL), "make exclusive", node_);
  check(::fcntl(descriptor_, F_SETFD, FD_CLOEXEC), "make close-on-exec", node_);
  termios settings{};
  check(::tcgetattr(descriptor_, &settings), "ask for the settings of", node_);
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  settings.c_iflag &= ~static_cast<tcflag_t>(IGNPAR | INPCK);
  if (settings_.drop_lines_on_close) {
    settings.c_cflag |= HUPCL;
  } else {
    settings.c_cflag &= ~static_cast<tcflag_t>(HUPCL);
  }
  check(::tcsetattr(descriptor_, TCSANOW, &settings), "set up", node_);
}

void SerialPort::discard_input() {
  check(::tcflush(descriptor_, TCIFLUSH), "discard the input of", node_);
}

bool SerialPort::hung_up() const {
  pollfd asked{.fd = descriptor_, .events = 0, .revents = 0};
  return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void SerialPort::hold_low(bool held) {
  if (!port_) return;
  held_low_ = held;
  sp_port* port = port_.get();
  const sp_return broken = held ? sp_start_break(port) : sp_end_break(port);
  // Many adapters of the communications class know no break: their TX stays as it is.
  const bool knows_no_break = broken == SP_ERR_FAIL && sp_last_error_code() == EOPNOTSUPP;
  if (!knows_no_break) check(broken, "set the break of serial port", node_);
  const bool dtr = held || is_asserted(settings_.dtr);
  check(sp_set_dtr(port, dtr ? SP_DTR_ON : SP_DTR_OFF), "set DTR of serial port", node_);
  if (settings_.flow == SerialSettings::Flow::rts_cts) return;
  const bool rts = held || is_asserted(settings_.rts);
  check(sp_set_rts(port, rts ? SP_RTS_ON : SP_RTS_OFF), "set RTS of serial port", node_);
}

std::optional<LineCounters> SerialPort::counters() const {
  serial_icounter_struct counted{};
  if (!port_ || ::ioctl(descriptor_, TIOCGICOUNT, &counted) != 0) return std::nullopt;
  return LineCounters{.framing = static_cast<std::uint32_t>(counted.frame),
                      .parity = static_cast<std::uint32_t>(counted.parity),
                      .breaks = static_cast<std::uint32_t>(counted.brk),
                      .overrun = static_cast<std::uint32_t>(counted.overrun),
                      .buffer_overrun = static_cast<std::uint32_t>(counted.buf_overrun)};
}

}  // namespace rig::console
