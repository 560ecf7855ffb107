// Campaigns as a sweep of the Electron's update would book them, small or large, for tests of the
// reports. Invented: no figure in them says anything about a device.
#pragma once

#include <string>
#include <vector>

#include "store/store.h"

namespace rig::report {

struct SyntheticRow {
  std::string bootloader{"0.7.0"};
  std::string sim{"third-party"};
  std::string domains{"board+modem"};
  std::string mitigation{"none"};
  std::string board_name{};
  std::string batch{"demo"};
  std::string firmware_hash{"3fa1b2c4d5e6"};
  int night{0};                     // days after the first one
  std::uint64_t timeline_every{1};  // only so many cycles have one that is more than a few events
};

// A batch as `otarig demo` makes it: bootloaders x SIM x domains, and two mitigations.
[[nodiscard]] std::vector<SyntheticRow> synthetic_rows();

// Books a control run and `cuts` cut cycles; gives the finished campaign.
store::CampaignId book_synthetic(store::Store& store, const SyntheticRow& row, std::uint64_t cuts);

}  // namespace rig::report
