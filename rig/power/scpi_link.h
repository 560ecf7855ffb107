// Lines to and from one SCPI instrument, over TCP (LAN socket, mostly port 5555 or 5025) or its
// USBTMC node (/dev/usbtmcN). It knows no command.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "power/stream.h"

namespace rig::power {

struct TcpPlace {
  std::string host;
  std::string port;  // number or service
};
struct UsbtmcPlace {
  std::string node;
};
using ScpiPlace = std::variant<TcpPlace, UsbtmcPlace>;

// The kernel blocks in read and write until its own time limit, which is set before each (at least
// 100 ms, drivers/usb/class/usbtmc.c, kernel 4.20). One write is one message.
class UsbtmcNode {
 public:
  UsbtmcNode(const UsbtmcPlace& place, std::string name);

  void tell(std::string_view line, Moment deadline);
  [[nodiscard]] std::string answer(Moment deadline);

 private:
  void limit_kernel(Moment deadline);

  base::UniqueFd fd_;
  std::string name_;
};

class ScpiLink {
 public:
  // SwitchError: absent (no such host or node), refused, no_answer, no_permission.
  ScpiLink(const ScpiPlace& place, Moment deadline);

  void tell(std::string_view line, Moment deadline);
  // The answer without its line end. An answer to an earlier question that was given up is dropped
  // first.
  [[nodiscard]] std::string ask(std::string_view line, Moment deadline);
  // Waits; SwitchError(vanished) when the instrument hangs up meanwhile.
  void wait_until(Moment moment);

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::variant<Stream, UsbtmcNode> transport_;
};

}  // namespace rig::power
