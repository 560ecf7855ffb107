#include "bench/kernel_tcp/profiles.h"

#include "tcp/personality.h"

namespace rig::bench {

std::vector<TcpProfile> tcp_profiles() {
  return {
      {"report 320bit/s", 320, 200, 536, 3216, 2'000},
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
      {"50k, 1 of 20 lost", 50'000, 250, 536, 3216, 60'000, 19, 1},
      {"50k, 1 of 10 lost", 50'000, 250, 536, 3216, 60'000, 9, 1},
      {"50k, 1 of 50 lost, 65 kB", 50'000, 250, 1436, 64'620, 200'000, 49, 1},
      {"200k, 1 of 20 lost, 65 kB", 200'000, 400, 1436, 64'620, 200'000, 19, 1},
      {"1M, 1 of 100 lost, 65 kB", 1'000'000, 20, 1436, 64'620, 520'000, 99, 1},
      {"1M, 1 of 30 lost, 65 kB", 1'000'000, 50, 1436, 64'620, 520'000, 29, 1},
      {"1M, 2 of 30 lost, 65 kB", 1'000'000, 50, 1436, 64'620, 300'000, 28, 2},
      {"9600, 1 of 10 lost", 9600, 300, 536, 3216, 20'000, 9, 1},
      {"9600, 2 of 10 lost", 9600, 300, 536, 3216, 15'000, 8, 2},
      {"1M, 1 of 3 lost, six segments", 1'000'000, 100, 536, 3216, 3'000, 2, 1},
      {"1M, tail 3 of 11 lost", 1'000'000, 100, 536, 3216, 20'000, 8, 3},
      {"1M, tail 4 of 12 lost", 1'000'000, 100, 536, 3216, 8'000, 8, 4},
  };
}

link::Profile link_of(const TcpProfile& profile) {
  return tcp::symmetric(profile.rate_bps, std::chrono::milliseconds(profile.delay_ms));
}

double model_seconds(const TcpProfile& profile) {
  tcp::Personality client = tcp::linux_server();
  client.mss = profile.mss;
  client.window = profile.window;
  const tcp::Download download{link_of(profile), tcp::linux_server(), client, profile.bytes,
                               [&profile](std::uint64_t n) { return profile.loses(n); }};
  const tcp::Outcome outcome = tcp::run(download);
  return outcome.complete ? base::to_seconds(outcome.took) : -1;
}

}  // namespace rig::bench
