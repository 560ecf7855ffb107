#include "simulator/flash_log.h"

#include <utility>

namespace rig::simulator {

std::optional<record::Event> FlashLog::flush(base::Instant now) {
  if (!run_) {
    return std::nullopt;
  }
  const auto run = *std::exchange(run_, std::nullopt);
  return record::Event{.at = now,
                       .lane = record::Lane::flash,
                       .kind = record::EventKind::program,
                       .address = run.first,
                       .value = (run.next - run.first + 3U) / 4,
                       .text = {}};
}

std::optional<record::Event> FlashLog::program(const FlashOp& op) {
  if (run_ && run_->next == op.address) {
    run_->next += op.bytes;
    run_->last = op.end;
    return std::nullopt;
  }
  auto ended = flush(op.start);
  run_ = Run{op.address, op.address + op.bytes, op.end};
  return ended;
}

std::optional<base::Instant> FlashLog::next_event() const {
  return run_ ? std::optional(run_->last + kLongestPause) : std::nullopt;
}

}  // namespace rig::simulator
