// What a scenario needs of its product, whatever kind of board it runs on: the console profile, the
// firmware of that board, the provisioned flash, the catalogue that the update server serves.
// Loaded and checked once, immutable, shared by any number of cycles and threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "image/elf_symbols.h"
#include "image/manifest.h"
#include "ota/catalogue.h"
#include "record/cut_plan.h"
#include "scenario/device_profile.h"
#include "scenario/library.h"
#include "scenario/scenario.h"
#include "simulator/mcu_description.h"
#include "simulator/surroundings.h"

namespace rig::board {

struct Product {
  scenario::DeviceProfile profile;
  image::Manifest manifest;
  std::vector<ota::CatalogueEntry> catalogue;
  base::Bytes flash;                                           // all of it, as provisioned
  std::unique_ptr<const simulator::McuDescription> own_mcu{};  // the scenario's; or none

  std::vector<image::ElfSymbols> code{};  // of planted ELF files, to name what is at an address

  [[nodiscard]] const simulator::McuDescription& mcu() const {
    return own_mcu ? *own_mcu : simulator::stm32f205();
  }
};

// The MCU of `sim`, and of the boards that are planted through a probe.
inline constexpr std::string_view kSimulatedMcu = "stm32f205";

// `built_for`: the port of the firmware that this board runs; empty: whatever it is. Throws
// base::UsageError: firmware that is missing, damaged, for another platform or board, or too large.
[[nodiscard]] Product load_product(const scenario::Scenario& scenario,
                                   const scenario::Library& library,
                                   std::string_view built_for = kSimulatedMcu);

// The rig's side of the modem's UART, without power. `product` must outlive it and its copies.
[[nodiscard]] simulator::Surroundings surroundings_of(const scenario::Scenario& scenario,
                                                      const Product& product, std::uint64_t seed);

// Where a function or a variable is while its module runs. Throws base::UsageError: the firmware
// has no such module, the module no such symbol, its ELF file is not there, or (function) it is
// data.
[[nodiscard]] image::Symbol symbol_at(const Product& product, const record::CodeSymbol& symbol);
[[nodiscard]] std::uint32_t function_at(const Product& product, const record::CodeSymbol& symbol);

[[nodiscard]] record::PlanId plan_id_of(const scenario::Scenario& scenario, const Product& product,
                                        const std::optional<record::CutPlan>& cut,
                                        std::uint64_t seed);

}  // namespace rig::board
