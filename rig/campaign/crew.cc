#include "campaign/crew.h"

#include <algorithm>

#include "base/assert.h"

namespace rig::campaign {

bool offers_update(const record::Timeline& timeline) {
  return std::ranges::any_of(timeline, [](const record::Event& each) {
    return each.kind == record::EventKind::update_offered;
  });
}

Answer fault_answer(std::uint64_t index, const std::string& cause) {
  Answer answer;
  answer.index = index;
  answer.outcome.judgement = {
      .verdict = record::Verdict::rig_fault,
      .phase = "none",
      .findings = {
          {.verdict = record::Verdict::rig_fault, .holds = true, .at = {}, .text = cause}}};
  answer.timeline = store::pack({});
  return answer;
}

Crew::~Crew() {
  for (const auto& place : places_) place->orders.abandon();
}

std::size_t Crew::add(Work work) {
  const std::size_t board = places_.size();
  Place& place = *places_.emplace_back(std::make_unique<Place>());
  place.work = std::move(work);
  place.thread = std::jthread([this, board, &place] { serve(board, place); });
  return board;
}

void Crew::serve(std::size_t board, Place& place) {
  while (auto order = place.orders.pop()) {
    Answer answer;
    try {
      answer = place.work(*order);
    } catch (const std::exception& error) {
      answer = fault_answer(order->index, error.what());
    }
    answer.board = board;
    if (!answers_.push(std::move(answer))) return;
  }
}

void Crew::give(std::size_t board, Order order) {
  const bool taken = places_.at(board)->orders.push(std::move(order));
  RIG_ASSERT(taken);
}

std::optional<Answer> Crew::next(std::chrono::milliseconds limit) {
  bool closed = false;
  return answers_.pop_within(limit, closed);
}

}  // namespace rig::campaign
