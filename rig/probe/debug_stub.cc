#include "probe/debug_stub.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/assert.h"

namespace rig::probe {
namespace {

// Around the memory in one packet: "$M12345678,1000:" and "#00".
constexpr std::size_t kPacketOverhead = 32;
constexpr std::size_t kSmallestChunk = 16;
constexpr std::size_t kLargestChunk = 2048;
// All registers, and the PC among them: QEMU knows single ones only after it was asked for its XML.
constexpr char kReadRegisters[] = "g";
constexpr std::size_t kPcDigits = 8;
constexpr std::size_t kPcAt = 15 * kPcDigits;

// PacketSize is the longest packet in hexadecimal; a byte of memory takes two of its characters.
std::size_t chunk_for(const std::string& packet_size) {
  std::size_t longest = 0;
  std::from_chars(packet_size.data(), packet_size.data() + packet_size.size(), longest, 16);
  const std::size_t room = longest < kPacketOverhead ? 0 : longest - kPacketOverhead;
  return std::clamp(room / 2, kSmallestChunk, kLargestChunk);
}

}  // namespace

DebugStub::DebugStub(io::Loop& loop, StubPlace place, Handlers handlers, Done attached)
    : handlers_(std::move(handlers)),
      attached_(std::move(attached)),
      link_(loop, std::move(place),
            {.connected = [this] { negotiate(); },
             .failed = [this](const base::RigError& error) { failed(error); }}) {}

void DebugStub::negotiate() {
  // Only QEMU has this packet (QEMU, docs/system/gdb.rst, "Advanced debugging options").
  link_.ask("qqemu.sstepbits", "ask whether it is QEMU", [this](const std::string& answer) {
    stops_before_access_ = answer.starts_with("ENABLE=");
    ask_for_abilities();
  });
}

void DebugStub::ask_for_abilities() {
  link_.ask("qSupported", "ask for the abilities", [this](const std::string& answer) {
    chunk_ = chunk_for(feature(answer, "PacketSize"));
    if (feature(answer, "QStartNoAckMode") != "+") return adopt_state();
    ask_for_ok("QStartNoAckMode", "agree on no acknowledgements", [this] {
      link_.stop_acknowledging();
      adopt_state();
    });
  });
}

void DebugStub::adopt_state() {
  link_.ask("?", "ask why the target stands still", [this](const std::string& answer) {
    const auto stop = parse_stop_reply(answer);
    if (!stop) return refuse(answer, "a reason");
    if (stop->kind != StopReply::Kind::stopped || stop->number == 0) {
      return link_.fail(std::errc::protocol_error,
                        "the stub has no halted target; OpenOCD: its gdb-attach event must halt");
    }
    ask_pc([this](Address) { finish(std::exchange(attached_, {})); });
  });
}

void DebugStub::failed(const base::RigError& error) {
  failure_ = error;
  operations_.clear();
  when_running_.clear();
  const auto handler = handlers_.failed;
  if (handler) handler(error);
}

void DebugStub::refuse(const std::string& answer, const std::string& unlike) {
  const std::string said = answer.empty() ? "that it does not know the command" : answer;
  link_.fail(std::errc::io_error, "it answered " + said + " in place of " + unlike);
}

// --- the queue ---

void DebugStub::enqueue(Operation operation) {
  if (failure_) throw base::RigError(*failure_);
  RIG_ASSERT(!over_);
  operations_.push_back(std::move(operation));
  advance();
}

void DebugStub::advance() {
  if (working_ || failure_ || over_) return;
  if (operations_.empty()) {
    if (shall_run_ && !running_) let_run();
    return;
  }
  if (running_) {
    if (!std::exchange(halting_, true)) link_.interrupt("halt the target");
    return;
  }
  working_ = true;
  const Operation operation = std::move(operations_.front());
  operations_.pop_front();
  operation();
}

void DebugStub::finish(const std::function<void()>& done) {
  working_ = false;
  if (done && !survival_.outlives(done)) return;
  advance();
}

void DebugStub::ask_for_ok(const std::string& command, const std::string& what, Done done) {
  link_.ask(command, what, [this, done = std::move(done)](const std::string& answer) {
    answer == "OK" ? done() : refuse(answer, "OK");
  });
}

// --- running and halting ---

void DebugStub::halt(Done done) {
  enqueue([this, done = std::move(done)] {
    shall_run_ = false;
    finish(done);
  });
}

void DebugStub::resume(Done done) {
  enqueue([this, done = std::move(done)] {
    shall_run_ = true;
    when_running_.push_back(done);
    finish({});
  });
}

// A stub may run over a breakpoint at the very PC (OpenOCD) or stop there at once (QEMU): what is
// counted must not depend on it, so a target that stands at one is never simply told to run.
void DebugStub::let_run() {
  working_ = true;
  if (spent_) return take_out_spent([this] { let_run(); });
  if (access_ahead_) return step_off(*access_ahead_);
  const Trigger* here = breakpoint_at(pc_);
  if (here == nullptr) return run();
  if (told_) return step_off(*here);
  stopped_at_ = io::now();
  judge({.pc = pc_, .reply = {.number = kTrap}});
}

void DebugStub::run() {
  running_ = true;
  working_ = false;
  told_ = false;
  access_ahead_.reset();
  link_.run("c", "wait for the target, which runs,",
            [this](const std::string& answer) { stopped(answer); });
  for (const Done& done : std::exchange(when_running_, {})) {
    if (done && !survival_.outlives(done)) return;
  }
  advance();
}

void DebugStub::step_off(const Trigger& trigger) {
  take_out(trigger, [this, trigger] {
    link_.ask("s", "step off " + to_text(trigger), [this, trigger](const std::string& answer) {
      const auto reply = parse_stop_reply(answer);
      if (!reply || reply->kind != StopReply::Kind::stopped) return refuse(answer, "a stop");
      if (!reply->watch) told_ = false;
      access_ahead_.reset();
      put(trigger, [this, reply] {
        ask_pc([this, reply](Address pc) {
          // One that was stepped onto, or touched by the step, was hit like any other.
          if (reply->watch) return judge({.pc = pc, .reply = *reply});
          let_run();
        });
      });
    });
  });
}

void DebugStub::stopped(const std::string& answer) {
  stopped_at_ = io::now();
  running_ = false;
  working_ = true;
  const auto reply = parse_stop_reply(answer);
  if (!reply) return refuse(answer, "a stop");
  if (reply->kind != StopReply::Kind::stopped) {
    return link_.fail(std::errc::no_such_process, "the target is gone: " + answer);
  }
  ask_pc([this, reply](Address pc) {
    const bool asked_for = std::exchange(halting_, false);
    // A breakpoint that was met on the way is told of when the target is to run on.
    const bool told_later = reply->number != kTrap || breakpoint_at(pc) != nullptr;
    if (asked_for && told_later && !reply->watch) return finish({});
    judge({.pc = pc, .reply = *reply});
  });
}

void DebugStub::judge(const Stop& stop) {
  if (!stop.reply.watch) told_ = true;
  const Trigger* watched = stop.reply.watch ? watch_at(*stop.reply.watch) : nullptr;
  if (watched != nullptr && stops_before_access_) access_ahead_ = *watched;
  if (is_armed_at(stop)) return count(stop);
  shall_run_ = false;
  const auto handler = handlers_.stopped;
  if (!handler) {
    return link_.fail(std::errc::state_not_recoverable,
                      fmt::format("the target stopped by itself at {:#010x}, signal {}", stop.pc,
                                  stop.reply.number));
  }
  finish([&] { handler(stop); });
}

void DebugStub::count(const Stop& stop) {
  if (++hits_ < armed_->nth) return finish({});
  shall_run_ = false;
  spent_ = armed_->trigger;
  const auto on_hit = std::move(armed_->on_hit);
  armed_.reset();
  finish([&] {
    if (on_hit) on_hit({.pc = stop.pc, .hits = hits_, .at = stopped_at_});
  });
}

bool DebugStub::is_armed_at(const Stop& stop) const {
  if (!armed_ || stop.reply.number != kTrap) return false;
  const Trigger& trigger = armed_->trigger;
  if (is_breakpoint(trigger)) return !stop.reply.watch && stop.pc == trigger.address;
  if (!stop.reply.watch) return breakpoint_at(stop.pc) == nullptr;  // the stub does not say which
  const Trigger* watched = watch_at(*stop.reply.watch);
  return watched != nullptr && *watched == trigger;
}

const Trigger* DebugStub::breakpoint_at(Address pc) const {
  const auto found = std::ranges::find_if(inserted_, [&](const Trigger& trigger) {
    return is_breakpoint(trigger) && trigger.address == pc;
  });
  return found == inserted_.end() ? nullptr : &*found;
}

const Trigger* DebugStub::watch_at(Address data) const {
  const auto found = std::ranges::find_if(inserted_, [&](const Trigger& trigger) {
    return !is_breakpoint(trigger) && data - trigger.address < trigger.length;
  });
  return found == inserted_.end() ? nullptr : &*found;
}

// --- memory and registers ---

void DebugStub::read_memory(Address from, std::size_t length,
                            std::function<void(base::Bytes)> done) {
  enqueue([this, from, length, done = std::move(done)] { read_chunk(from, length, {}, done); });
}

void DebugStub::read_chunk(Address from, std::size_t left, base::Bytes bytes,
                           std::function<void(base::Bytes)> done) {
  if (left == 0) return finish([&] { done(std::move(bytes)); });
  const std::size_t size = std::min(left, chunk_);
  link_.ask(read_command(from, size), fmt::format("read {} bytes at {:#010x}", size, from),
            [this, from, left, size, bytes = std::move(bytes),
             done = std::move(done)](const std::string& answer) mutable {
              const auto more = from_hex(answer);
              if (!more || more->size() != size) return refuse(answer, "those bytes");
              base::append(bytes, base::ByteView(*more));
              read_chunk(from + static_cast<Address>(size), left - size, std::move(bytes),
                         std::move(done));
            });
}

void DebugStub::write_memory(Address to, base::Bytes bytes, Done done) {
  enqueue([this, to, bytes = std::move(bytes), done = std::move(done)] {
    write_chunk(to, bytes, 0, done);
  });
}

void DebugStub::write_chunk(Address to, base::Bytes bytes, std::size_t from, Done done) {
  if (from == bytes.size()) return finish(done);
  const auto part = base::ByteView(bytes).subspan(from);
  const auto now = part.first(std::min(part.size(), chunk_));
  const Address address = to + static_cast<Address>(from);
  const std::string command = write_command(address, now);
  ask_for_ok(command, fmt::format("write {} bytes at {:#010x}", now.size(), address),
             [this, to, bytes = std::move(bytes), next = from + now.size(),
              done = std::move(done)]() mutable {
               write_chunk(to, std::move(bytes), next, std::move(done));
             });
}

void DebugStub::read_pc(std::function<void(Address)> done) {
  enqueue([this, done = std::move(done)] {
    ask_pc([this, done](Address pc) { finish([&] { done(pc); }); });
  });
}

void DebugStub::ask_pc(std::function<void(Address)> done) {
  link_.ask(kReadRegisters, "read the PC",
            [this, done = std::move(done)](const std::string& answer) {
              if (answer.size() < kPcAt + kPcDigits) return refuse(answer, "the registers");
              const auto bytes = from_hex(std::string_view(answer).substr(kPcAt, kPcDigits));
              if (!bytes) return refuse(answer, "the registers");
              const Address pc = base::read_le32(*bytes, 0);
              pc_ = pc;
              done(pc);
            });
}

// --- triggers ---

void DebugStub::put(const Trigger& trigger, Done done) {
  ask_for_ok(insert_command(trigger), "insert " + to_text(trigger),
             [this, trigger, done = std::move(done)] {
               inserted_.push_back(trigger);
               done();
             });
}

void DebugStub::take_out(const Trigger& trigger, Done done) {
  ask_for_ok(remove_command(trigger), "remove " + to_text(trigger),
             [this, trigger, done = std::move(done)] {
               std::erase(inserted_, trigger);
               if (access_ahead_ == trigger) access_ahead_.reset();
               done();
             });
}

void DebugStub::take_out_spent(Done done) {
  if (!spent_) return done();
  take_out(*std::exchange(spent_, {}), std::move(done));
}

void DebugStub::take_out_all(Done done) {
  armed_.reset();
  spent_.reset();
  if (inserted_.empty()) return done();
  take_out(inserted_.back(), [this, done = std::move(done)] { take_out_all(done); });
}

void DebugStub::insert(Trigger trigger, Done done) {
  enqueue(
      [this, trigger, done = std::move(done)] { put(trigger, [this, done] { finish(done); }); });
}

void DebugStub::remove(Trigger trigger, Done done) {
  enqueue([this, trigger, done = std::move(done)] {
    take_out(trigger, [this, done] { finish(done); });
  });
}

void DebugStub::arm(Trigger trigger, std::uint64_t nth, std::function<void(const Hit&)> on_hit,
                    Done armed) {
  RIG_ASSERT(nth >= 1);
  enqueue([this, next = Armed{trigger, nth, std::move(on_hit)}, armed = std::move(armed)] {
    RIG_ASSERT(!armed_);
    take_out_spent([this, next, armed] {
      put(next.trigger, [this, next, armed] {
        armed_ = next;
        hits_ = 0;
        finish(armed);
      });
    });
  });
}

void DebugStub::disarm(Done done) {
  enqueue([this, done = std::move(done)] {
    if (armed_) spent_ = std::exchange(armed_, {})->trigger;
    take_out_spent([this, done] { finish(done); });
  });
}

void DebugStub::detach(Done done) {
  enqueue([this, done = std::move(done)] {
    take_out_all([this, done] {
      link_.expect_end();
      ask_for_ok("D", "detach", [this, done] {
        over_ = true;
        running_ = true;
        if (done) done();
      });
    });
  });
}

}  // namespace rig::probe
