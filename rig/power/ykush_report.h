// The reports of Yepkit's switchable USB hubs YKUSH (04d8:f2f7, older: 0042), YKUSH3 (f11b) and
// YKUSH XS (f0cd): bytes only.
//
// Source: Yepkit "YKUSH Product Manual" and "YKUSH3 Product Manual", HID commands:
//   1n port n up, 0n port n down, 2n status -> byte 0 = 01 (done), byte 1 = 1n (up) or 0n (down)
// Every command is answered by one report. YKUSH3's port 4 is its external 5 V output.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "power/power_switch.h"

namespace rig::power {

struct YkushModel {
  std::string_view name;
  std::uint16_t product_id;
  std::uint8_t ports;
  std::uint8_t report_bytes;
};

inline constexpr std::uint16_t kYkushVendor = 0x04D8;
inline constexpr YkushModel kYkushModels[] = {
    {.name = "YKUSH", .product_id = 0xF2F7, .ports = 3, .report_bytes = 64},
    {.name = "YKUSH", .product_id = 0x0042, .ports = 3, .report_bytes = 6},
    {.name = "YKUSH3", .product_id = 0xF11B, .ports = 4, .report_bytes = 64},
    {.name = "YKUSH XS", .product_id = 0xF0CD, .ports = 1, .report_bytes = 64},
};

// As hidraw takes them: the report id (0) first, then `report_bytes` bytes.
[[nodiscard]] base::Bytes encode_ykush_set(const YkushModel& model, Channel port, Level level);
[[nodiscard]] base::Bytes encode_ykush_query(const YkushModel& model, Channel port);

// As hidraw gives it: no report id. False when the hub did not do it.
[[nodiscard]] bool ykush_acknowledged(base::ByteView answer);
// Empty when it is no status of this port.
[[nodiscard]] std::optional<Level> decode_ykush_status(base::ByteView answer, Channel port);

}  // namespace rig::power
