// What is promised of consoles: 16 boards that log at 115,200 baud (11,520 bytes/s each), the time
// from a trigger line's arrival to the transfer that opens the relay at most 1 ms in 99 of 100
// cases, no byte lost; 64 boards with less than 20 % of a core. The kernel's pseudo-terminals stand
// in for adapters, one thread for all the boards; the relays are switches that only note the time,
// each behind the worker that a real one has. Ten minutes of it with OTARIG_BENCH_LONG in the
// environment, else some seconds.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "base/shallow_idle.h"
#include "base/thread_priority.h"
#include "console/serial_console.h"
#include "io/timer.h"
#include "power/worker.h"
#include "unit/console/pseudo_terminal.h"

namespace {

using namespace std::chrono_literals;
using rig::console::Event;
using rig::console::Folder;
using rig::console::Line;
using rig::console::PseudoTerminal;
using rig::console::SerialConsole;
using rig::io::Time;

constexpr std::uint64_t kBytesPerSecond = 11'520;
constexpr std::uint64_t kLineBytes = 48;  // 240 lines/s
constexpr std::uint64_t kTriggerEvery = 12;

// One board: says its due bytes in pieces; every twelfth line is a trigger, whose last byte's time
// it keeps.
class Board {
 public:
  explicit Board(std::uint64_t lines) : said_at_(lines / kTriggerEvery + 1) {}

  [[nodiscard]] const std::string& node() const { return terminal_.node(); }
  [[nodiscard]] std::uint64_t said() const { return said_; }
  [[nodiscard]] Time said_at(std::uint64_t trigger) const {
    return Time(Time::duration(said_at_.at(trigger).load(std::memory_order_acquire)));
  }

  void say_until(std::uint64_t bytes) {
    while (said_ < bytes) {
      const std::uint64_t line = said_ / kLineBytes;
      const std::uint64_t begin = said_ % kLineBytes;
      const std::uint64_t length = std::min(kLineBytes - begin, bytes - said_);
      const bool trigger = line % kTriggerEvery == 0 && begin + length == kLineBytes;
      const std::string text = text_of(line).substr(begin, length);
      if (trigger) {
        said_at_[line / kTriggerEvery].store(rig::io::now().time_since_epoch().count(),
                                             std::memory_order_release);
      }
      terminal_.say(text);
      said_ += length;
    }
  }

 private:
  static std::string text_of(std::uint64_t line) {
    const char* kind = line % kTriggerEvery == 0 ? "TRIGGER" : "log";
    return fmt::format("{:<8}{:<39}\n", kind, line);
  }

  PseudoTerminal terminal_;
  std::uint64_t said_{0};
  std::vector<std::atomic<Time::rep>> said_at_;
};

// All boards in a thread and a loop of their own. Preferred: a real board waits for no other
// program of this machine between the time it stamps and the byte it sends.
void log_for(std::deque<Board>& boards, std::uint64_t bytes_each, rig::io::Duration tick_length) {
  (void)rig::base::prefer_this_thread();
  rig::io::Loop loop;
  rig::io::Timer timer(loop);
  const Time start = rig::io::now();
  std::function<void(Time)> tick = [&](Time now) {
    const double seconds = std::chrono::duration<double>(now - start).count();
    const auto due = std::min(bytes_each, static_cast<std::uint64_t>(seconds * kBytesPerSecond));
    for (Board& board : boards) board.say_until(due);
    if (due == bytes_each) return loop.stop();
    timer.at(now + tick_length, tick);
  };
  timer.after(tick_length, tick);
  loop.run();
}

// As the rig's loop does while it runs.
struct Prompt {
  rig::base::PreferredThread thread{};
  rig::base::ShallowIdle idle{};
};

double thread_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

double microseconds(rig::io::Duration length) {
  return std::chrono::duration<double, std::micro>(length).count();
}

struct Heard {
  std::uint64_t bytes{0};
  std::uint64_t lines{0};
  std::uint64_t out_of_order{0};
  std::vector<double> latency_us;  // from before the board's write, the kernel's share included
  std::vector<double> rig_us;      // from the end of our read
  std::vector<double> cut_us;      // from before the board's write to the relay's transfer
};

// Opens nothing: what counts is when the order reaches the transfer.
class TimedSwitch final : public rig::power::PowerSwitch {
 public:
  explicit TimedSwitch(std::vector<Time>& reached) : reached_(reached) {}

  [[nodiscard]] const rig::power::SwitchTraits& traits() const override { return traits_; }
  [[nodiscard]] rig::power::Switched set(rig::power::Channel, rig::power::Level,
                                         rig::power::Moment) override {
    const Time now = rig::io::now();
    reached_.push_back(now);
    return {.not_before = now, .not_after = now};
  }
  [[nodiscard]] std::optional<rig::power::Levels> read_back(rig::power::Moment) override {
    return std::nullopt;
  }

 private:
  rig::power::SwitchTraits traits_{.name = "timed"};
  std::vector<Time>& reached_;
};

// The relay of one board and when it was asked for what.
struct Relay {
  std::vector<Time> asked;    // when the trigger lines were said
  std::vector<Time> reached;  // of the worker's thread until the worker is gone
  std::unique_ptr<rig::power::Worker> worker{std::make_unique<rig::power::Worker>(
      "timed", [this](auto) { return std::make_unique<TimedSwitch>(reached); })};

  void cut(Time said) {
    asked.push_back(said);
    worker->submit({.what = rig::power::SetOrder{.change = {}, .verify = false},
                    .deadline = rig::power::Clock::now() + 5s},
                   [](const auto&) {});
  }
  // Everything asked for was carried out, in order.
  [[nodiscard]] std::vector<double> microseconds_to_reach() {
    if (!asked.empty()) {
      (void)worker->submit({.what = rig::power::ReadOrder{}, .deadline = {}}).wait_for(5s);
    }
    worker.reset();
    std::vector<double> all;
    for (std::size_t i = 0; i < std::min(asked.size(), reached.size()); ++i) {
      all.push_back(microseconds(reached[i] - asked[i]));
    }
    return all;
  }
};

void hear(Heard& heard, Relay& relay, const Board& board, const Event& event) {
  const auto* line = std::get_if<Line>(&event);
  if (line == nullptr) return;
  const bool trigger = line->text.starts_with("TRIGGER");
  const std::uint64_t number = std::stoull(line->text.substr(8));
  heard.out_of_order += number == heard.lines ? 0 : 1;
  ++heard.lines;
  heard.bytes += line->text.size() + 1;
  if (!trigger) return;
  const Time now = rig::io::now();
  heard.latency_us.push_back(microseconds(now - board.said_at(number / kTriggerEvery)));
  heard.rig_us.push_back(microseconds(now - line->last));
  relay.cut(board.said_at(number / kTriggerEvery));
}

// How late this machine alone wakes a thread of the same priority, in the same run: what no program
// on it can be better than.
class HostAlone {
 public:
  HostAlone() {
    thread_ = std::thread([this] {
      (void)rig::base::prefer_this_thread();
      for (Time due = rig::io::now() + 2ms; !done_; due = rig::io::now() + 2ms) {
        std::this_thread::sleep_until(due);
        late_us_.push_back(microseconds(rig::io::now() - due));
      }
    });
  }
  ~HostAlone() {
    if (thread_.joinable()) (void)late_us();
  }
  HostAlone(const HostAlone&) = delete;
  HostAlone& operator=(const HostAlone&) = delete;
  std::vector<double>& late_us() {
    done_ = true;
    thread_.join();
    return late_us_;
  }

 private:
  std::atomic<bool> done_{false};
  std::vector<double> late_us_;
  std::thread thread_;
};

// One run: boards, consoles with their logs, and what was heard.
class Rig {
 public:
  Rig(std::size_t boards, std::uint64_t bytes_each)
      : bytes_each_(bytes_each), incomplete_(boards), heard_(boards), relays_(boards) {
    for (std::size_t i = 0; i < boards; ++i) add(i);
  }

  // Whether everything was heard, and the share of a core it took.
  std::pair<bool, double> run(rig::io::Duration tick, rig::io::Duration limit) {
    std::thread talking([&] { log_for(boards_, bytes_each_, tick); });
    const double before = thread_seconds();
    const Time start = rig::io::now();
    rig::io::Timer late(loop_);
    late.after(limit, [this](Time) { loop_.stop(); });
    loop_.run();
    const double share =
        (thread_seconds() - before) / std::chrono::duration<double>(rig::io::now() - start).count();
    talking.join();
    loop_.run_for(2 * rig::console::RawLog::kFlushEvery);
    return {incomplete_ == 0, share};
  }

  [[nodiscard]] Heard all() {
    Heard sum;
    for (Relay& each : relays_) {
      const std::vector<double> times = each.microseconds_to_reach();
      sum.cut_us.insert(sum.cut_us.end(), times.begin(), times.end());
    }
    for (const Heard& each : heard_) {
      sum.bytes += each.bytes;
      sum.out_of_order += each.out_of_order;
      sum.latency_us.insert(sum.latency_us.end(), each.latency_us.begin(), each.latency_us.end());
      sum.rig_us.insert(sum.rig_us.end(), each.rig_us.begin(), each.rig_us.end());
    }
    return sum;
  }
  [[nodiscard]] std::uint64_t logged() const {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < boards_.size(); ++i) bytes += std::filesystem::file_size(log(i));
    return bytes;
  }

 private:
  void add(std::size_t index) {
    const Board& board = boards_.emplace_back(bytes_each_ / kLineBytes);
    auto& console = consoles_.emplace_back(
        loop_, rig::console::ConsoleSettings{.name = std::to_string(index), .log_file = log(index)},
        SerialConsole::Place{.match = {.path = board.node()}});
    console.listen(
        [this, &mine = heard_[index], &relay = relays_[index], &board](const Event& event) {
          hear(mine, relay, board, event);
          if (mine.bytes == bytes_each_ && --incomplete_ == 0) loop_.stop();
        });
  }
  [[nodiscard]] std::string log(std::size_t index) const {
    return logs_.path() / std::to_string(index);
  }

  std::uint64_t bytes_each_;
  std::size_t incomplete_;
  std::deque<Heard> heard_;
  std::deque<Relay> relays_;
  Folder logs_;
  rig::io::Loop loop_;
  std::deque<Board> boards_;
  std::deque<SerialConsole> consoles_;
};

// Arguments: boards, seconds, milliseconds between two pieces of a board. 2 ms, 23 bytes, is what a
// UART with a FIFO does; 5 ms, 57 bytes, a USB adapter that fills its packets.
void console_trigger_latency(benchmark::State& state) {
  const auto boards = static_cast<std::size_t>(state.range(0));
  const auto bytes =
      static_cast<std::uint64_t>(state.range(1)) * kBytesPerSecond / kLineBytes * kLineBytes;
  for (auto _ : state) {
    Rig rig(boards, bytes);
    HostAlone host;
    const Prompt prompt;
    const auto [complete, share] = rig.run(std::chrono::milliseconds(state.range(2)),
                                           std::chrono::seconds(state.range(1) + 5));
    state.counters["host_p99_us"] = percentile(host.late_us(), 0.99);
    if (!complete) state.SkipWithError("lines are missing");
    Heard heard = rig.all();
    const auto total = static_cast<double>(bytes * boards);
    state.counters["bytes_lost"] = total - static_cast<double>(heard.bytes);
    state.counters["log_bytes_lost"] = total - static_cast<double>(rig.logged());
    state.counters["out_of_order"] = static_cast<double>(heard.out_of_order);
    state.counters["triggers"] = static_cast<double>(heard.latency_us.size());
    state.counters["p50_us"] = percentile(heard.latency_us, 0.5);
    state.counters["p99_us"] = percentile(heard.latency_us, 0.99);
    state.counters["cuts"] = static_cast<double>(heard.cut_us.size());
    state.counters["cut_p50_us"] = percentile(heard.cut_us, 0.5);
    state.counters["cut_p99_us"] = percentile(heard.cut_us, 0.99);
    state.counters["cut_max_us"] = percentile(heard.cut_us, 1);
    state.counters["max_us"] = percentile(heard.latency_us, 1);
    state.counters["rig_p99_us"] = percentile(heard.rig_us, 0.99);
    state.counters["real_time"] = prompt.thread.granted() ? 1 : 0;
    state.counters["shallow_idle"] = prompt.idle.granted() ? 1 : 0;
    state.counters["core_percent"] = 100 * share;
  }
}
void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"boards", "seconds", "piece_ms"});
  bench->Args({16, 8, 2})->Args({64, 4, 5});
  if (std::getenv("OTARIG_BENCH_LONG") != nullptr) bench->Args({16, 600, 2});
}
BENCHMARK(console_trigger_latency)
    ->Apply(sizes)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// As fast as the kernel hands over.
void console_flood(benchmark::State& state) {
  constexpr std::uint64_t kFlood = 8U << 20;
  const std::string text = std::string(127, 'x') + "\n";
  for (auto _ : state) {
    rig::io::Loop loop;
    const PseudoTerminal board;
    SerialConsole console(loop, {.name = "flood"}, {.match = {.path = board.node()}});
    std::thread talking([&] {
      for (std::uint64_t said = 0; said < kFlood; said += text.size()) board.say(text);
    });
    if (!loop.run_until([&] { return console.received() == kFlood; }, 10s)) {
      state.SkipWithError("bytes are missing");
    }
    talking.join();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kFlood));
}
BENCHMARK(console_flood)->Iterations(3)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
