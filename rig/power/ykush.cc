#include "power/ykush.h"

#include <fcntl.h>

#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {

UniqueFd open_hidraw(const std::string& node) {
  return UniqueFd(check_switch(open(node.c_str(), O_RDWR | O_CLOEXEC), "open " + node));
}

Ykush::Ykush(Stream node, const YkushModel& model)
    : node_(std::move(node)),
      model_(model),
      traits_{.name = node_.name(), .channels = model.ports, .reads_back = true} {}

base::Bytes Ykush::exchange(base::ByteView report, Moment deadline) {
  node_.discard_input();  // the answer to a command that was given up
  node_.write(report, deadline);
  base::Bytes answer = node_.read_some(deadline);
  if (answer.empty()) throw SwitchError(Fault::no_answer, "ask " + traits_.name);
  return answer;
}

Switched Ykush::set(Channel channel, Level level, Moment deadline) {
  check_channel(traits_, channel);
  const Moment begin = now();
  const base::Bytes answer = exchange(encode_ykush_set(model_, channel, level), deadline);
  if (!ykush_acknowledged(answer)) throw SwitchError(Fault::refused, "switch " + traits_.name);
  return {.not_before = begin, .not_after = now()};
}

std::optional<Levels> Ykush::read_back(Moment deadline) {
  Levels levels;
  for (Channel port{1}; port.number <= model_.ports; ++port.number) {
    const base::Bytes answer = exchange(encode_ykush_query(model_, port), deadline);
    const auto level = decode_ykush_status(answer, port);
    if (!level) throw SwitchError(Fault::garbled, "read the status of " + traits_.name);
    levels.put(port, *level);
  }
  return levels;
}

}  // namespace rig::power
