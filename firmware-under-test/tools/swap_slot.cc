// Host tool of the firmware build: a linked application in, a whole slot of the product "swap" out:
// image in MCUboot's published format, erased flash, trailer (products/swap/trailer.h). Exit 0, or
// 2 with one line that says what is wrong.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/random.h"
#include "base/rig_error.h"

namespace {

using rig::base::Bytes;
using rig::base::UsageError;

constexpr std::size_t kSlot = 0x40000;
constexpr std::size_t kHeader = 0x200;
constexpr std::size_t kTlvs = 4 + 4 + 32;
constexpr std::uint32_t kImageMagic = 0x96F3B83D;
constexpr std::uint16_t kTlvMagic = 0x6907;
constexpr std::uint16_t kSha256 = 0x10;
constexpr std::array<std::uint32_t, 4> kMagic{0xF395C277, 0x7FEFD260, 0x0F505235, 0x8079B62C};

struct Arguments {
  std::string in;
  std::string out;
  std::uint8_t version{1};
  std::size_t size{65536};
  std::string trailer{"none"};
};

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UsageError(path + ": cannot be read");
  return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

void write_file(const std::string& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw UsageError(path + ": cannot be written");
}

void append_le16(Bytes& to, std::uint16_t value) {
  to.resize(to.size() + 2);
  rig::base::write_le16(to, to.size() - 2, value);
}

// Header, the application, fixed pseudo-random bytes that differ per version, TLVs.
Bytes image_of(const Bytes& application, const Arguments& given) {
  if (given.size < kHeader + application.size() + kTlvs || given.size % 4 != 0) {
    throw UsageError(fmt::format("--size {}: {} bytes of application need {}, a multiple of 4",
                                 given.size, application.size(),
                                 (kHeader + application.size() + kTlvs + 3) / 4 * 4));
  }
  Bytes image(kHeader, 0);
  rig::base::write_le32(image, 0, kImageMagic);
  rig::base::write_le16(image, 8, kHeader);
  rig::base::write_le32(image, 12, static_cast<std::uint32_t>(given.size - kHeader - kTlvs));
  image[20] = given.version;
  rig::base::append(image, rig::base::ByteView(application));
  rig::base::Random random(given.version);
  while (image.size() < given.size - kTlvs) {
    image.push_back(static_cast<std::uint8_t>(random.next()));
  }
  const auto digest = rig::base::sha256(image);
  append_le16(image, kTlvMagic);
  append_le16(image, kTlvs);
  append_le16(image, kSha256);
  append_le16(image, static_cast<std::uint16_t>(digest.size()));
  rig::base::append(image, rig::base::ByteView(digest));
  return image;
}

void write_word(Bytes& slot, std::size_t from_end, std::uint32_t value) {
  rig::base::write_le32(slot, kSlot - from_end, value);
}

void write_flag(Bytes& slot, std::size_t from_end, std::uint8_t value) {
  write_word(slot, from_end, 0xFFFFFF00 | value);
}

// What a finished swap leaves in slot 0.
void write_finished(Bytes& slot, std::size_t size) {
  constexpr std::size_t kStatus = 48 + 128 * 3 * 4;
  for (std::uint8_t step = 0; step < 3; ++step) {
    write_flag(slot, kStatus - 4 * std::size_t{step}, static_cast<std::uint8_t>(step + 1));
  }
  write_word(slot, 48, static_cast<std::uint32_t>(size));
  write_flag(slot, 40, 2);
  write_flag(slot, 32, 1);
}

void write_trailer(Bytes& slot, const Arguments& given) {
  const std::string& kind = given.trailer;
  if (kind == "none") return;
  for (std::size_t i = 0; i < kMagic.size(); ++i) write_word(slot, 16 - 4 * i, kMagic[i]);
  if (kind == "permanent" || kind == "confirmed") write_flag(slot, 24, 1);
  if (kind == "confirmed" || kind == "on-trial") write_finished(slot, given.size);
}

void declare(CLI::App& app, Arguments& given) {
  app.add_option("--in", given.in, "raw binary, as objcopy wrote it")->required();
  app.add_option("--out", given.out, "slot to write")->required();
  app.add_option("--version", given.version, "major version of the image")->required();
  app.add_option("--size", given.size, "bytes of header, application, filling and TLVs")
      ->capture_default_str();
  app.add_option("--trailer", given.trailer,
                 "none; test, permanent: slot 1 asks for it; confirmed, on-trial: slot 0 runs it")
      ->check(CLI::IsMember({"none", "test", "permanent", "confirmed", "on-trial"}));
}

void make(const Arguments& given) {
  const Bytes image = image_of(read_file(given.in), given);
  constexpr std::size_t kRoom = kSlot / 2;
  if (image.size() > kRoom) {
    throw UsageError(fmt::format("--size {}: an image has {} bytes at most", given.size, kRoom));
  }
  Bytes slot(kSlot, 0xFF);
  std::copy(image.begin(), image.end(), slot.begin());
  write_trailer(slot, given);
  write_file(given.out, slot);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Makes a slot of the product \"swap\": image, erased flash, trailer.");
  Arguments given;
  declare(app, given);
  try {
    app.parse(argc, argv);
    make(given);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "swap_slot: " << error.what() << '\n';
    return 2;
  }
}
