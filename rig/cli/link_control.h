// How `otarig link show`, `set` and `clear` reach an engine that runs in another otarig: a socket
// in the link folder, NAME.control, NAME being the board's. One line of JSON asks, one answers,
// then the connection ends:
//
//   {"ask": "figures"}                        what LinkFigures has
//   {"ask": "set", "fixtures": DIR, "profile": NAME}
//                                             the same, or {"error": TEXT, "usage": BOOL}
//
// Whoever may write into the folder may ask: it is the user's own.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "io/local_listener.h"
#include "io/timer.h"
#include "shaping/footprint.h"
#include "shaping/link.h"

namespace rig::cli {

[[nodiscard]] nlohmann::json json_of(const shaping::Stats& stats);

// An engine that can be spoken to while it lives.
class ControlledLink final : public shaping::Link {
 public:
  // Throws base::RigError: no socket can be made there.
  ControlledLink(io::Loop& loop, const std::string& name, std::unique_ptr<shaping::Link> engine);
  ~ControlledLink() override;

  void set(const link::Profile& profile) override { engine_->set(profile); }
  void set_phase(const std::string& phase) override { engine_->set_phase(phase); }
  void count_from_here() override { engine_->count_from_here(); }
  void watch_bytes(const std::optional<link::ByteCount>& count) override {
    engine_->watch_bytes(count);
  }
  [[nodiscard]] shaping::Stats stats() const override { return engine_->stats(); }
  [[nodiscard]] shaping::Happenings take_happenings() override {
    return engine_->take_happenings();
  }
  std::optional<link::PacketLog> end() override { return engine_->end(); }

 private:
  class Conversation;
  [[nodiscard]] std::string answer(const std::string& question);

  io::Loop& loop_;
  std::unique_ptr<shaping::Link> engine_;
  shaping::Footprint footprint_;
  std::vector<std::unique_ptr<Conversation>> conversations_;
  io::Timer burial_;  // of those that are over: not within a call of theirs
  io::LocalListener listener_;
};

// Throws base::UsageError when an engine of that name runs already.
void refuse_taken_name(const std::string& name);

// Names of the engines that run.
[[nodiscard]] std::vector<std::string> running_links();
// Throws base::UsageError: none of that name runs, or what it answers to a bad request; otherwise
// base::RigError.
[[nodiscard]] nlohmann::json ask_link(const std::string& name, const nlohmann::json& question);

}  // namespace rig::cli
