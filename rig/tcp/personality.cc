#include "tcp/personality.h"

namespace rig::tcp {

using namespace std::chrono_literals;

Personality linux_server() {
  return {.mss = 1460,
          .window = 65'535,
          .send_buffer = 262'144,
          .initial_segments = 10,
          .first_timeout = 1s,
          .shortest_timeout = 200ms,
          .longest_timeout = 120s,
          .shortest_variation = 200ms,
          .variation_falls_slowly = true,
          .syn_limit = 6,
          .retry_limit = 15,
          .detects_spurious = true,
          .even_syns = 4,
          .ack_delay = 40ms,
          .longest_ack_delay = 500ms,
          .ack_every = 2,
          .quick_acks = 16,
          .keeps_out_of_order = true};
}

Personality small_device(std::uint16_t segments) {
  Personality device;
  device.window = static_cast<std::uint16_t>(segments * device.mss);
  device.send_buffer = 2U * device.mss;
  device.first_timeout = 3s;
  device.ack_delay = 250ms;
  device.ack_every = 2;
  return device;
}

Personality cellular_module() { return {}; }

}  // namespace rig::tcp
