// The flash of a device as it leaves the factory: what the rig plants on a board before a cycle.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "image/credentials.h"
#include "image/manifest.h"

namespace rig::image {

struct ProvisionOptions {
  const Manifest& manifest;  // must outlive the call
  std::string user_app{"v1"};
  Credentials credentials{};            // what the product's build would have compiled in
  std::optional<std::string> system{};  // absent: the manifest's installed_system
};

struct Provisioned {
  base::Bytes flash;    // 1 MB from 0x08000000, 0xFF where nothing was put
  std::string summary;  // "bootloader=0.7.0 system=0.6.4 user=v1 factory=none apn=iot.example.net"
};

// Bootloader, system and user module at the addresses in their prefixes, the factory copy (if the
// product has one) at its own. Slots do not overlap and every module must start and end within its
// own, so no two modules can. The configuration sectors stay blank: the device formats them. The
// factory image gets the credentials too when it carries a credential block; one that is to set no
// APN carries none. Throws base::UsageError naming the file and the numbers.
[[nodiscard]] Provisioned assemble(const ProvisionOptions& options);

// A module of the manifest with the credentials in it, as the catalogue serves it.
// Throws base::UsageError when the image has no credential block or a text does not fit.
[[nodiscard]] base::Bytes with_credentials(const ModuleFile& module,
                                           const Credentials& credentials);

}  // namespace rig::image
