// One open file descriptor and its end. Move-only; -1 holds nothing.
#pragma once

#include <string>
#include <utility>

namespace rig::io {

class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int descriptor) : descriptor_(descriptor) {}
  ~UniqueFd() { reset(); }
  UniqueFd(UniqueFd&& other) noexcept : descriptor_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset();
      descriptor_ = other.release();
    }
    return *this;
  }

  [[nodiscard]] int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }
  void reset();

 private:
  int descriptor_{-1};
};

// Both ends close-on-exec and non-blocking. Throw base::RigError.
struct Pipe {
  UniqueFd read;
  UniqueFd write;
};
[[nodiscard]] Pipe make_pipe();

// Two ends of one stream, for a child that is handed its console or debugger as a descriptor: both
// close-on-exec and, as a child expects it, blocking.
struct SocketPair {
  UniqueFd ours;
  UniqueFd theirs;
};
[[nodiscard]] SocketPair make_socket_pair();

// Throws base::RigError; `what` names the descriptor in it.
void set_non_blocking(int descriptor, const std::string& what);

}  // namespace rig::io
