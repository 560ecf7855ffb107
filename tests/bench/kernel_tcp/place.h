// Two network namespaces of this process with a TUN device in each; everything is gone when the
// process ends. Needs root (CAP_NET_ADMIN, CAP_SYS_ADMIN) and /dev/net/tun.
#pragma once

#include <cstdint>
#include <string>

namespace rig::bench {

// Throws std::system_error that names what was attempted.
[[nodiscard]] int checked(int result, const std::string& attempted);

// Enters a new namespace whose TCP does without SACK, time-stamps and window scaling, as it does
// with a small device at the other end, and with Reno. Answers the descriptor of its TUN device.
[[nodiscard]] int enter_namespace(const char* address);

inline constexpr const char* kServerAddress = "10.97.0.1";
inline constexpr const char* kClientAddress = "10.97.0.2";
inline constexpr std::uint16_t kFirstPort = 20'000;  // of profile 0

}  // namespace rig::bench
