// The imp as the network sees it, in real time: a client that fetches its image over plain HTTP
// twice, gives a try up when its session's time is over or nothing comes for too long, and then
// begins from zero. Its sockets have the imp's segments and window, on the kernel's TCP.
//
// On Boost.Beast, and not on code of otarig's: so it also says what another implementation of HTTP
// makes of the image server.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace rig::system {

struct ImpSettings {
  std::string server{};  // an address
  std::uint16_t port{80};
  std::string path{"/imp/2"};
  int segment_bytes{536};
  int window_segments{6};
  std::chrono::milliseconds session{0};     // of a try, both passes; 0: as long as bytes come
  std::chrono::milliseconds silence{1000};  // nothing came: a pass has stalled
  int tries{1};                             // at most
};

struct ImpTry {
  int pass{};             // that it came to
  std::string ended{};    // "done", "timeout", "stalled", "closed", "no-server", "bad-answer",
                          // "power"
  std::uint64_t bytes{};  // body bytes of that pass
  std::uint32_t checksum{};
};

struct ImpStory {
  std::vector<ImpTry> tries;
  std::chrono::duration<double> took{};
  [[nodiscard]] bool upgraded() const { return !tries.empty() && tries.back().ended == "done"; }
};

// A loss that was over before the imp's thread ran again is one all the same.
struct ImpPower {
  std::atomic<bool> on{true};
  std::atomic<unsigned> losses{0};

  void cut() {
    ++losses;
    on = false;
  }
  void restore() {
    on = true;
    on.notify_all();
  }
};

// Blocks. Without power it ends in the middle of whatever it does; it tries again when it has some.
[[nodiscard]] ImpStory run_imp(const ImpSettings& settings, const ImpPower& power);

// FNV-1a, of what a pass must have got.
[[nodiscard]] std::uint32_t checksum_of(const std::uint8_t* data, std::size_t length,
                                        std::uint32_t so_far = 2166136261U);

}  // namespace rig::system
