// What stands behind a module that a device fetches by itself, so that it runs nothing that was
// changed on the way: HMAC-SHA256 (RFC 2104) of the whole module, 32 bytes. The key is that of the
// imp's fleet (firmware-under-test/products/imp/system/upgrade_image.c) and no secret.
#pragma once

#include <array>

#include "base/bytes.h"

namespace rig::image {

inline constexpr std::size_t kTagBytes = 32;

[[nodiscard]] std::array<std::uint8_t, kTagBytes> hmac_sha256(base::ByteView key,
                                                              base::ByteView text);
// The module and its tag: what the upgrade server hands out.
[[nodiscard]] base::Bytes authenticated(base::ByteView module);

}  // namespace rig::image
