// Products as the second field report has them: two SIM cards, a first release that is installed
// and a second one that the server has.
#pragma once

#include "unit/firmware_system/firmware.h"
#include "unit/firmware_system/host_product.h"

namespace firmware_system {

inline const rig::modem::SimCard kThirdParty{.name = "third-party",
                                             .imsi = "204513000000017",
                                             .iccid = "8931513000000000017",
                                             .apn = "iot.example.net",
                                             .user = {},
                                             .password = {}};
inline const rig::modem::SimCard kBuiltIn{.name = "built-in",
                                          .imsi = "214074300000023",
                                          .iccid = "8934076500000000023",
                                          .apn = "spark.telefonica.com",
                                          .user = {},
                                          .password = {}};

inline void set_own_apn() { electron_api.set_credentials("iot.example.net", "", ""); }
inline void set_nothing() {}
inline void just_feed() { electron_api.external_watchdog_kick(); }

inline const Application kSetsApn{set_own_apn, just_feed};
inline const Application kSetsNothing{set_nothing, just_feed};

inline Product setup_with(const rig::modem::SimCard& sim, const Application& application) {
  return {.sim = sim,
          .catalogue = {{rig::ota::ModuleFunction::bootloader, 700, bootloader_module(700)},
                        {rig::ota::ModuleFunction::system, 700, system_module(700)},
                        {rig::ota::ModuleFunction::user, 2, user_module(2, 700, application)}},
          .server = {}};
}

inline void install_first_release(HostProduct& product, const Application& application) {
  product.install(bootloader_module(604), 0x08000000);
  product.install(system_module(604), 0x08020000);
  product.install(user_module(1, 604, application), 0x08080000);
}

inline std::string all(const HostProduct& product) {
  std::string text;
  for (const auto& line : product.console) text += line + "\n";
  for (const auto& line : product.server_notes) text += "server: " + line + "\n";
  for (const auto& line : product.commands) text += "> " + line + "\n";
  return text;
}

}  // namespace firmware_system
