// USB devices made of plain code, at the level of single control requests.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "power/hid_relay_report.h"
#include "power/switch_error.h"
#include "power/usb_control.h"

namespace rig::power {

// A DCT relay board with faults. The drivers hold a handle to it by value, as they hold a device.
struct FakeHidBoard {
  std::string serial{"ABCDE"};
  unsigned bitmap{0};
  std::vector<UsbRequest> requests;
  std::deque<std::optional<Fault>> send_faults;  // one per send; empty entries succeed
  std::optional<Fault> ask_fault;
  bool stuck{false};
  unsigned swap{0};  // channel 1 moves the contact of this one
  std::optional<base::Bytes> says_instead;

  void obey(base::ByteView report) {
    unsigned channel = report[1];
    if (channel == 1 && swap != 0) channel = swap;
    const unsigned bit = 1U << (channel - 1);
    if (stuck) return;
    bitmap = report[0] == 0xFF ? bitmap | bit : bitmap & ~bit;
  }

  [[nodiscard]] base::Bytes state() const {
    if (says_instead) return *says_instead;
    base::Bytes report(kHidReportBytes, 0);
    std::copy(serial.begin(), serial.end(), report.begin());
    report[7] = static_cast<std::uint8_t>(bitmap);
    return report;
  }
};

class FakeHidHandle {
 public:
  explicit FakeHidHandle(FakeHidBoard& board) : board_(&board) {}

  void send(const UsbRequest& request, base::ByteView data, Moment /*deadline*/) {
    board_->requests.push_back(request);
    if (!board_->send_faults.empty()) {
      const auto fault = board_->send_faults.front();
      board_->send_faults.pop_front();
      if (fault) throw SwitchError(*fault, "fake send");
    }
    board_->obey(data);
  }
  base::Bytes ask(const UsbRequest& request, Moment /*deadline*/) {
    board_->requests.push_back(request);
    if (board_->ask_fault) throw SwitchError(*board_->ask_fault, "fake ask");
    return board_->state();
  }

 private:
  FakeHidBoard* board_;
};

}  // namespace rig::power
