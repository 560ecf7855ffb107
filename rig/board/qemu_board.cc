#include "board/qemu_board.h"

#include "console/stream_console.h"
#include "image/nor_image.h"

namespace rig::board {
namespace {

constexpr const char* kFlashFile = "nor.bin";

}  // namespace
QemuBoard::QemuBoard(const scenario::BenchBoard& board, const scenario::Scenario& scenario,
                     const Product& product, const Options& options)
    : name_(board.name),
      product_(product),
      around_(surroundings_of(scenario, product, options.seed)),
      spec_{.boot_rom = options.boot_rom,
            .flash_file = folder_.path() / kFlashFile,
            .console_socket = folder_.path() / "console",
            .modem_socket = folder_.path() / "modem",
            .debug_socket = folder_.path() / "debug",
            .more = board.arguments} {}

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
  parts.debug = DebugSide{.place = probe::StubPlace{.host = spec_.debug_socket},
                          .open_probe = {},
                          .product = &product_,
                          .image = {}};
  parts.plant = [this] { plant(); };
  parts.emulator = true;
}

void QemuBoard::plant() const { folder_.write(kFlashFile, image::nor_image(product_.flash)); }

}  // namespace rig::board
