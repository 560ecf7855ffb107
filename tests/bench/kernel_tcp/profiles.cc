#include "bench/kernel_tcp/profiles.h"

#include <array>
#include <cstdio>
#include <string>

#include "base/random.h"
#include "tcp/personality.h"

namespace rig::bench {

std::vector<TcpProfile> tcp_profiles() {
  return {
      {"report 320bit/s", 320, 200, 536, 3216, 2'000},
      {"report 320bit/s, longer", 320, 200, 536, 3216, 9'500},
      {"320bit/s, one segment", 320, 200, 536, 1608, 1'500},
      {"1200bit/s", 1200, 200, 536, 3216, 6'000},
      {"1200bit/s, large window", 1200, 200, 536, 16'080, 6'000},
      {"2400bit/s", 2400, 300, 536, 3216, 12'000},
      {"4800bit/s", 4800, 300, 536, 3216, 25'000},
      {"4800bit/s, large window", 4800, 300, 536, 32'160, 25'000},
      {"9600bit/s GSM data", 9600, 300, 536, 3216, 50'000},
      {"9600bit/s, MSS 1436", 9600, 300, 1436, 5744, 50'000},
      {"2G rural 20k", 20'000, 650, 536, 3216, 80'000},
      {"2G rural 20k, 65 kB", 20'000, 650, 1436, 64'620, 80'000},
      {"GPRS 50k", 50'000, 250, 536, 3216, 200'000},
      {"GPRS 50k, 16 kB", 50'000, 250, 536, 16'080, 200'000},
      {"GPRS 50k, 65 kB", 50'000, 250, 1436, 64'620, 200'000},
      {"EDGE 200k", 200'000, 400, 536, 3216, 100'000},
      {"EDGE 200k, 65 kB", 200'000, 400, 1436, 64'620, 520'000},
      {"NB-IoT 26k", 26'000, 800, 536, 3216, 60'000},
      {"LTE-M 300k", 300'000, 75, 1436, 14'360, 520'000},
      {"UMTS 384k", 384'000, 100, 1436, 28'720, 520'000},
      {"1M, 20 ms", 1'000'000, 20, 1436, 64'620, 520'000},
      {"1M, satellite 300 ms", 1'000'000, 300, 1436, 64'620, 520'000},
      {"1M, six segments", 1'000'000, 20, 536, 3216, 520'000},
      {"50k, 5 % lost", 50'000, 250, 536, 3216, 60'000, 5},
      {"50k, 10 % lost", 50'000, 250, 536, 3216, 60'000, 10},
      {"50k, 2 % lost, 65 kB", 50'000, 250, 1436, 64'620, 200'000, 2},
      {"200k, 5 % lost, 65 kB", 200'000, 400, 1436, 64'620, 200'000, 5},
      {"1M, 1 % lost, 65 kB", 1'000'000, 20, 1436, 64'620, 520'000, 1},
      {"1M, 3 % lost, 65 kB", 1'000'000, 50, 1436, 64'620, 520'000, 3},
      {"1M, 6 % lost by twos, 65 kB", 1'000'000, 50, 1436, 64'620, 300'000, 6, 2},
      {"9600, 10 % lost", 9600, 300, 536, 3216, 20'000, 10},
      {"9600, 10 % lost by twos", 9600, 300, 536, 3216, 15'000, 10, 2},
      {"1M, 10 % lost, six segments", 1'000'000, 100, 536, 3216, 20'000, 10},
      {"1M, 10 % lost by threes", 1'000'000, 100, 536, 3216, 20'000, 10, 3},
      {"1M, 15 % lost by fours", 1'000'000, 100, 536, 3216, 8'000, 15, 4},
      {"8 of 14 pass, 20 ms", 0, 20, 536, 3216, 16'000, 0, 1, 8, 14},
      {"8 of 14 pass, 100 ms", 0, 100, 536, 3216, 16'000, 0, 1, 8, 14},
      {"8 of 14 pass, 300 ms", 0, 300, 536, 3216, 16'000, 0, 1, 8, 14},
      {"tails lost, 30 %", 0, 100, 536, 3216, 20'000, 0, 1, 0, 0, 30},
      {"tails lost, 55 %", 0, 100, 536, 3216, 6'000, 0, 1, 0, 0, 55},
  };
}

link::Profile link_of(const TcpProfile& profile) {
  link::Profile link =
      tcp::symmetric(profile.rate_bps, std::chrono::milliseconds(profile.delay_ms));
  if (profile.tail_percent <= 0) return link;
  link::Impairment tails{.name = "tails", .effect = link::Lose{}};
  tails.which = {.direction = base::Direction::down, .larger_than = 100};
  tails.pick = {.chance = profile.tail_percent / 100,
                .burst_gap = std::chrono::milliseconds(500),
                .burst_from = 2};
  link.impairments.push_back(tails);
  return link;
}

bool TcpProfile::loses(std::uint64_t n, std::uint64_t seed) const {
  if (of > 0) return n % of >= pass;
  if (loss_percent <= 0) return false;
  base::Random chance(base::derived_seed(seed, "run " + std::to_string(n / run)));
  constexpr std::uint64_t kFine = 1'000'000;
  return static_cast<double>(chance.next() % kFine) < loss_percent / 100 * kFine;
}

namespace {

constexpr int kModelTransfers = 200;  // the model costs milliseconds

tcp::Download download_of(const TcpProfile& profile, std::uint64_t seed) {
  tcp::Personality client = tcp::linux_server();
  client.mss = profile.mss;
  client.window = profile.window;
  return {.link = link_of(profile),
          .server = tcp::linux_server(),
          .client = client,
          .bytes = profile.bytes,
          .lost = [&profile, seed](std::uint64_t n) { return profile.loses(n, seed); },
          .seed = seed + 1};
}

double seconds_of(const TcpProfile& profile, std::uint64_t seed) {
  const tcp::Outcome outcome = tcp::run(download_of(profile, seed));
  return outcome.complete ? base::to_seconds(outcome.took) : -1;
}

}  // namespace

std::vector<double> model_seconds(const TcpProfile& profile) {
  std::vector<double> all;
  for (int i = 0; i < (profile.transfers() == 1 ? 1 : kModelTransfers); ++i) {
    all.push_back(seconds_of(profile, static_cast<std::uint64_t>(i)));
  }
  return all;
}

void trace_model(const TcpProfile& profile) {
  tcp::Download download = download_of(profile, 0);
  download.sent = print_packet;
  static_cast<void>(tcp::run(download));
}

void print_packet(base::Instant at, base::Direction direction, const base::Packet& packet) {
  static std::array<std::uint32_t, 2> first{};
  const bool up = direction == base::Direction::up;
  const auto flag = [&](std::uint8_t which, char letter) {
    return (packet.tcp_flags & which) != 0 ? letter : '.';
  };
  if ((packet.tcp_flags & base::kTcpSyn) != 0) first[up ? 0 : 1] = packet.sequence;
  std::printf("%12.6f %-4s %c%c%c%c seq %u ack %u window %u length %zu\n",
              base::to_seconds(at - base::kCycleStart), up ? "up" : "down",
              flag(base::kTcpSyn, 'S'), flag(base::kTcpAck, 'A'), flag(base::kTcpFin, 'F'),
              flag(base::kTcpRst, 'R'), packet.sequence - first[up ? 0 : 1],
              packet.acknowledgement - first[up ? 1 : 0], packet.window, packet.payload.size());
}

}  // namespace rig::bench
