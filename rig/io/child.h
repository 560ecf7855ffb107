// A child process: started in the constructor, gone after the destructor. Its output comes line by
// line while it runs; its end comes once, after the last line.
//
// Nothing it leaves behind outlives it: when it ends, whatever else is in its process group is
// killed, so that a grandchild which holds the pipe keeps nobody waiting. A descendant that made a
// session of its own escapes that (a daemon does so on purpose); it keeps nobody waiting either.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>

#include "base/bytes.h"
#include "io/command.h"
#include "io/loop.h"

namespace rig::io {

class Child {
 public:
  struct Handlers {
    std::function<void(Stream, const Line&)> line{};  // may be empty; must not destroy the child
    std::function<void(const Outcome&)> ended{};      // may be empty; may destroy the child
  };

  // Throws base::RigError when it cannot be started.
  Child(Loop& loop, Command command, Handlers handlers);
  // SIGKILL to the group, and waits; `ended` is not called.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const;
  [[nodiscard]] bool running() const;

  // To its standard input (Command::with_input). Throws base::RigError as ByteStream::write().
  void write(base::ByteView bytes);
  // The end of its input, once what was written is through.
  void close_input();

  // SIGTERM to the group, SIGKILL after Command::grace. The end is reported as usual.
  void terminate();
  // SIGKILL to the group, now. The end is reported as usual.
  void kill();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
