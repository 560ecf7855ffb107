// Everything the modem says: to the MCU, to the network, and to the timeline. Frames answers and
// notifications (URCs) as V.250 clause 5.7.1 with ATV1 does, every line between CR LF pairs; traces
// each line, binary data only by its length. It decides nothing: when a URC may go out is the
// dialogue's business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modem/types.h"

namespace rig::modem {

class HostPort {
 public:
  // No output bears an earlier instant than this: the caller's clock has got that far.
  void reached(base::Instant now) { floor_ = now; }

  void echo(base::ByteView bytes, base::Instant at);
  // Lines of the answer in the making.
  void add_line(std::string_view line);
  // head"data"; `empty_line` is Quirks::empty_line_after_data.
  void add_data(std::string_view head, base::ByteView data, bool empty_line);
  // Ends the answer with its final line ("OK") and sends it in one piece.
  void finish(std::string_view final_line, base::Instant at);
  // The data prompt: CR LF and an at sign, no line end.
  void prompt(base::Instant at);

  // Notifications wait here until release_urcs().
  void queue_urc(std::string text) { urcs_.push_back(std::move(text)); }
  [[nodiscard]] bool urcs_waiting() const { return !urcs_.empty(); }
  void release_urcs(base::Instant at);

  void trace(TraceKind kind, std::string_view text, base::Instant at);
  void send(base::Packet packet);
  // Half an answer and waiting notifications are lost with the power.
  void forget();
  [[nodiscard]] std::vector<Output> take_outputs();

 private:
  void to_uart(base::Bytes bytes, base::Instant at);

  base::Instant floor_{};
  base::Bytes answer_;
  std::vector<std::string> answer_lines_;  // as they will be traced
  std::vector<std::string> urcs_;
  std::vector<Output> outputs_;
};

}  // namespace rig::modem
