// The credential block of a user module: where the application keeps the APN that it hands to the
// system. A product's build compiles it in; the rig patches it into the built image instead, so
// that one build serves every SIM card.
//
// Block, 144 bytes at a multiple of 4, exactly one per image: "APNCREDS" (8), apn[64], user[32],
// password[32], 8 reserved. Texts end with a zero byte. Empty apn: the application sets none.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "image/module.h"

namespace rig::image {

struct Credentials {
  std::string apn{};       // at most 63 characters, printable, no quotation mark or backslash
  std::string user{};      // at most 31
  std::string password{};  // at most 31
  bool operator==(const Credentials&) const = default;
};

// Writes the block and makes SHA-256 and CRC right again. Errors: no block, more than one, a text
// that does not fit, not a module.
[[nodiscard]] Result<base::Bytes> set_credentials(base::Bytes module,
                                                  const Credentials& credentials);

[[nodiscard]] bool has_credential_block(base::ByteView module);

// What the block says; empty when there is not exactly one.
[[nodiscard]] std::optional<Credentials> credentials_of(base::ByteView module);

}  // namespace rig::image
