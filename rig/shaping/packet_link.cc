#include "shaping/packet_link.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/rig_error.h"
#include "base/shallow_idle.h"
#include "base/thread_priority.h"
#include "io/time.h"
#include "shaping/alarm.h"
#include "shaping/capability.h"
#include "shaping/footprint.h"
#include "shaping/frame.h"
#include "shaping/interface.h"
#include "shaping/packet_port.h"

namespace rig::shaping {
namespace {

using base::Direction;
using base::Duration;
using base::Instant;

constexpr Duration kLongest = std::chrono::hours(1);
constexpr std::array kDirections{Direction::up, Direction::down};

std::vector<Offload> offloads_of_a_port() { return {Offload::receive_merging}; }

// Started, and what is about to be switched off written down.
const std::string& noted(const std::string& interface, Footprint& footprint) {
  (void)interface_index(interface);
  if (has_address(interface)) {
    throw base::UsageError("interface " + interface +
                           " has an address, so this machine would answer besides; name one that "
                           "leads to the board or the server alone");
  }
  raise_interface(interface);
  for (const Offload each : offloads_of_a_port()) {
    if (is_on(interface, each)) footprint.note("offload " + name_of(each) + " " + interface);
  }
  return interface;
}

const PacketLink::Settings& checked(const PacketLink::Settings& settings,
                                    const link::Profile& profile) {
  refuse_beyond(Engine::packets, profile);
  refuse_one_for_both(settings.board_side, settings.server_side);
  return settings;
}

bool clamps_windows(const link::Profile& profile) {
  return std::ranges::any_of(profile.impairments, [](const link::Impairment& each) {
    return std::holds_alternative<link::ClampWindow>(each.effect);
  });
}

timespec to_timespec(Duration length) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(length);
  return {.tv_sec = seconds.count(), .tv_nsec = (length - seconds).count()};
}

}  // namespace

struct PacketLink::Engine {
  // What the thread is to do before the next packet.
  struct Orders {
    std::optional<link::Profile> profile{};
    bool counts{false};
    std::optional<std::string> phase{};
    std::optional<std::optional<link::ByteCount>> watched{};
  };

  Engine(const link::Profile& profile, const Settings& wanted)
      : settings(checked(wanted, profile)),
        footprint(settings.footprints),
        board_offloads(noted(settings.board_side, footprint), offloads_of_a_port()),
        server_offloads(noted(settings.server_side, footprint), offloads_of_a_port()),
        board(settings.board_side),
        server(settings.server_side),
        wake(base::check_errno(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "make an event")),
        begun(io::now()),
        start(settings.course.begun.value_or(begun)),
        model(profile, wanted.seed) {
    shared.engine = name_of(shaping::Engine::packets);
    shared.profile = profile.name;
    if (settings.course.keeps_packets) model.keep_log();
    thread = std::thread([this] { run(); });
  }
  ~Engine() { stop(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void stop() {
    if (!thread.joinable()) return;
    stopping = true;
    ring();
    thread.join();
  }

  void ring() const {
    const std::uint64_t one = 1;
    (void)!::write(wake.get(), &one, sizeof one);
  }

  void order(const std::function<void(Orders&)>& what) {
    const std::lock_guard lock(mutex);
    if (failure) std::rethrow_exception(failure);
    what(orders);
    ring();
  }

  [[nodiscard]] Instant now() const { return io::instant_of(io::now(), start); }
  [[nodiscard]] PacketPort& from(Direction direction) {
    return direction == Direction::up ? board : server;
  }
  [[nodiscard]] PacketPort& to(Direction direction) {
    return direction == Direction::up ? server : board;
  }

  void run() {
    (void)base::prefer_this_thread();
    const base::ShallowIdle awake;  // a departure is as late as its processor wakes up
    ::prctl(PR_SET_TIMERSLACK, 1);
    try {
      while (!stopping) step();
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      tell();
    }
  }

  void step() {
    const Instant begun_looking = wait();
    take_orders();
    for (const Direction each : kDirections) {
      (void)from(each).receive([this, each](base::ByteView frame) { receive(each, frame); });
    }
    const Instant looked = now();
    alarm.looked_around_for(looked - begun_looking);
    release(imminent(looked));
    take_changes();
  }

  // Now, or the departure that is so near that nothing else fits in before.
  [[nodiscard]] Instant imminent(Instant at) const {
    const auto next = model.wake_time();
    return next && *next > at && *next - at <= alarm.just_before() ? *next : at;
  }

  // Since when it has not slept.
  Instant wait() {
    std::array<pollfd, 3> waiting{{{board.descriptor(), POLLIN, 0},
                                   {server.descriptor(), POLLIN, 0},
                                   {wake.get(), POLLIN, 0}}};
    const Instant begun_waiting = now();
    const auto next = model.wake_time();
    const Duration ahead = next ? *next - begun_waiting : kLongest;
    const Duration length = std::max(ahead - alarm.before(ahead), Duration::zero());
    const timespec limit = to_timespec(length);
    const int ready = ::ppoll(waiting.data(), waiting.size(), &limit, nullptr);
    const bool may_sleep = length > Duration::zero();
    const Instant awake = may_sleep ? now() : begun_waiting;
    if (may_sleep && ready == 0) alarm.slept_beyond(awake - begun_waiting - length);
    std::uint64_t rings = 0;
    if (waiting[2].revents != 0) (void)!::read(wake.get(), &rings, sizeof rings);
    return awake;
  }

  void take_orders() {
    const std::lock_guard lock(mutex);
    if (orders.profile) {
      shared.profile = orders.profile->name;
      model.set_profile(*orders.profile, now());
    }
    if (orders.counts) model.count_from_here();
    if (orders.phase) model.set_phase(*orders.phase, now());
    if (orders.watched) watched = *orders.watched;
    orders = {};
  }

  // Under the mutex.
  void tell() {
    if (!settings.course.happened || std::exchange(told, true)) return;
    settings.course.happened();
  }

  void take_changes() {
    auto changes = model.take_changes();
    const bool reached = watched && model.has_delivered(*watched);
    if (changes.empty() && !reached) return;
    const std::lock_guard lock(mutex);
    if (reached) {
      watched.reset();
      happenings.reached = true;
    }
    if (settings.course.happened) {
      happenings.changes.insert(happenings.changes.end(), changes.begin(), changes.end());
    }
    tell();
  }

  void receive(Direction direction, base::ByteView frame) {
    switch (kind_of(frame)) {
      case FrameKind::packet:
        return offer(direction, frame);
      case FrameKind::local:
        (void)to(direction).send({base::Bytes(frame.begin(), frame.end())});
        return;
      case FrameKind::damaged:
        return book_drop({direction, now(), frame.size(), "damaged"});
    }
  }

  void book_drop(const link::Drop& drop) {
    const std::lock_guard lock(mutex);
    shared.meter.dropped(drop);
    if (!settings.course.happened) return;
    happenings.drops.push_back(drop);
    tell();
  }

  void offer(Direction direction, base::ByteView frame) {
    base::Packet packet = packet_of(frame);
    if (clamps_windows(model.profile())) keep_from_scaling(packet);
    const std::uint64_t size = packet.wire_bytes();
    model.send(direction, std::move(packet), now());
    {
      const std::lock_guard lock(mutex);
      shared.meter.offered(direction, size);
    }
    for (const link::Drop& each : model.take_drops()) {
      book_drop(each);
      if (each.told_mtu > 0) (void)from(direction).send({too_big(frame, each.told_mtu)});
    }
  }

  // What arrives by then, on the wire when it does and not before.
  void release(Instant until) {
    const auto due = model.release_due(until);
    for (const link::Drop& each : model.take_drops()) book_drop(each);
    std::array<std::vector<base::Bytes>, kDirections.size()> frames;
    for (const link::Delivery& each : due) {
      frames[static_cast<std::size_t>(each.direction)].push_back(frame_of(each.packet));
    }
    while (now() < until) {
    }
    for (const Direction each : kDirections) {
      send_on(each, frames[static_cast<std::size_t>(each)], due);
    }
  }

  void send_on(Direction direction, const std::vector<base::Bytes>& frames,
               const std::vector<link::Delivery>& due) {
    if (frames.empty()) return;
    std::size_t left = to(direction).send(frames);
    const Instant left_at = now();
    const std::lock_guard lock(mutex);
    for (const link::Delivery& each : due) {
      if (each.direction != direction) continue;
      if (left > 0) {
        --left;
        shared.meter.delivered(each, left_at);
      } else {
        shared.meter.dropped({direction, left_at, each.packet.wire_bytes(), "interface busy"});
      }
    }
  }

  Settings settings;
  Footprint footprint;
  WithoutOffloads board_offloads;
  WithoutOffloads server_offloads;
  PacketPort board;
  PacketPort server;
  io::UniqueFd wake;
  io::Time begun;
  io::Time start;          // of the model's clock
  link::ShapedLink model;  // of the thread, as the next two
  Alarm alarm;
  std::optional<link::ByteCount> watched;
  std::atomic<bool> stopping{false};
  mutable std::mutex mutex;
  Stats shared;  // by mutex, as what follows
  Orders orders;
  Happenings happenings;
  bool told{false};
  std::exception_ptr failure;
  std::thread thread;
};

PacketLink::PacketLink(const link::Profile& profile, const Settings& settings)
    : engine_(std::make_unique<Engine>(profile, settings)) {}
PacketLink::~PacketLink() = default;

void PacketLink::set(const link::Profile& profile) {
  refuse_beyond(shaping::Engine::packets, profile);
  engine_->order([&](Engine::Orders& orders) { orders.profile = profile; });
}

void PacketLink::set_phase(const std::string& phase) {
  engine_->order([&](Engine::Orders& orders) { orders.phase = phase; });
}

void PacketLink::count_from_here() {
  engine_->order([](Engine::Orders& orders) { orders.counts = true; });
}

void PacketLink::watch_bytes(const std::optional<link::ByteCount>& count) {
  engine_->order([&](Engine::Orders& orders) { orders.watched = count; });
}

Happenings PacketLink::take_happenings() {
  const std::lock_guard lock(engine_->mutex);
  if (engine_->failure) std::rethrow_exception(engine_->failure);
  engine_->told = false;
  return std::exchange(engine_->happenings, {});
}

std::optional<link::PacketLog> PacketLink::end() {
  engine_->stop();
  return engine_->model.log();
}

Stats PacketLink::stats() const {
  const std::lock_guard lock(engine_->mutex);
  if (engine_->failure) std::rethrow_exception(engine_->failure);
  for (const Direction each : kDirections) {
    for (std::uint64_t missed = engine_->from(each).take_missed(); missed > 0; --missed) {
      engine_->shared.meter.dropped({each, engine_->now(), 0, "host too slow"});
    }
  }
  Stats stats = engine_->shared;
  stats.running = io::now() - engine_->begun;
  return stats;
}

}  // namespace rig::shaping
