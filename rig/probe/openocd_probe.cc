#include "probe/openocd_probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "io/printable.h"

namespace rig::probe {
namespace {

constexpr char kPorts[] = "gdb_port 0; tcl_port 0; telnet_port disabled";
// `resume` refuses a target that runs.
constexpr char kResume[] = "if {[[target current] curstate] eq \"halted\"} {resume}";
constexpr std::size_t kLongestAnswer = 1U << 20;
constexpr std::size_t kLongestComplaint = 400;
constexpr std::size_t kReadAtOnce = 1024;
constexpr std::size_t kShownBytes = 64;
// How long OpenOCD may take to end when its Tcl connection is closed already.
constexpr io::Duration kEndsWithin = std::chrono::seconds(1);
constexpr io::Duration kPrintsWithin = std::chrono::milliseconds(100);

// The DPIDR of the first debug port, or the IDCODE of the first TAP; adapters that hide both (hla)
// fail or say 0.
constexpr char kIdCode[] =
    "if {[string match *swd* [transport select]]} {[lindex [dap names] 0] dpreg 0} "
    "else {jtag cget [lindex [jtag names] 0] -idcode}";
constexpr char kCpuId[] = "read_memory 0xE000ED00 32 1";

std::optional<std::uint32_t> one_number(const std::string& text) {
  const auto numbers = tcl_numbers(text);
  if (!numbers || numbers->size() != 1 || numbers->front() == 0) return std::nullopt;
  return numbers->front();
}

io::Command command_of(const OpenocdSettings& settings) {
  io::Command command{.argv = {settings.program}};
  for (const std::string& file : settings.config) {
    command.argv.insert(command.argv.end(), {"-f", file});
  }
  for (const std::string& each : settings.commands) {
    command.argv.insert(command.argv.end(), {"-c", each});
  }
  command.argv.insert(command.argv.end(), {"-c", kPorts});
  command.folder = settings.folder;
  return command;
}

std::string place_of(const FlashImage& image) {
  return fmt::format("{} {:#010x} bin", tcl_word(std::filesystem::absolute(image.file).string()),
                     image.address);
}

}  // namespace

OpenocdProbe::OpenocdProbe(io::Loop& loop, OpenocdSettings settings, Handlers handlers)
    : loop_(loop), settings_(std::move(settings)), handlers_(std::move(handlers)), timer_(loop) {}

// --- the process ---

void OpenocdProbe::take(std::function<void(const Identity&)> done) {
  if (failure_) throw base::RigError(*failure_);
  RIG_ASSERT(!child_);
  start();
  identify(std::move(done));
}

void OpenocdProbe::start() {
  received_.clear();
  complaints_.clear();
  gdb_port_.reset();
  child_.emplace(
      loop_, command_of(settings_),
      io::Child::Handlers{.line = [this](io::Stream, const io::Line& line) { printed(line.text); },
                          .ended = [this](const io::Outcome& outcome) { child_ended(outcome); }});
  limit(settings_.start_within, "start");
}

void OpenocdProbe::printed(const std::string& line) {
  if (handlers_.log) handlers_.log(line);
  if (line.starts_with("Error") && complaints_.size() < kLongestComplaint) {
    complaints_ += (complaints_.empty() ? "" : "; ") + line.substr(0, kLongestComplaint);
  }
  const auto listening = parse_listening(line);
  if (!listening) return;
  if (listening->service == "tcl" && !tcl_) connect(listening->port);
  if (listening->service == "gdb" && !gdb_port_) gdb_port_ = listening->port;
}

void OpenocdProbe::connect(std::uint16_t port) {
  tcl_.emplace(
      loop_, io::TcpClient::Server{.host = "127.0.0.1", .port = port},
      io::TcpClient::Handlers{
          .connected = [this] { next(); },
          .received = [this](auto bytes, io::Time) { receive(bytes); },
          // How it ended is the better explanation, and comes with the child's end.
          .ended = [this](auto, io::Time) { limit(kEndsWithin, "keep the Tcl connection"); }});
}

void OpenocdProbe::child_ended(const io::Outcome& outcome) {
  if (!asked_ || !questions_.front().ends) {
    const std::string what = questions_.empty() ? "keep" : questions_.front().what;
    const std::string advice = fmt::format("'{}' ended: {}", settings_.program, to_text(outcome));
    return fail(std::errc::no_such_process, what, advice);
  }
  const Reply reply = std::move(questions_.front().reply);
  questions_.pop_front();
  let_go();
  reply({});
}

void OpenocdProbe::let_go() {
  timer_.cancel();
  tcl_.reset();
  child_.reset();
  asked_ = false;
  taken_ = false;
}

void OpenocdProbe::release(Done done) {
  ask({.command = "shutdown",
       .what = "let go",
       .limit = settings_.answer_within,
       .reply =
           [done = std::move(done)](const std::string&) {
             if (done) done();
           },
       .ends = true});
}

// --- questions and answers ---

void OpenocdProbe::need_working() const {
  if (failure_) throw base::RigError(*failure_);
  if (child_) return;
  throw base::RigError(std::make_error_code(std::errc::not_connected),
                       "use the probe of board " + settings_.board, "it was not taken");
}

void OpenocdProbe::ask(Question question) {
  need_working();
  questions_.push_back(std::move(question));
  next();
}

void OpenocdProbe::next() {
  if (asked_ || questions_.empty() || !tcl_ || !tcl_->connected()) return;
  const Question& question = questions_.front();
  asked_ = true;
  if (taken_) complaints_.clear();  // until then they tell why the target is another one
  limit(question.limit, question.what);
  try {
    tcl_->write(base::bytes_of(tcl_request(question.command)));
  } catch (const base::RigError&) {
    limit(kEndsWithin, question.what);  // it is about to be heard that it ended
  }
}

void OpenocdProbe::receive(base::ByteView bytes) {
  received_ += base::as_text(bytes);
  for (;;) {
    const std::size_t end = received_.find(kTclEnd);
    if (end == received_.npos) break;
    const std::string answer = received_.substr(0, end);
    received_.erase(0, end + 1);
    if (!survival_.outlives([&] { answered(answer); }) || failure_) return;
  }
  if (received_.size() > kLongestAnswer) {
    fail(std::errc::protocol_error, "understand", "its Tcl answer has no end");
  }
}

void OpenocdProbe::answered(const std::string& answer) {
  if (asked_ && questions_.front().ends) return;
  const auto parsed = asked_ ? parse_tcl_answer(answer) : std::nullopt;
  if (!parsed) {
    return fail(std::errc::protocol_error, asked_ ? questions_.front().what : "understand",
                "it answered '" + io::printable(answer.substr(0, kShownBytes)) + "'");
  }
  if (!parsed->good && !questions_.front().may_fail) {
    // Its reasons are printed, and come by another way.
    return timer_.after(kPrintsWithin, [this, text = parsed->text](io::Time) {
      fail(std::errc::io_error, questions_.front().what, text.substr(0, kLongestComplaint));
    });
  }
  const Question question = std::move(questions_.front());
  questions_.pop_front();
  asked_ = false;
  timer_.cancel();
  if (survival_.outlives([&] { question.reply(parsed->good ? parsed->text : ""); })) next();
}

void OpenocdProbe::limit(io::Duration length, const std::string& what) {
  timer_.after(length, [this, length, what](io::Time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
    fail(std::errc::timed_out, what, fmt::format("nothing came within {} ms", ms));
  });
}

void OpenocdProbe::fail(std::errc code, const std::string& what, const std::string& advice) {
  const char* between = advice.empty() || complaints_.empty() ? "" : "; ";
  failure_.emplace(std::make_error_code(code),
                   fmt::format("{} board {} through {}", what, settings_.board, settings_.program),
                   advice + between + complaints_);
  questions_.clear();
  let_go();
  const base::RigError error = *failure_;
  const auto failed = handlers_.failed;
  if (failed) failed(error);
}

// --- what can be asked ---

void OpenocdProbe::identify(std::function<void(const Identity&)> done) {
  struct Part {
    const char* command;
    void (*keep)(Identity&, const std::string&);
  };
  static constexpr Part kParts[] = {
      {"target current", [](Identity& id, const std::string& text) { id.target = text; }},
      {kIdCode, [](Identity& id, const std::string& text) { id.idcode = one_number(text); }},
      {kCpuId, [](Identity& id, const std::string& text) { id.cpuid = one_number(text); }}};
  found_ = Identity{};
  for (const Part& part : kParts) {
    ask({.command = part.command,
         .what = "identify",
         .limit = settings_.answer_within,
         .reply =
             [this, keep = part.keep, last = &part == std::end(kParts) - 1,
              done](const std::string& text) {
               keep(found_, text);
               if (last) check(done);
             },
         .may_fail = true});
  }
}

void OpenocdProbe::check(const std::function<void(const Identity&)>& done) {
  if (!is_as_expected(found_, settings_.expected)) {
    return fail(std::errc::no_such_device, "take",
                fmt::format("it is another one: the bench expects {}, there is {}",
                            to_text(settings_.expected), to_text(found_)));
  }
  taken_ = true;
  if (done) done(found_);
}

void OpenocdProbe::command(const std::string& text, const std::string& what, Done done) {
  ask({.command = text,
       .what = what,
       .limit = settings_.answer_within,
       .reply = [done = std::move(done)](const std::string&) {
         if (done) done();
       }});
}

void OpenocdProbe::halt(Done done) { command("halt", "halt", std::move(done)); }

void OpenocdProbe::resume(Done done) { command(kResume, "let run", std::move(done)); }

void OpenocdProbe::reset(After after, Done done) {
  command(after == After::run ? "reset run" : "reset halt", "reset", std::move(done));
}

void OpenocdProbe::flash_command(const std::string& text, const std::string& what, Done done) {
  ask({.command = text,
       .what = what,
       .limit = settings_.flash_within,
       .reply = [done = std::move(done)](const std::string&) {
         if (done) done();
       }});
}

void OpenocdProbe::erase(Address from, std::size_t length, Done done) {
  flash_command(fmt::format("flash erase_address pad {:#010x} {:#x}", from, length),
                fmt::format("erase {} bytes at {:#010x} of", length, from), std::move(done));
}

void OpenocdProbe::write(const FlashImage& image, Done done) {
  flash_command("flash write_image erase " + place_of(image),
                fmt::format("write {} to {:#010x} of", image.file.string(), image.address),
                std::move(done));
}

void OpenocdProbe::verify(const FlashImage& image, Done done) {
  flash_command("verify_image " + place_of(image),
                fmt::format("verify {} at {:#010x} of", image.file.string(), image.address),
                std::move(done));
}

void OpenocdProbe::read(Address from, std::size_t length, std::function<void(base::Bytes)> done) {
  RIG_ASSERT(length > 0);
  for (std::size_t at = 0; at < length; at += kReadAtOnce) {
    const std::size_t size = std::min(kReadAtOnce, length - at);
    const bool last = at + size == length;
    ask({.command = fmt::format("read_memory {:#x} 8 {}", from + at, size),
         .what = fmt::format("read {} bytes at {:#010x} of", size, from + at),
         .limit = settings_.answer_within,
         .reply = [this, size, last, done](const std::string& text) {
           if (take_bytes(text, size) && last) done(std::exchange(bytes_, {}));
         }});
  }
}

bool OpenocdProbe::take_bytes(const std::string& text, std::size_t size) {
  const auto numbers = tcl_numbers(text);
  if (!numbers || numbers->size() != size) {
    fail(std::errc::protocol_error, "read memory of",
         "it answered '" + io::printable(text.substr(0, kShownBytes)) + "'");
    return false;
  }
  for (const std::uint32_t number : *numbers) bytes_.push_back(static_cast<std::uint8_t>(number));
  return true;
}

StubPlace OpenocdProbe::stub() const {
  need_working();
  if (!gdb_port_) {
    throw base::RigError(std::make_error_code(std::errc::not_supported),
                         "find the debugger stub of board " + settings_.board,
                         "OpenOCD opened none; is its target one that can be debugged?");
  }
  return {.port = *gdb_port_};
}

}  // namespace rig::probe
