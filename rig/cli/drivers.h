// Which driver stands behind which word of a bench file: the only place that knows all of them.
#pragma once

#include "board/real_cycle.h"
#include "probe/probe.h"
#include "scenario/bench.h"

namespace rig::cli {

// Opens nothing; a driver that is asked to open throws power::SwitchError or base::UsageError.
[[nodiscard]] board::SwitchOpeners openers_of(const scenario::Bench& bench);

// `log_file` may be empty. The opener throws base::RigError, or base::UsageError naming the place
// in the bench file when its text is no port.
[[nodiscard]] board::ConsoleOpener console_of(const scenario::BenchBoard& board,
                                              const std::string& log_file);

// The same of an adapter in place of a board's modem.
[[nodiscard]] board::ModemPlace modem_place_of(const scenario::ModemPortSpec& spec);

// The probe of a board whose bench declares one. It starts nothing yet.
[[nodiscard]] std::unique_ptr<probe::Probe> probe_of(const scenario::Bench& bench,
                                                     const scenario::BenchBoard& board,
                                                     io::Loop& loop,
                                                     probe::Probe::Handlers handlers);

}  // namespace rig::cli
