// Probe, the seam to a board's debug port: flashes it, reads it, resets it, and says where a
// debugger stub for triggers is (probe/debug_stub.h). Belongs to the thread of its loop.
//
// Everything is asked through callbacks, in the order of the calls, and every wait has a limit.
// There is one way to fail: `failed` is called once, with what was attempted and why it did not
// work; nothing else is called from then on, and calls throw that same error. What a probe cannot
// do to a board is the rig's failure, a verification that finds other bytes included: nobody can
// tell from here whether the board or the cable is bad.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/rig_error.h"
#include "probe/remote_protocol.h"
#include "probe/stub_link.h"

namespace rig::probe {

// What is at the other end of the cable.
struct Identity {
  std::string target{};                   // the probe's name of it: "stm32f2x.cpu"
  std::optional<std::uint32_t> idcode{};  // JTAG IDCODE of the first TAP, or the DPIDR of SWD
  std::optional<std::uint32_t> cpuid{};   // Cortex-M: the register at 0xE000ED00
  bool operator==(const Identity&) const = default;
};
// "stm32f2x.cpu, idcode 0x2ba01477, cpuid 0x412fc230".
[[nodiscard]] std::string to_text(const Identity& identity);

// What the bench says has to be there: what is empty is not looked at.
[[nodiscard]] bool is_as_expected(const Identity& found, const Identity& expected);

// A file whose bytes belong at an address of the target, as they are.
struct FlashImage {
  std::filesystem::path file{};
  Address address{};
};

class Probe {
 public:
  using Done = std::function<void()>;  // may be empty; may destroy the probe
  struct Handlers {
    std::function<void(const base::RigError&)> failed{};  // may destroy the probe
    // A line that the probe's program printed, in the order of events. Must not destroy the probe.
    std::function<void(const std::string&)> log{};
  };
  enum class After : std::uint8_t { run, halt };

  Probe() = default;
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  virtual ~Probe() = default;

  // A probe begins released: nothing runs and nothing drives the board's pins. take() holds the
  // board until release(), which belongs before every cut. Taking identifies the board: another one
  // than the bench expects is a failure that names both.
  virtual void take(std::function<void(const Identity&)> done) = 0;
  virtual void release(Done done) = 0;
  [[nodiscard]] virtual bool taken() const = 0;

  // All of these need a taken board, else they throw base::RigError.
  virtual void halt(Done done) = 0;
  // A target that runs stays as it is. OpenOCD leaves one halted that a debugger detached from.
  virtual void resume(Done done) = 0;
  virtual void reset(After after, Done done) = 0;
  virtual void read(Address from, std::size_t length, std::function<void(base::Bytes)> done) = 0;
  // The sectors that hold these bytes, whole.
  virtual void erase(Address from, std::size_t length, Done done) = 0;
  // Erases the sectors that the image touches, writes it; the target stays halted.
  virtual void write(const FlashImage& image, Done done) = 0;
  virtual void verify(const FlashImage& image, Done done) = 0;
  // Where a DebugStub attaches. Throws base::RigError when there is none.
  [[nodiscard]] virtual StubPlace stub() const = 0;
};

// Puts a recorded image into the flash of a board that is halted right out of reset, so that no
// firmware runs before the next reset or power-on: reset, write, verify.
void plant(Probe& probe, const FlashImage& image, Probe::Done done);

}  // namespace rig::probe
