#include "image/describe.h"

#include <fmt/core.h>

#include "base/checksum.h"
#include "image/credentials.h"

namespace rig::image {

namespace {

std::string hex32(std::uint32_t value) { return fmt::format("0x{:08x}", value); }

std::string hex(base::ByteView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{:<13} {}\n", key, value);
}

std::string version_with_name(ModuleFunction function, std::uint16_t version) {
  if (function == ModuleFunction::user) return fmt::format("{}", version);
  return fmt::format("{} ({})", version, version_text(version));
}

std::string dependency_line(const Dependency& needed) {
  return line("needs",
              fmt::format("{} {} version {} or later", name_of(needed.function), needed.index,
                          version_with_name(needed.function, needed.version)));
}

std::string checks_text(const ModuleInfo& info) {
  std::string text =
      line("crc", info.crc_ok ? hex32(info.stored_crc) + " ok"
                              : fmt::format("{} WRONG, the bytes give {}", hex32(info.stored_crc),
                                            hex32(info.computed_crc)));
  if (info.sha256) {
    text += line("sha256", hex(*info.sha256) + (info.sha256_ok ? " ok" : " WRONG"));
  } else {
    text += line("sha256", "none: the suffix is of no known size");
  }
  return text;
}

std::string text_of(const ModuleInfo& info, base::ByteView file) {
  std::string text = line("function", fmt::format("{} {}", name_of(info.function), info.index));
  text += line("version", version_with_name(info.function, info.version));
  text += line("platform", fmt::format("{}", info.platform));
  text +=
      line("address", fmt::format("{} to {}", hex32(info.start_address), hex32(info.end_address)));
  text += line("size", fmt::format("{} bytes, prefix at 0x{:x}", info.size, info.prefix_offset));
  if (file.size() > info.size) {
    text += line("padding", fmt::format("{} bytes behind the CRC", file.size() - info.size));
  }
  for (const Dependency& needed : info.dependencies) text += dependency_line(needed);
  text += checks_text(info);
  if (info.product) {
    text += line("product", fmt::format("{} version {}", info.product->id, info.product->version));
  }
  if (const auto credentials = credentials_of(file)) {
    text += line("apn", credentials->apn.empty() ? "none" : credentials->apn);
  }
  return text;
}

nlohmann::json dependencies_json(const ModuleInfo& info) {
  auto all = nlohmann::json::array();
  for (const Dependency& needed : info.dependencies) {
    all.push_back({{"function", name_of(needed.function)},
                   {"index", needed.index},
                   {"version", needed.version}});
  }
  return all;
}

nlohmann::json json_of(const ModuleInfo& info, base::ByteView file) {
  nlohmann::json json{{"function", name_of(info.function)},
                      {"index", info.index},
                      {"version", info.version},
                      {"platform", info.platform},
                      {"start", hex32(info.start_address)},
                      {"end", hex32(info.end_address)},
                      {"size", info.size},
                      {"file_size", file.size()},
                      {"prefix_offset", info.prefix_offset},
                      {"flags", info.flags},
                      {"dependencies", dependencies_json(info)}};
  json["crc"] = {{"stored", hex32(info.stored_crc)},
                 {"computed", hex32(info.computed_crc)},
                 {"ok", info.crc_ok}};
  if (info.sha256) json["sha256"] = {{"stored", hex(*info.sha256)}, {"ok", info.sha256_ok}};
  if (info.product) {
    json["product"] = {{"id", info.product->id}, {"version", info.product->version}};
  }
  if (const auto credentials = credentials_of(file)) json["apn"] = credentials->apn;
  return json;
}

}  // namespace

Result<ImageDescription> describe_image(base::ByteView file) {
  const Result<ModuleInfo> info = parse_module(file);
  if (!info) return info.error();
  return ImageDescription{.text = text_of(*info, file),
                          .json = json_of(*info, file),
                          .sound = info->crc_ok && (!info->sha256 || info->sha256_ok)};
}

}  // namespace rig::image
