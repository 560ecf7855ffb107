// What the rig's HTTP server serves, and what it does wrong on purpose. Plain data, chosen by the
// scenario (update: {http: ..}).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "tcp/personality.h"

namespace rig::ota {

// One thing that goes wrong with some answers. Those of the cycle are counted from 1; answers to
// bad requests count too.
struct HttpFault {
  enum class Kind : std::uint8_t {
    status,    // `status` in place of the image, with Retry-After when given
    redirect,  // 302 to `location`
    length,    // Content-Length is off by `off`; the body is as it is
    stall,     // after `bytes` of the body nothing for `pause`; zero: nothing ever again
    truncate,  // after `bytes` of the body the connection is closed
    reset,     // after `bytes` of the body it is reset
    slow       // the body is written at `bytes` per second
  };
  Kind kind{};
  std::uint32_t first_request{1};
  std::uint32_t requests{0};  // so many from there on; 0: all
  std::uint16_t status{503};
  std::optional<base::Duration> retry_after{};  // in whole seconds
  std::string location{};
  std::int64_t off{0};
  std::uint64_t bytes{0};
  base::Duration pause{};

  [[nodiscard]] bool concerns(std::uint32_t request) const {
    return request >= first_request && (requests == 0 || request - first_request < requests);
  }
};

struct HttpSettings {
  std::uint16_t port{80};
  // GET <path><version number> is the image of the user module of that version.
  std::string path{"/imp/"};
  bool ranges{true};  // false: Range is ignored, the answer is always the whole image
  base::Duration keep_alive{std::chrono::seconds(75)};  // an idle connection is closed after this
  std::vector<HttpFault> faults;
  tcp::Personality transport{tcp::linux_server()};
};

}  // namespace rig::ota
