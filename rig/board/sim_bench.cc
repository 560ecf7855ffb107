#include "board/sim_bench.h"

#include <fmt/format.h>

#include "base/random.h"
#include "base/rig_error.h"
#include "scenario/plan.h"

namespace rig::board {
namespace {

constexpr const char* kServerName = "device.otarig.test";

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
    entries.push_back({.function = ota::ModuleFunction::user,
                       .version = module.info.version,
                       .image = image::with_credentials(module, credentials)});
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

scenario::Scenario for_sim(scenario::Scenario scenario) {
  if (scenario.board.kind == "sim") return scenario;
  throw base::UsageError(
      fmt::format("{} is for a real board: run it with otarig run --bench FILE --board NAME",
                  scenario.file.string()));
}

std::optional<simulator::Supervisor> supervisor_of(const scenario::Scenario& scenario) {
  if (!scenario.watchdog) return std::nullopt;
  return simulator::Supervisor{.period = scenario.watchdog->period,
                               .domains = scenario.watchdog->domains,
                               .off_time = scenario.watchdog->off_for};
}

}  // namespace

SimBench::SimBench(scenario::Scenario scenario, const scenario::Library& library)
    : scenario_(for_sim(std::move(scenario))),
      profile_(scenario::load_device_profile(library, scenario_.device)),
      manifest_(image::load_manifest(library.firmware, scenario_.board.firmware)),
      catalogue_(catalogue_of(manifest_, credentials_for(scenario_))),
      flash_(provisioned_flash(scenario_, manifest_)) {}

simulator::World SimBench::world(std::uint64_t seed) const {
  const ota::ServerSettings server{.mode = scenario_.update.mode,
                                   .chunk_interval = scenario_.update.chunk_interval,
                                   .offers = scenario_.update.offers};
  modem::NetworkSettings network;
  network.hosts[kServerName] = server.address.address;
  return {simulator::BoardSettings{.hold_up = scenario_.board.hold_up,
                                   .vbat = scenario_.board.vbat,
                                   .seed = base::derived_seed(seed, "board"),
                                   .supervisor = supervisor_of(scenario_)},
          flash_,
          {.modem = modem::Modem(scenario_.board.modem, scenario_.sim_card, network,
                                 base::derived_seed(seed, "modem")),
           .link = link::ShapedLink(scenario_.link, base::derived_seed(seed, "link")),
           .server = ota::UpdateServer(catalogue_, server)}};
}

SimCycle SimBench::cycle(const std::optional<record::CutPlan>& cut, std::uint64_t seed) const {
  return {world(seed), scenario::Runner(scenario::plan_of(scenario_, cut, seed), profile_)};
}

record::PlanId SimBench::plan_id(const std::optional<record::CutPlan>& cut,
                                 std::uint64_t seed) const {
  return {.scenario = scenario_.id, .firmware = manifest_.hash, .cut = cut, .seed = seed};
}

}  // namespace rig::board
