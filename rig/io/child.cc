#include "io/child.h"

#include <fcntl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "base/rig_error.h"
#include "io/bounded_lines.h"
#include "io/byte_stream.h"
#include "io/launch.h"
#include "io/timer.h"
#include "io/unique_fd.h"
#include "io/watch.h"

namespace rig::io {
namespace {

// What a child may still have in its pipes when it ends; more than the kernel holds.
constexpr std::size_t kLastWords = 4U << 20;

UniqueFd open_null() {
  return UniqueFd(base::check_errno(::open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null"));
}

void set_blocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
}

// The child's standard streams, unless the command has its own in their place.
struct StandardStreams {
  explicit StandardStreams(const Command& command) : descriptors(command.descriptors) {
    add(in, 0, command.with_input);
    add(out, 1, true);
    add(errors, 2, true);
  }

  void add(Pipe& pipe, int number, bool piped) {
    for (const auto& each : descriptors) {
      if (each.theirs == number) return;
    }
    UniqueFd& end = number == 0 ? pipe.read : pipe.write;
    if (piped) {
      pipe = make_pipe();
      set_blocking(end.get());
    } else {
      end = open_null();
    }
    descriptors.push_back({.ours = end.get(), .theirs = number});
  }

  Pipe in;
  Pipe out;
  Pipe errors;
  std::vector<Command::Descriptor> descriptors;
};

// Reads one of the child's outputs.
class Output {
 public:
  using Receiver = std::function<void(const Line&)>;
  struct Keeping {
    LineAssembler::Limits lines;
    std::size_t bytes{};
  };

  Output(Loop& loop, UniqueFd end, Keeping keeping, Receiver receiver)
      : end_(std::move(end)),
        assembler_(keeping.lines),
        kept_(keeping.bytes),
        receiver_(std::move(receiver)),
        silence_(loop) {
    if (!end_) return;
    stream_.emplace(
        loop, ByteStream::Descriptors{.in = end_.get()},
        ByteStream::Handlers{.received = [this](auto bytes, Time at) { take(bytes, at); },
                             .ended = [this](auto, Time) { close(); }});
  }

  void drain() {
    if (stream_) stream_->drain(kLastWords);
    close();
  }
  [[nodiscard]] const BoundedLines& kept() const { return kept_; }

 private:
  void take(base::ByteView bytes, Time at) {
    std::vector<Line> lines;
    assembler_.receive(bytes, at, lines);
    for (const Line& line : lines) give(line);
    watch_silence();
  }
  void watch_silence() {
    const auto wake = assembler_.wake_time();
    if (!wake || silence_.is_set()) return;
    silence_.at(*wake, [this](Time at) {
      if (const auto line = assembler_.flush_silent(at)) give(*line);
      watch_silence();
    });
  }
  void close() {
    silence_.cancel();
    if (const auto line = assembler_.flush(LineEnd::closed)) give(*line);
  }
  void give(const Line& line) {
    kept_.add(line);
    receiver_(line);
  }

  UniqueFd end_;
  LineAssembler assembler_;
  BoundedLines kept_;
  Receiver receiver_;
  Timer silence_;
  std::optional<ByteStream> stream_;
};

}  // namespace

struct Child::Parts {
  Parts(Loop& loop, Command started, Handlers receivers)
      : command(std::move(started)), handlers(std::move(receivers)), timer(loop) {}
  ~Parts() { reap(); }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void start(Loop& loop) {
    StandardStreams streams(command);
    Launched launched = launch(command, streams.descriptors);
    pid = launched.pid;
    pid_descriptor = std::move(launched.ended);
    outcome.started = now();
    const Output::Keeping keeping{.lines = command.lines, .bytes = command.kept_bytes};
    output.emplace(loop, std::move(streams.out.read), keeping, giver(Stream::output));
    errors.emplace(loop, std::move(streams.errors.read), keeping, giver(Stream::errors));
    if (command.with_input) open_input(loop, std::move(streams.in.write));
    end_watch.emplace(loop, pid_descriptor.get());
    end_watch->on_readable([this] { finish(); });
    if (command.limit) timer.after(*command.limit, [this](Time) { expire(); });
  }

  Output::Receiver giver(Stream stream) {
    return [this, stream](const Line& line) {
      if (handlers.line) handlers.line(stream, line);
    };
  }

  void open_input(Loop& loop, UniqueFd end) {
    input_descriptor = std::move(end);
    // A child that closes its input early is no error: what it did not read is lost.
    input.emplace(loop, ByteStream::Descriptors{.out = input_descriptor.get()},
                  ByteStream::Handlers{.received = {}, .ended = {}});
  }

  void close_input() {
    input.reset();
    input_descriptor.reset();
  }

  void signal_group(int number) const {
    if (pid > 0) ::kill(-pid, number);
  }

  void expire() {
    outcome.timed_out = true;
    terminate();
  }

  void terminate() {
    signal_group(SIGTERM);
    timer.after(command.grace, [this](Time) {
      outcome.forced = true;
      signal_group(SIGKILL);
    });
  }

  // The ended child still holds its number, so that the group cannot be somebody else's.
  // Empty when somebody else has waited for it: how it ended is then not known.
  std::optional<int> reap() {
    if (pid <= 0) return std::nullopt;
    signal_group(SIGKILL);
    int status = 0;
    pid_t waited = -1;
    do {
      waited = ::waitpid(pid, &status, 0);
    } while (waited < 0 && errno == EINTR);
    pid = -1;
    return waited > 0 ? std::optional(status) : std::nullopt;
  }

  void finish() {
    timer.cancel();
    end_watch.reset();
    const std::optional<int> status = reap();
    RIG_ASSERT(status.has_value());
    outcome.ended = now();
    const bool killed = WIFSIGNALED(*status);
    outcome.kind = killed ? Outcome::Kind::killed : Outcome::Kind::exited;
    outcome.number = killed ? WTERMSIG(*status) : WEXITSTATUS(*status);
    close_input();
    output->drain();
    errors->drain();
    report();
  }

  // The handler may destroy us.
  void report() {
    outcome.output = output->kept().lines();
    outcome.output_lines_dropped = output->kept().dropped();
    outcome.errors = errors->kept().lines();
    outcome.error_lines_dropped = errors->kept().dropped();
    const auto called = std::move(handlers.ended);
    const Outcome told = std::move(outcome);
    if (called) called(told);
  }

  Command command;
  Handlers handlers;
  pid_t pid{-1};
  UniqueFd pid_descriptor;
  Outcome outcome;
  Timer timer;
  std::optional<Output> output;
  std::optional<Output> errors;
  UniqueFd input_descriptor;
  std::optional<ByteStream> input;
  std::optional<Watch> end_watch;
};

Child::Child(Loop& loop, Command command, Handlers handlers)
    : parts_(std::make_unique<Parts>(loop, std::move(command), std::move(handlers))) {
  parts_->start(loop);
}
Child::~Child() = default;

pid_t Child::pid() const { return parts_->pid; }

bool Child::running() const { return parts_->pid > 0; }

void Child::write(base::ByteView bytes) {
  if (!parts_->input) {
    throw base::RigError(std::make_error_code(std::errc::broken_pipe),
                         "write to " + to_text(parts_->command), "it has no input, or has ended");
  }
  parts_->input->write(bytes);
}

void Child::close_input() {
  Parts* parts = parts_.get();
  if (parts->input) parts->input->when_written([parts] { parts->close_input(); });
}

void Child::terminate() { parts_->terminate(); }

void Child::kill() { parts_->signal_group(SIGKILL); }

}  // namespace rig::io
