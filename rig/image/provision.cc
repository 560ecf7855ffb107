#include "image/provision.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/rig_error.h"

namespace rig::image {

namespace {

void place(base::Bytes& flash, base::ByteView image, std::uint32_t address) {
  const std::size_t at = address - kFlash.start;
  std::copy(image.begin(), image.end(), flash.begin() + static_cast<std::ptrdiff_t>(at));
}

void place_checked(base::Bytes& flash, const ModuleFile& module, const Placement& placement) {
  check_module(module, placement);
  place(flash, module.image, module.info.start_address);
}

Placement placed(ModuleFunction function, const Manifest& manifest) {
  return {.function = function,
          .platform = manifest.platform,
          .slot = *slot_of(function, manifest.platform)};
}

void place_user(base::Bytes& flash, const ModuleFile& module, const ProvisionOptions& options) {
  check_module(module, placed(ModuleFunction::user, options.manifest));
  place(flash, with_credentials(module, options.credentials), module.info.start_address);
}

// Linked for the user slot, kept in its own.
void place_factory(base::Bytes& flash, const ModuleFile& module, const ProvisionOptions& options) {
  check_module(module, placed(ModuleFunction::user, options.manifest));
  if (has_credential_block(module.image)) {
    place(flash, with_credentials(module, options.credentials), kFactorySlot.start);
  } else {
    place(flash, module.image, kFactorySlot.start);
  }
}

std::string summary_of(const ProvisionOptions& options, const std::string& system) {
  const Manifest& manifest = options.manifest;
  return fmt::format("bootloader={} system={} user={} factory={} apn={}",
                     version_text(manifest.bootloader.info.version), system, options.user_app,
                     manifest.factory ? "present" : "none",
                     options.credentials.apn.empty() ? "none" : options.credentials.apn);
}

}  // namespace

Provisioned assemble(const ProvisionOptions& options) {
  const Manifest& manifest = options.manifest;
  const std::string version = options.system.value_or(manifest.installed_system);
  const ModuleFile& system = module_named(manifest.systems, version, "system");
  const ModuleFile& user = module_named(manifest.user_apps, options.user_app, "user application");

  Provisioned made;
  made.flash.assign(kFlash.size, 0xFF);
  place_checked(made.flash, manifest.bootloader, placed(ModuleFunction::bootloader, manifest));
  place_checked(made.flash, system, placed(ModuleFunction::system, manifest));
  place_user(made.flash, user, options);
  if (manifest.factory) place_factory(made.flash, *manifest.factory, options);
  made.summary = summary_of(options, version);
  return made;
}

base::Bytes with_credentials(const ModuleFile& module, const Credentials& credentials) {
  auto patched = set_credentials(module.image, credentials);
  if (!patched) throw base::UsageError(module.path + ": " + patched.error().what);
  return *std::move(patched);
}

}  // namespace rig::image
