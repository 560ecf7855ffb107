#include "image/credentials.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "image/seal.h"

namespace rig::image {

namespace {

constexpr std::string_view kMagic = "APNCREDS";
constexpr std::size_t kBlockBytes = 144;

struct Field {
  std::string_view name;
  std::size_t offset;
  std::size_t bytes;  // its terminating zero included
};
constexpr Field kApn{"apn", 8, 64};
constexpr Field kUser{"user", 72, 32};
constexpr Field kPassword{"password", 104, 32};

std::vector<std::size_t> blocks_in(base::ByteView module) {
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at + kBlockBytes <= module.size(); at += 4) {
    if (base::as_text(module.subspan(at, kMagic.size())) == kMagic) found.push_back(at);
  }
  return found;
}

std::optional<ModuleError> text_refused(const Field& field, std::string_view text) {
  if (text.size() >= field.bytes) {
    return ModuleError{ModuleFault::credentials,
                       fmt::format("the {} has {} characters, the image has room for {}",
                                   field.name, text.size(), field.bytes - 1)};
  }
  // The text travels inside quotation marks in an AT command.
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '\\';
  });
  if (printable) return std::nullopt;
  return ModuleError{ModuleFault::credentials,
                     fmt::format("the {} has a blank, quotation mark, backslash or a character "
                                 "beyond ASCII in it",
                                 field.name)};
}

void write_text(base::Bytes& module, std::size_t block, const Field& field, std::string_view text) {
  const auto begin = module.begin() + static_cast<std::ptrdiff_t>(block + field.offset);
  std::fill_n(begin, field.bytes, std::uint8_t{0});
  std::copy(text.begin(), text.end(), begin);
}

std::string read_text(base::ByteView block, const Field& field) {
  const std::string_view text = base::as_text(block.subspan(field.offset, field.bytes));
  return std::string(text.substr(0, text.find('\0')));
}

}  // namespace

Result<base::Bytes> set_credentials(base::Bytes module, const Credentials& credentials) {
  if (auto refused = text_refused(kApn, credentials.apn)) return *std::move(refused);
  if (auto refused = text_refused(kUser, credentials.user)) return *std::move(refused);
  if (auto refused = text_refused(kPassword, credentials.password)) return *std::move(refused);
  const auto blocks = blocks_in(module);
  if (blocks.size() != 1) {
    return ModuleError{ModuleFault::credentials,
                       fmt::format("{} credential blocks (\"APNCREDS\") in the image, wanted one: "
                                   "no APN can be provisioned into it",
                                   blocks.size())};
  }
  write_text(module, blocks.front(), kApn, credentials.apn);
  write_text(module, blocks.front(), kUser, credentials.user);
  write_text(module, blocks.front(), kPassword, credentials.password);
  return reseal(std::move(module));
}

bool has_credential_block(base::ByteView module) { return !blocks_in(module).empty(); }

std::optional<Credentials> credentials_of(base::ByteView module) {
  const auto blocks = blocks_in(module);
  if (blocks.size() != 1) return std::nullopt;
  const base::ByteView block = module.subspan(blocks.front(), kBlockBytes);
  return Credentials{.apn = read_text(block, kApn),
                     .user = read_text(block, kUser),
                     .password = read_text(block, kPassword)};
}

}  // namespace rig::image
