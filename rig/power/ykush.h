// A Yepkit YKUSH, YKUSH3 or YKUSH XS on its hidraw node: the shell of ykush_report.h. hidraw needs
// no driver to be detached. A hub that hangs on a query (ykush issue 18) is SwitchError(no_answer).
#pragma once

#include "power/stream.h"
#include "power/ykush_report.h"

namespace rig::power {

// Opens /dev/hidrawN for reading and writing. SwitchError: absent, no_permission.
[[nodiscard]] UniqueFd open_hidraw(const std::string& node);

class Ykush final : public PowerSwitch {
 public:
  Ykush(Stream node, const YkushModel& model);

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }
  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override;
  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override;

 private:
  [[nodiscard]] base::Bytes exchange(base::ByteView report, Moment deadline);

  Stream node_;
  YkushModel model_;
  SwitchTraits traits_;
};

}  // namespace rig::power
