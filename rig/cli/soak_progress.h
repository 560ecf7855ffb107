// What a person sees of a night: on a terminal a line per board and one for the whole, drawn over
// each other; otherwise a line every few seconds. Always on stderr; no decision depends on it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "campaign/soak.h"

namespace rig::cli {

// "1240/5000 cycles, 11.8/s, 5 min left · survived-new 800 · ..": all boards.
[[nodiscard]] std::string overall_line(const campaign::SoakView& view);
// "sim-03   412 cycles · applying · ..", at most `width` columns.
[[nodiscard]] std::string board_line(const campaign::BoardView& board, std::size_t width);

class SoakProgress {
 public:
  explicit SoakProgress(std::string name);
  ~SoakProgress();
  SoakProgress(const SoakProgress&) = delete;
  SoakProgress& operator=(const SoakProgress&) = delete;

  // Draws when it is time to.
  void show(const campaign::SoakView& view);

 private:
  void draw(const campaign::SoakView& view);
  void draw_boards(const campaign::SoakView& view);

  std::string name_;
  bool terminal_;
  std::size_t lines_drawn_{0};
  campaign::SoakView last_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace rig::cli
