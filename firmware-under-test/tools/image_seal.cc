// Host tool of the firmware build: raw linker output in, module binary out. Exit 0, or 2 with one
// line that says what is wrong.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/rig_error.h"
#include "image/seal.h"

namespace {

using rig::base::Bytes;
using rig::base::UsageError;
using rig::image::SealOptions;

struct Arguments {
  std::string in;
  std::string out;
  std::string function;
  std::vector<std::string> depends;
  std::optional<std::uint16_t> product_id;
  std::optional<std::uint16_t> product_version;
  SealOptions seal;
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

rig::image::ModuleFunction function_from(const std::string& name) {
  if (const auto function = rig::image::function_named(name)) return *function;
  throw UsageError("'" + name + "' is no module function: bootloader, system or user");
}

template <typename Number>
std::optional<Number> number_from(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

// "system:1:700"
rig::image::Dependency dependency_from(const std::string& text) {
  std::istringstream parts(text);
  std::string function, index, version;
  std::getline(parts, function, ':');
  std::getline(parts, index, ':');
  std::getline(parts, version);
  const auto index_number = number_from<std::uint8_t>(index);
  const auto version_number = number_from<std::uint16_t>(version);
  if (!index_number || !version_number) {
    throw UsageError("--depends " + text + ": wanted FUNCTION:INDEX:VERSION, as system:1:700");
  }
  return {.function = function_from(function), .index = *index_number, .version = *version_number};
}

void declare(CLI::App& app, Arguments& given) {
  app.add_option("--in", given.in, "raw binary, as objcopy wrote it")->required();
  app.add_option("--out", given.out, "module binary to write")->required();
  app.add_option("--function", given.function, "bootloader, system or user")->required();
  app.add_option("--version", given.seal.version, "module version, 604 for 0.6.4")->required();
  app.add_option("--index", given.seal.index, "module index")->capture_default_str();
  app.add_option("--platform", given.seal.platform, "platform id")->capture_default_str();
  app.add_option("--start", given.seal.start_address, "address of the first byte")->required();
  app.add_option("--prefix-offset", given.seal.prefix_offset, "where the 24 bytes are reserved");
  app.add_option("--depends", given.depends, "FUNCTION:INDEX:VERSION, at most twice");
  app.add_option("--pad-to", given.seal.pad_to, "bytes before the CRC word");
  app.add_option("--product-id", given.product_id, "with --product-version");
  app.add_option("--product-version", given.product_version, "with --product-id");
}

void complete(Arguments& given) {
  given.seal.function = function_from(given.function);
  for (const std::string& text : given.depends) {
    given.seal.dependencies.push_back(dependency_from(text));
  }
  if (given.product_id.has_value() != given.product_version.has_value()) {
    throw UsageError("--product-id and --product-version belong together");
  }
  if (given.product_id) {
    given.seal.product = rig::image::Product{*given.product_id, *given.product_version};
  }
}

void seal(Arguments given) {
  complete(given);
  const auto sealed = rig::image::seal_module(read_file(given.in), given.seal);
  if (!sealed) throw UsageError(given.in + ": " + sealed.error().what);
  write_file(given.out, *sealed);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Fills prefix, padding, suffix and CRC of a module binary.");
  Arguments given;
  declare(app, given);
  try {
    app.parse(argc, argv);
    seal(given);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "image_seal: " << error.what() << '\n';
    return 2;
  }
}
