#include "board/qemu_board.h"

#include <cstdlib>
#include <fstream>

#include "base/rig_error.h"
#include "console/stream_console.h"
#include "image/nor_image.h"

namespace rig::board {
namespace {

namespace fs = std::filesystem;

// Short: the path of a socket has at most 107 bytes.
fs::path own_folder() {
  std::string path = fs::temp_directory_path() / "otarig-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    throw base::RigError({errno, std::generic_category()}, "make a folder for an emulated board",
                         "as " + path + "; set TMPDIR to a folder that can be written to");
  }
  return path;
}

}  // namespace

QemuBoard::QemuBoard(const scenario::BenchBoard& board, const scenario::Scenario& scenario,
                     const Product& product, const Options& options)
    : name_(board.name),
      product_(product),
      around_(surroundings_of(scenario, product, options.seed)),
      folder_(own_folder()),
      spec_{.boot_rom = options.boot_rom,
            .flash_file = folder_ / "nor.bin",
            .console_socket = folder_ / "console",
            .modem_socket = folder_ / "modem",
            .debug_socket = folder_ / "debug",
            .more = board.arguments} {}

QemuBoard::~QemuBoard() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void QemuBoard::equip(RealParts& parts, const std::string& console_log) const {
  parts.switches["qemu"] = [this](power::Moment) {
    return std::make_unique<QemuMachine>("QEMU of board " + name_, spec_);
  };
  parts.open_console = [this, console_log](io::Loop& loop) {
    return std::make_unique<console::StreamConsole>(
        loop, console::ConsoleSettings{.name = name_, .log_file = console_log, .lines = {}},
        spec_.console_socket);
  };
  parts.modem = ModemSide{.around = around_, .uart = SocketPlace{spec_.modem_socket}};
  parts.debug = DebugSide{.place = {.host = spec_.debug_socket}, .product = &product_};
  parts.plant = [this] { plant(); };
  parts.emulator = true;
}

void QemuBoard::plant() const {
  const base::Bytes nor = image::nor_image(product_.flash);
  std::ofstream file(spec_.flash_file, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(nor.data()), static_cast<std::streamsize>(nor.size()));
  file.flush();
  if (file) return;
  throw base::RigError({errno, std::generic_category()}, "write the flash of board " + name_,
                       "to " + spec_.flash_file + "; is the disk full?");
}

}  // namespace rig::board
