#include "board/product.h"

#include <fmt/format.h>

#include <utility>

#include "base/random.h"
#include "base/rig_error.h"
#include "board/mcu_file.h"
#include "board/planted.h"
#include "image/authentication.h"
#include "image/provision.h"

namespace rig::board {
namespace {

constexpr const char* kServerName = "device.otarig.test";
constexpr const char* kImageServerName = "upgrades.example.net";
constexpr base::Endpoint kResolver{0x0A000001, base::kDnsPort};  // of the mobile network

image::Credentials credentials_for(const scenario::Scenario& scenario) {
  image::Credentials credentials{.apn = scenario.provision.apn, .user = {}, .password = {}};
  if (!credentials.apn.empty()) {
    credentials.user = scenario.sim_card.user;
    credentials.password = scenario.sim_card.password;
  }
  return credentials;
}

void append_modules(std::vector<ota::CatalogueEntry>& to, ota::ModuleFunction function,
                    const image::ModuleFiles& modules) {
  for (const auto& [name, module] : modules) {
    to.push_back({.function = function, .version = module.info.version, .image = module.image});
  }
}

std::vector<ota::CatalogueEntry> catalogue_of(const image::Manifest& manifest,
                                              const image::Credentials& credentials) {
  std::vector<ota::CatalogueEntry> entries;
  append_modules(entries, ota::ModuleFunction::bootloader, manifest.bootloaders);
  append_modules(entries, ota::ModuleFunction::system, manifest.systems);
  for (const auto& [name, module] : manifest.user_apps) {
    base::Bytes served = image::with_credentials(module, credentials);
    if (manifest.platform == image::kImpPlatform) served = image::authenticated(served);
    entries.push_back({.function = ota::ModuleFunction::user,
                       .version = module.info.version,
                       .image = std::move(served)});
  }
  return entries;
}

base::Bytes provisioned_flash(const scenario::Scenario& scenario, const image::Manifest& manifest) {
  return image::assemble({.manifest = manifest,
                          .user_app = fmt::format("v{}", scenario.provision.user_app),
                          .credentials = credentials_for(scenario),
                          .system = std::nullopt})
      .flash;
}

}  // namespace

namespace {

Product planted_product(const scenario::Scenario& scenario, const scenario::Library& library) {
  std::unique_ptr<const simulator::McuDescription> own;
  if (!scenario.board.mcu.empty()) {
    own = std::make_unique<simulator::McuDescription>(read_mcu(scenario.board.mcu));
  }
  const simulator::MemoryRange& range = (own ? *own : simulator::stm32f205()).flash.range;
  Planted planted = plant(scenario.board.flash, range);
  return {.profile = scenario::load_device_profile(library, scenario.device),
          .manifest = std::move(planted.manifest),
          .catalogue = {},
          .flash = std::move(planted.flash),
          .own_mcu = std::move(own),
          .code = std::move(planted.code)};
}

}  // namespace

Product load_product(const scenario::Scenario& scenario, const scenario::Library& library,
                     std::string_view built_for) {
  if (!scenario.board.flash.empty()) return planted_product(scenario, library);
  Product product{.profile = scenario::load_device_profile(library, scenario.device),
                  .manifest = image::load_manifest(library.firmware, scenario.board.firmware),
                  .catalogue = {},
                  .flash = {}};
  const std::string& board = product.manifest.board;
  if (!board.empty() && !built_for.empty() && board != built_for) {
    throw base::UsageError(
        fmt::format("firmware '{}' in {} is built for board {}, this one is {}; "
                    "name the firmware folder of its build",
                    product.manifest.name, library.firmware.string(), board, built_for));
  }
  product.catalogue = catalogue_of(product.manifest, credentials_for(scenario));
  product.flash = provisioned_flash(scenario, product.manifest);
  return product;
}

simulator::Surroundings surroundings_of(const scenario::Scenario& scenario, const Product& product,
                                        std::uint64_t seed) {
  const ota::ServerSettings server{.mode = scenario.update.mode,
                                   .chunk_interval = scenario.update.chunk_interval,
                                   .offers = scenario.update.offers};
  modem::NetworkSettings network = scenario.network;
  network.hosts[kServerName] = server.address.address;
  network.transport = scenario.board.transport;
  std::optional<ota::HttpServer> http;
  if (scenario.update.http) {
    network.hosts[kImageServerName] = server.address.address;
    http.emplace(product.catalogue, *scenario.update.http);
  }
  if (link::concerns_names(scenario.link)) network.resolver = kResolver;
  simulator::Surroundings around(modem::Modem(scenario.board.modem, scenario.sim_card, network,
                                              base::derived_seed(seed, "modem")),
                                 link::ShapedLink(scenario.link, base::derived_seed(seed, "link")),
                                 ota::UpdateServer(product.catalogue, server), std::move(http));
  if (network.resolver) around.add(ota::NameServer(kResolver, network.hosts));
  if (scenario.relay) {
    ota::RelaySettings relay{.port = scenario.update.http->port};
    relay.beyond.mss = scenario.relay->mss;
    around.add_relay(ota::TcpRelay(relay),
                     link::ShapedLink(scenario.relay->link, base::derived_seed(seed, "beyond")));
  }
  if (const auto& portal = scenario.update.portal) {
    around.add_portal(portal->address, ota::HttpServer(product.catalogue, portal->http));
  }
  return around;
}

image::Symbol symbol_at(const Product& product, const record::CodeSymbol& symbol) {
  const auto file = product.manifest.symbols.find(symbol.module);
  if (file == product.manifest.symbols.end()) {
    throw base::UsageError(fmt::format("firmware '{}' names no ELF file of its module '{}'",
                                       product.manifest.name, symbol.module));
  }
  return image::ElfSymbols(file->second).at(symbol.name);
}

std::uint32_t function_at(const Product& product, const record::CodeSymbol& symbol) {
  const image::Symbol found = symbol_at(product, symbol);
  if (found.function) return found.address;
  throw base::UsageError(record::to_text(symbol) + " is no function but data; cut at watch=" +
                         record::to_text(symbol) + ".write.1, or at a function");
}

record::PlanId plan_id_of(const scenario::Scenario& scenario, const Product& product,
                          const std::optional<record::CutPlan>& cut, std::uint64_t seed) {
  return {.scenario = scenario.id, .firmware = product.manifest.hash, .cut = cut, .seed = seed};
}

}  // namespace rig::board
