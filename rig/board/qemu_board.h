// An emulated board in real time: a QEMU emcraft-sf2 with a folder of its own for its flash file
// and its sockets, the rig behind its modem UART. Makes the parts that board/real_cycle.h drives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "board/product.h"
#include "board/qemu_machine.h"
#include "board/real_cycle.h"
#include "board/work_folder.h"

namespace rig::board {

// The folder below the firmware of the simulated board that has the same products for this machine.
inline constexpr std::string_view kQemuFirmware = "emcraft-sf2";

class QemuBoard {
 public:
  struct Options {
    std::filesystem::path boot_rom;  // ELF, the machine's first code
    std::uint64_t seed{};            // of modem and link
  };
  // `product`: built for this machine. The references must outlive it. Throws base::RigError when
  // there is no place for its files.
  QemuBoard(const scenario::BenchBoard& board, const scenario::Scenario& scenario,
            const Product& product, const Options& options);
  QemuBoard(const QemuBoard&) = delete;
  QemuBoard& operator=(const QemuBoard&) = delete;

  // Switch, console, modem, and planting of the provisioned flash. They refer to this object.
  void equip(RealParts& parts, const std::string& console_log) const;
  [[nodiscard]] const QemuSpec& spec() const { return spec_; }

 private:
  void plant() const;

  std::string name_;
  const Product& product_;
  simulator::Surroundings around_;
  WorkFolder folder_;
  QemuSpec spec_;
};

}  // namespace rig::board
