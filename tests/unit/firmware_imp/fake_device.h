// The imp's upgrade on the host: a clock, flash in an array, and a modem whose connections follow a
// script. One at a time: the C code under test calls free functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace firmware_imp {

using rig::base::Bytes;
using std::chrono::milliseconds;

// One connection as the server makes it: what it answers to the request, how fast, how it ends.
struct Connection {
  Bytes answer{};             // head and body
  milliseconds per_kib{100};  // of the link
  bool closes{true};          // behind the answer; false: silence
  bool refused{false};
};

class FakeDevice {
 public:
  static constexpr std::uint32_t kFlash = 0x08000000;
  static constexpr std::uint32_t kOs = 0x08080000;
  static constexpr std::uint32_t kFlashBytes = 1024 * 1024;

  FakeDevice();
  ~FakeDevice();
  FakeDevice(const FakeDevice&) = delete;
  FakeDevice& operator=(const FakeDevice&) = delete;

  // Name of the result; what was said is in `console`.
  std::string upgrade(std::uint32_t version);

  [[nodiscard]] bool said(const std::string& start) const;
  [[nodiscard]] Bytes os(std::size_t bytes) const;

  std::deque<Connection> connections;
  std::vector<std::string> requests;
  std::vector<std::string> console;
  Bytes flash;
  std::uint32_t now_ms{};
  std::uint32_t erased_sectors{};
  std::uint32_t session_ms{};  // 0: no time-out
  bool resumes{false};
  bool checks_blocks{false};
  std::uint32_t sent{};
  std::uint32_t received{};
};

// "HTTP/1.1 200 OK", Content-Length of the body, the body.
[[nodiscard]] Bytes response(const Bytes& body);
// "206 Partial Content" of `body` from `start` on.
[[nodiscard]] Bytes partial(const Bytes& body, std::size_t start);

}  // namespace firmware_imp
