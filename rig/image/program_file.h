// The bytes of a linked program and where they go: from an ELF file, which knows, or
// from a raw binary, which has to be told.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace rig::image {

struct Segment {
  std::uint32_t address{};  // where it is stored, not where it runs
  base::Bytes bytes;
};

struct ProgramFile {
  bool elf{false};
  std::vector<Segment> segments;  // none is empty
};

// `at`: of a raw binary. Throws base::UsageError "file: what is wrong": it cannot be read, is
// empty, is an ELF file for another processor or one that is not linked, or `at` is missing or too
// much.
[[nodiscard]] ProgramFile read_program(const std::filesystem::path& file,
                                       std::optional<std::uint32_t> at);

}  // namespace rig::image
