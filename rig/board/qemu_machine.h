// A board that is a QEMU process: its one channel closed is the process running, open is SIGKILL. A
// power switch like any other, so that power domains, proof, journal and faults are those of real
// relays; but what it says about its level is the process itself and not a latch.
//
// The file behind the machine's flash survives, as a NOR does, and nothing else. QEMU writes it
// behind the guest's back: for a moment the guest believes programmed what a kill would still lose.
// So the machine is stopped first, which makes QEMU finish its writes, and killed then.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/child.h"
#include "io/loop.h"
#include "power/power_switch.h"

namespace rig::board {

struct QemuSpec {
  std::string program{"qemu-system-arm"};
  std::string boot_rom;           // ELF, -kernel
  std::string flash_file;         // image::nor_image()
  std::string console_socket;     // somebody listens there already
  std::string modem_socket;       // the same
  std::string debug_socket;       // QEMU listens there: its debugger stub
  std::vector<std::string> more;  // arguments of the bench, last
};

[[nodiscard]] std::vector<std::string> qemu_arguments(const QemuSpec& spec);

class QemuMachine final : public power::PowerSwitch {
 public:
  QemuMachine(std::string name, QemuSpec spec);

  [[nodiscard]] const power::SwitchTraits& traits() const override { return traits_; }
  // On: until QEMU has built the machine. Throws power::SwitchError with the last that QEMU said.
  [[nodiscard]] power::Switched set(power::Channel channel, power::Level level,
                                    power::Moment deadline) override;
  [[nodiscard]] std::optional<power::Levels> read_back(power::Moment deadline) override;

 private:
  void start(power::Moment deadline);
  void kill(power::Moment deadline);
  [[nodiscard]] bool stopped(power::Moment deadline) const;
  [[nodiscard]] bool built() const;

  power::SwitchTraits traits_;
  QemuSpec spec_;
  io::Loop loop_;  // its own: whoever switches is a worker thread
  std::optional<io::Child> child_;
  std::string last_words_;
};

}  // namespace rig::board
