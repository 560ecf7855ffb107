// A Yepkit YKUSH, YKUSH3 or YKUSH XS: the shell of ykush_report.h over any ReportPipe. Where the
// kernel has a hidraw node for it, that is a Stream, which needs no driver to be detached; the
// plain YKUSH has none on Linux (power/usb_reports.h). A hub that hangs on a query (ykush issue 18)
// is SwitchError(no_answer).
#pragma once

#include <concepts>
#include <utility>

#include "power/clock.h"
#include "power/stream.h"
#include "power/switch_error.h"
#include "power/ykush_report.h"

namespace rig::power {

// Opens /dev/hidrawN for reading and writing. SwitchError: absent, no_permission.
[[nodiscard]] base::UniqueFd open_hidraw(const std::string& node);

// Whole reports, one for each call; what is written has the report id before it.
template <typename Pipe>
concept ReportPipe = requires(Pipe pipe, base::ByteView report, Moment deadline) {
  { pipe.discard_input() } -> std::same_as<bool>;
  { pipe.write(report, deadline) } -> std::same_as<void>;
  { pipe.read_some(deadline) } -> std::same_as<base::Bytes>;
  { pipe.name() } -> std::convertible_to<std::string>;
};

template <ReportPipe Pipe>
class Ykush final : public PowerSwitch {
 public:
  Ykush(Pipe pipe, const YkushModel& model)
      : pipe_(std::move(pipe)),
        model_(model),
        traits_{.name = pipe_.name(), .channels = model.ports, .reads_back = true} {}

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }

  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override {
    check_channel(traits_, channel);
    const Moment begin = now();
    const base::Bytes answer = exchange(encode_ykush_set(model_, channel, level), deadline);
    if (!ykush_acknowledged(answer)) throw SwitchError(Fault::refused, "switch " + traits_.name);
    return {.not_before = begin, .not_after = now()};
  }

  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override {
    Levels levels;
    for (Channel port{1}; port.number <= model_.ports; ++port.number) {
      const base::Bytes answer = exchange(encode_ykush_query(model_, port), deadline);
      const auto level = decode_ykush_status(answer, port);
      if (!level) throw SwitchError(Fault::garbled, "read the status of " + traits_.name);
      levels.put(port, *level);
    }
    return levels;
  }

 private:
  [[nodiscard]] base::Bytes exchange(base::ByteView report, Moment deadline) {
    pipe_.discard_input();  // the answer to a command that was given up
    pipe_.write(report, deadline);
    base::Bytes answer = pipe_.read_some(deadline);
    if (answer.empty()) throw SwitchError(Fault::no_answer, "ask " + traits_.name);
    return answer;
  }

  Pipe pipe_;
  YkushModel model_;
  SwitchTraits traits_;
};

}  // namespace rig::power
