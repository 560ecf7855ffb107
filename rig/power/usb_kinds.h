// How each kind of switch shows on the bus: ids and product strings.
#pragma once

#include "power/usb_address.h"

namespace rig::power {

[[nodiscard]] UsbKind dct_kind();
[[nodiscard]] UsbKind lcus_kind();
[[nodiscard]] UsbKind numato_kind();
[[nodiscard]] UsbKind usb_rly_kind();
[[nodiscard]] UsbKind ykush_kind();

}  // namespace rig::power
