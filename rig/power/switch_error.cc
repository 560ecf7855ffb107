#include "power/switch_error.h"

#include <array>
#include <cerrno>
#include <cstring>

#include "base/assert.h"

namespace rig::power {
namespace {

struct Row {
  std::string_view name;
  std::errc code;
  std::string_view advice;
  bool may_have_switched;
};

const Row& row(Fault fault) {
  static constexpr std::array kRows{
      Row{"absent", std::errc::no_such_device, "is it plugged in, at this port?", false},
      Row{"vanished", std::errc::no_such_device,
          "unplugged or re-enumerated; check cable, hub supply and load suppression", true},
      Row{"no-answer", std::errc::timed_out, "whether the contact moved is unknown", true},
      Row{"refused", std::errc::broken_pipe, "the switch refused the command", false},
      Row{"transfer-failed", std::errc::io_error,
          "disturbance on the bus; shorten the cable, suppress the load", true},
      Row{"garbled", std::errc::protocol_error,
          "does another program (ModemManager, brltty) talk to this port?", true},
      Row{"stuck", std::errc::io_error,
          "acknowledged but not done: coil supply missing, or the board hangs", true},
      Row{"swapped", std::errc::io_error, "another channel changed; check the wiring", true},
      Row{"no-permission", std::errc::permission_denied,
          "install fixtures/udev/60-otarig.rules and join the groups plugdev and dialout", false},
      Row{"busy", std::errc::device_or_resource_busy, "another process holds it", false},
      Row{"failed", std::errc::io_error, "the operating system refuses", true},
      Row{"wrong-device", std::errc::no_such_device, "address it by its USB port path", false},
  };
  const auto index = static_cast<std::size_t>(fault);
  RIG_ASSERT(index < kRows.size());
  return kRows.at(index);
}

std::string advice(Fault fault, const std::string& detail) {
  const std::string general(row(fault).advice);
  return detail.empty() ? general : detail + "; " + general;
}

}  // namespace

std::string_view name_of(Fault fault) { return row(fault).name; }

bool may_have_switched(Fault fault) { return row(fault).may_have_switched; }

SwitchError::SwitchError(Fault fault, const std::string& attempt, const std::string& detail)
    : base::RigError(std::make_error_code(row(fault).code), attempt, advice(fault, detail)),
      fault_(fault) {}

Fault fault_of_errno(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return Fault::no_permission;
    case EBUSY:
    case EAGAIN:  // a lock that is held
      return Fault::busy;
    case ENOENT:
      return Fault::absent;
    case ETIMEDOUT:
      return Fault::no_answer;
    case EPIPE:
    case ECONNREFUSED:
    case EINVAL:
    case ENOEXEC:
      return Fault::refused;
    case ENODEV:
    case ENXIO:
    case EIO:
    case ESHUTDOWN:
    case ECONNRESET:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return Fault::vanished;
    default:
      return Fault::failed;
  }
}

int check_switch(int result, const std::string& attempt) {
  if (result >= 0) return result;
  const int error = errno;
  throw SwitchError(fault_of_errno(error), attempt, std::strerror(error));
}

}  // namespace rig::power
