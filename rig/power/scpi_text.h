// The lines of programmable supplies that speak SCPI-99: text only.
//
// Source: SCPI-99 volume 2 (OUTPut, SOURce, MEASure, INSTrument, SYSTem:ERRor) and the Rigol DP800
// Programming Guide, sections ":INSTrument", ":OUTPut", ":SOURce", ":MEASure". Volts and amperes
// are decimal numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "power/power_switch.h"

namespace rig::power {

[[nodiscard]] std::string scpi_select(Channel channel);  // every line below is about this channel
[[nodiscard]] std::string scpi_output(Level level);
[[nodiscard]] std::string scpi_volts(double volts);

inline constexpr std::string_view kScpiOutputQuery = ":OUTP?";
inline constexpr std::string_view kScpiMeasureVolts = ":MEAS:VOLT?";
inline constexpr std::string_view kScpiCompleted = "*OPC?";  // answers 1 when all before is done
inline constexpr std::string_view kScpiError = ":SYST:ERR?";
inline constexpr std::string_view kScpiClear = "*CLS";

// ON, OFF, 1, 0, in either case, with blanks around.
[[nodiscard]] std::optional<Level> parse_scpi_level(std::string_view answer);
[[nodiscard]] std::optional<double> parse_scpi_number(std::string_view answer);
// `0,"No error"` and `+0,"No error"` say that all is well.
[[nodiscard]] bool is_scpi_no_error(std::string_view answer);

}  // namespace rig::power
