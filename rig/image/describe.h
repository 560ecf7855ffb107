// What `otarig image show FILE` says about a module binary, for people and for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/bytes.h"
#include "image/module.h"

namespace rig::image {

struct ImageDescription {
  std::string text;  // lines "key   value", each ended by a line feed
  nlohmann::json
      json;      // addresses and checksums as "0x..." texts, the rest as numbers and booleans
  bool sound{};  // CRC right, and SHA-256 right where there is one
};

// Errors as parse_module(): a wrong CRC is described, not refused.
[[nodiscard]] Result<ImageDescription> describe_image(base::ByteView file);

}  // namespace rig::image
