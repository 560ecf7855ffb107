// The root queueing discipline of an interface (tc(8)), in the calling thread's namespace.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "shaping/netem_message.h"

namespace rig::shaping {

struct Qdisc {
  std::string kind;     // "fq_codel"
  bool by_hand{false};  // somebody set it; false: the kernel's own choice
  base::Bytes options;  // of TCA_OPTIONS
};

// Each throws base::UsageError for an interface that is not there, base::RigError otherwise.
[[nodiscard]] std::optional<Qdisc> root_qdisc(const std::string& interface);
void set_netem(const std::string& interface, const NetemSettings& settings);
// The kernel's own choice is back. Fine when it is there already.
void clear_root_qdisc(const std::string& interface);

}  // namespace rig::shaping
