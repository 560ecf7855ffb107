// The conversation on the UART: which bytes are a command line, which are data behind a prompt,
// when an answer goes out, and when a notification may.
//
//   idle --(line)--> thinking --(10..20 ms)--> answered: idle
//                             --(needs the network)--> waiting --> answered: idle
//                             --(prompt sent)--> uploading --(all bytes)--> thinking
//
// - One command at a time. What the host sends while one is being carried out is kept in order and
//   read afterwards, as u-blox modems do for commands that cannot be aborted; CTS drops when 1 KB
//   is kept, and beyond 4 KB bytes are lost (traced).
// - Commands chained with ';' run one after another and share one final line; the first that fails
//   ends the line.
// - A URC waits while a line is being typed, carried out or uploaded; Quirks::urc_before_answer
// lets
//   some through between a command and its answer, never within an answer.
// - Data that does not come: ERROR after 10 s without the promised bytes.
// - Data behind a prompt is not echoed. The 50 ms pause that u-blox asks for after the prompt is
// not
//   enforced.
#pragma once

#include <optional>
#include <string>

#include "modem/at_parser.h"
#include "modem/core.h"
#include "modem/dispatcher.h"

namespace rig::modem {

class Dialogue {
 public:
  static constexpr std::size_t kComfortable = 1024;  // CTS drops above this
  static constexpr std::size_t kCapacity = 4096;

  void feed(Core& core, base::ByteView bytes, base::Instant now);
  // Something happened that a waiting command or notification may have waited for.
  void settle(Core& core, base::Instant now);
  void advance(Core& core, base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] bool has_room() const { return backlog_.size() < kComfortable; }
  // The power went: as if nothing had ever been said.
  void forget() { *this = {}; }

 private:
  enum class Stage : std::uint8_t { idle, thinking, waiting, uploading };

  void consume(Core& core, base::Instant now);
  [[nodiscard]] std::size_t consume_line(Core& core, std::size_t from, base::Instant now);
  [[nodiscard]] std::size_t consume_data(Core& core, std::size_t from, base::Instant now);
  void accept_line(Core& core, base::Instant now);
  void think(Core& core, base::Instant now);
  void execute(Core& core, base::Instant now);
  void execute_upload(Core& core, base::Instant now);
  void follow(Core& core, const Outcome& outcome, base::Instant now);
  void answer(Core& core, std::string_view final_line, base::Instant now);
  void check_wait(Core& core, base::Instant now);
  void check_connection(Core& core, base::Instant now);
  void check_name(Core& core, base::Instant now);
  void check_closing(Core& core, base::Instant now);
  void go_down(Core& core, base::Instant now);
  void release_urcs(Core& core, base::Instant now);
  [[nodiscard]] bool sneaks(Core& core);

  Stage stage_{Stage::idle};
  LineEditor editor_;
  base::Bytes backlog_;  // received, not yet looked at
  bool overflowing_{false};
  std::string body_;  // the line being carried out, and how far
  std::size_t body_used_{0};
  bool line_too_long_{false};
  base::Instant due_{};  // thinking: when it acts; uploading: when it gives up
  Wait wait_;
  Upload upload_;
  base::Bytes data_;  // behind the prompt
  bool data_complete_{false};
  std::optional<base::Instant> urcs_withheld_until_;
};

}  // namespace rig::modem
