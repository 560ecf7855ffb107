#include "ota/exchange.h"

namespace rig::ota {

bool PendingCon::repeat() {
  if (repeated_ == kMaxRetransmit) return false;
  ++repeated_;
  due_ += kAckTimeout * (1 << repeated_);
  return true;
}

void AnsweredIds::remember(std::uint16_t id, Code answer) {
  answers_[next_] = Answer{id, answer};
  next_ = (next_ + 1) % answers_.size();
}

std::optional<Code> AnsweredIds::answer_to(std::uint16_t id) const {
  for (const auto& answer : answers_) {
    if (answer && answer->id == id) return answer->code;
  }
  return std::nullopt;
}

}  // namespace rig::ota
