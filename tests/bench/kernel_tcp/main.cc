// kernel_tcp: the transport model of rig/tcp against the kernel's TCP, profile by profile. Kernel
// sockets in two network namespaces talk through our ShapedLink; the same profile runs in virtual
// time; the table shows both times, and how uncertain the kernel's mean is where packets are lost.
// Exit code 1 when they differ by more than the limit given as an argument (a fraction, default
// 0.1) and by more than that uncertainty explains. With the name of a profile as a second argument:
// every packet of it, on the kernel and in the model.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include "base/thread_priority.h"
#include "bench/kernel_tcp/place.h"
#include "bench/kernel_tcp/profiles.h"
#include "link/shaped_link.h"

namespace rig::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kIpv4Tcp = 40;
constexpr std::size_t kMostBytes = 65'536;

sockaddr_in place(const char* address, std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  inet_pton(AF_INET, address, &at.sin_addr);
  return at;
}

void option(int socket, int name, int value, const char* attempted) {
  static_cast<void>(
      checked(setsockopt(socket, IPPROTO_TCP, name, &value, sizeof value), attempted));
}

// One profile: kernel sockets at both ends, our link between them.
struct Transfer {
  Transfer(const TcpProfile& of, std::uint64_t with)
      : profile(of), seed(with), link(link_of(of), with + 1) {}

  TcpProfile profile;
  std::uint64_t seed;
  link::ShapedLink link;
  int listener{-1};
  int server{-1};
  int client{-1};
  std::size_t written{0};
  std::size_t read{0};
  std::uint64_t data_packets{0};
  std::uint32_t next_id{0};
  std::map<std::uint32_t, base::Bytes> under_way;  // the raw packets, by id
  double seconds{-1};
};

class Comparison {
 public:
  Comparison(const std::vector<TcpProfile>& profiles, bool traces) : traces_(traces) {
    for (const TcpProfile& each : profiles) {
      for (int i = 0; i < (traces ? 1 : each.transfers()); ++i) {
        transfers_.emplace_back(each, static_cast<std::uint64_t>(i));
      }
    }
    server_tun_ = enter_namespace(kServerAddress);
    for (std::size_t i = 0; i < transfers_.size(); ++i) listen_at(transfers_[i], i);
    client_tun_ = enter_namespace(kClientAddress);
    begun_ = Clock::now();
    for (std::size_t i = 0; i < transfers_.size(); ++i) connect_to(transfers_[i], i);
  }

  void run(std::chrono::seconds limit) {
    while (!over() && Clock::now() - begun_ < limit) {
      wait();
      take(server_tun_, base::Direction::down);
      take(client_tun_, base::Direction::up);
      for (Transfer& each : transfers_) step(each);
    }
  }

  [[nodiscard]] const std::vector<Transfer>& transfers() const { return transfers_; }

 private:
  [[nodiscard]] base::Instant now() const {
    return base::kCycleStart + std::chrono::duration_cast<base::Duration>(Clock::now() - begun_);
  }
  [[nodiscard]] bool over() const {
    return std::ranges::all_of(transfers_, [](const auto& each) { return each.seconds >= 0; });
  }

  static void listen_at(Transfer& transfer, std::size_t index) {
    transfer.listener =
        checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "opening a socket");
    const auto at = place(kServerAddress, static_cast<std::uint16_t>(kFirstPort + index));
    static_cast<void>(checked(
        bind(transfer.listener, reinterpret_cast<const sockaddr*>(&at), sizeof at), "binding"));
    static_cast<void>(checked(listen(transfer.listener, 1), "listening"));
  }

  static void connect_to(Transfer& transfer, std::size_t index) {
    transfer.client = checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "opening a socket");
    option(transfer.client, TCP_MAXSEG, transfer.profile.mss, "setting the MSS");
    option(transfer.client, TCP_WINDOW_CLAMP, transfer.profile.window, "setting the window");
    const auto at = place(kServerAddress, static_cast<std::uint16_t>(kFirstPort + index));
    if (connect(transfer.client, reinterpret_cast<const sockaddr*>(&at), sizeof at) < 0 &&
        errno != EINPROGRESS) {
      static_cast<void>(checked(-1, "connecting"));
    }
  }

  void wait() const {
    auto next = now() + std::chrono::milliseconds(100);
    for (const Transfer& each : transfers_)
      next = std::min(next, each.link.wake_time().value_or(next));
    const auto left = std::max<std::int64_t>((next - now()).count(), 0);
    const timespec limit{.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
    std::array<pollfd, 2> ready{{{server_tun_, POLLIN, 0}, {client_tun_, POLLIN, 0}}};
    ppoll(ready.data(), ready.size(), &limit, nullptr);
  }

  // What the kernel sends at one end goes onto the link of its profile.
  void take(int tun, base::Direction direction) {
    std::array<std::uint8_t, kMostBytes> buffer{};
    for (ssize_t size = 0; (size = ::read(tun, buffer.data(), buffer.size())) > 0;) {
      const base::ByteView raw(buffer.data(), static_cast<std::size_t>(size));
      if (raw.size() < kIpv4Tcp || raw[0] != 0x45 || raw[9] != IPPROTO_TCP) continue;
      const bool down = direction == base::Direction::down;
      const std::size_t index = base::read_be16(raw, down ? 20 : 22) - std::size_t{kFirstPort};
      if (index < transfers_.size()) send(transfers_[index], direction, raw);
    }
  }

  void send(Transfer& transfer, base::Direction direction, base::ByteView raw) const {
    const std::size_t header = 20 + std::size_t{raw[32]} / 16 * 4;
    if (traces_) print_raw(now(), direction, raw, header);
    if (direction == base::Direction::down && raw.size() > header &&
        transfer.profile.loses(transfer.data_packets++, transfer.seed)) {
      return;
    }
    base::Packet packet;
    packet.protocol = base::Protocol::tcp;
    packet.sequence = transfer.next_id++;
    packet.payload.resize(raw.size() - kIpv4Tcp);
    transfer.under_way[packet.sequence].assign(raw.begin(), raw.end());
    transfer.link.send(direction, std::move(packet), now());
  }

  void step(Transfer& transfer) const {
    for (const auto& delivery : transfer.link.release_due(now())) {
      const auto raw = transfer.under_way.extract(delivery.packet.sequence).mapped();
      const int to = delivery.direction == base::Direction::down ? client_tun_ : server_tun_;
      if (::write(to, raw.data(), raw.size()) < 0) std::perror("kernel_tcp: writing to TUN");
    }
    if (transfer.server < 0)
      transfer.server = accept4(transfer.listener, nullptr, nullptr, SOCK_NONBLOCK);
    if (transfer.server >= 0) fill(transfer);
    drain(transfer);
  }

  static void fill(Transfer& transfer) {
    static const base::Bytes kZeros(kMostBytes);
    while (transfer.written < transfer.profile.bytes) {
      const auto some = std::min(kZeros.size(), transfer.profile.bytes - transfer.written);
      const ssize_t taken = ::write(transfer.server, kZeros.data(), some);
      if (taken <= 0) return;
      transfer.written += static_cast<std::size_t>(taken);
      if (transfer.written == transfer.profile.bytes) shutdown(transfer.server, SHUT_WR);
    }
  }

  void drain(Transfer& transfer) const {
    std::array<char, kMostBytes> buffer{};
    for (ssize_t size = 0; (size = ::read(transfer.client, buffer.data(), buffer.size())) > 0;) {
      transfer.read += static_cast<std::size_t>(size);
      if (transfer.read == transfer.profile.bytes)
        transfer.seconds = base::to_seconds(now() - base::kCycleStart);
    }
  }

  static void print_raw(base::Instant at, base::Direction direction, base::ByteView raw,
                        std::size_t header) {
    base::Packet packet;
    packet.tcp_flags = raw[33];
    packet.sequence = base::read_be32(raw, 24);
    packet.acknowledgement = base::read_be32(raw, 28);
    packet.window = base::read_be16(raw, 34);
    packet.payload.resize(raw.size() - header);
    print_packet(at, direction, packet);
  }

  bool traces_;
  int server_tun_{-1};
  int client_tun_{-1};
  Clock::time_point begun_;
  std::vector<Transfer> transfers_;
};

struct Mean {
  double seconds{0};
  double error{0};  // of its logarithm: how far from the mean of endlessly many it may be
  bool complete{true};
};

// Geometric: of times that double, one that doubled once more weighs no more than the others.
Mean mean_of(const std::vector<double>& all) {
  Mean mean;
  const auto count = static_cast<double>(all.size());
  double sum = 0;
  for (const double each : all) {
    mean.complete = mean.complete && each > 0;
    sum += std::log(std::max(each, 1e-9)) / count;
  }
  double squares = 0;
  for (const double each : all) squares += std::pow(std::log(std::max(each, 1e-9)) - sum, 2);
  mean.seconds = std::exp(sum);
  if (all.size() > 1) mean.error = std::sqrt(squares / (count - 1) / count);
  return mean;
}

// A mean of few transfers is as uncertain as its error says; twice that is no deviation.
constexpr double kErrorsAllowed = 2;

int compare(double limit) {
  const auto profiles = tcp_profiles();
  static_cast<void>(base::prefer_this_thread());  // or the machine's other work would be measured
  Comparison comparison(profiles, false);
  comparison.run(std::chrono::seconds(400));
  std::map<std::string, std::vector<double>> seconds;
  for (const Transfer& each : comparison.transfers()) {
    seconds[each.profile.name].push_back(each.seconds);
  }
  std::printf("%-30s %8s %5s %5s %6s %7s %9s %7s %9s %7s\n", "profile", "bit/s", "ms", "MSS",
              "window", "bytes", "kernel s", "+-", "model s", "off");
  std::vector<double> off;
  int beyond = 0;
  for (const TcpProfile& p : profiles) {
    const Mean kernel = mean_of(seconds[p.name]);
    const Mean model = mean_of(model_seconds(p));
    const bool whole = kernel.complete && model.complete;
    off.push_back(whole ? model.seconds / kernel.seconds - 1 : 1);
    const double error = std::hypot(kernel.error, model.error);
    const bool within = whole && std::abs(off.back()) <= std::max(limit, kErrorsAllowed * error);
    beyond += within ? 0 : 1;
    std::printf("%-30s %8.0f %5d %5d %6d %7zu %9.2f %6.1f%% %9.2f %+6.1f%%%s\n", p.name.c_str(),
                p.rate_bps, p.delay_ms, p.mss, p.window, p.bytes, kernel.seconds, 100 * error,
                model.seconds, 100 * off.back(), within ? "" : " *");
  }
  std::ranges::sort(off, {}, [](double value) { return std::abs(value); });
  std::printf(
      "%zu profiles; off by %.1f %% (median), %.1f %% (9 of 10), %.1f %% (worst); %d beyond "
      "%.0f %% and the kernel's own spread\n",
      off.size(), 100 * std::abs(off[off.size() / 2]), 100 * std::abs(off[off.size() * 9 / 10]),
      100 * std::abs(off.back()), beyond, 100 * limit);
  return beyond == 0 ? 0 : 1;
}

// The packets of one transfer, the kernel's first.
int trace(const std::string& name) {
  for (TcpProfile profile : tcp_profiles()) {
    if (profile.name != name) continue;
    static_cast<void>(base::prefer_this_thread());
    std::printf("--- kernel\n");
    Comparison({profile}, true).run(std::chrono::seconds(400));
    std::printf("--- model\n");
    trace_model(profile);
    return 0;
  }
  std::fprintf(stderr, "kernel_tcp: no profile '%s'\n", name.c_str());
  return 2;
}

}  // namespace
}  // namespace rig::bench

int main(int count, char** arguments) {
  try {
    if (count > 2) return rig::bench::trace(arguments[2]);
    return rig::bench::compare(count > 1 ? std::atof(arguments[1]) : 0.1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kernel_tcp: %s\n", error.what());
    return 3;
  }
}
