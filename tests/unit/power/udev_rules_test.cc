// fixtures/udev/60-otarig.rules names every device that rig/power drives.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "power/usb_kinds.h"

namespace rig::power {
namespace {

// A rule for a device of these ids; product 0: for any of the vendor.
bool has_rule(const std::string& rules, const UsbId& id) {
  const std::string vendor = fmt::format("idVendor}}==\"{:04x}\"", id.vendor_id);
  const std::string product = fmt::format("{:04x}", id.product_id);
  for (std::size_t at = 0; (at = rules.find(vendor, at)) != rules.npos; ++at) {
    const std::string line = rules.substr(at, rules.find('\n', at) - at);
    const std::size_t ids = line.find("idProduct}==\"");
    if (id.product_id == 0 && ids == line.npos) return true;
    if (ids != line.npos && line.find(product, ids) != line.npos) return true;
  }
  return false;
}

TEST(UdevRules, NameEverySwitch) {
  std::ifstream in(OTARIG_SOURCE_DIR "/fixtures/udev/60-otarig.rules");
  const std::string rules((std::istreambuf_iterator<char>(in)), {});
  for (const UsbKind& kind :
       {dct_kind(), lcus_kind(), numato_kind(), usb_rly_kind(), ykush_kind()}) {
    for (const UsbId& id : kind.ids) {
      EXPECT_TRUE(has_rule(rules, id))
          << kind.name << fmt::format(" {:04x}:{:04x}", id.vendor_id, id.product_id);
    }
  }
  EXPECT_FALSE(has_rule(rules, {0x04D8, 0x1234}));
}

}  // namespace
}  // namespace rig::power
