// A relay board behind a pseudo terminal: the kernel's tty layer is real, the board is a thread
// that answers what a function says. Ports vanish by closing the master.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/bytes.h"
#include "power/stream.h"

namespace rig::power {

class PtyBoard {
 public:
  // What the board sends when these bytes arrive, in one read.
  using Answer = std::function<std::string(base::ByteView)>;

  explicit PtyBoard(Answer answer);
  PtyBoard(const PtyBoard&) = delete;
  PtyBoard& operator=(const PtyBoard&) = delete;
  ~PtyBoard();

  // The port, opened as the rig opens one.
  [[nodiscard]] Stream open(int baud) const;
  [[nodiscard]] const std::string& path() const { return path_; }
  // Unplugs it: the board is gone when this returns.
  void vanish();
  // Changes the board's state between two of its answers.
  template <typename Change>
  void run(Change change) {
    const std::lock_guard lock(mutex_);
    change();
  }
  // Bytes that nobody asked for.
  void say(std::string_view text);

 private:
  void serve();

  base::UniqueFd master_;
  std::string path_;
  Answer answer_;
  std::mutex mutex_;  // held while the board answers
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace rig::power
