// What is said to OpenOCD's Tcl server and what it prints. Pure. Source: OpenOCD User's Guide,
// "Tcl Scripting API" ("Tcl RPC server"): a command and its result each end with the byte 0x1A.
//
// The server does not say whether a command failed, so each is wrapped: the result begins with what
// Tcl's `catch` returned (0: good) and a space.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace rig::probe {

inline constexpr char kTclEnd = '\x1a';

// Framed and wrapped.
[[nodiscard]] std::string tcl_request(std::string_view command);

struct TclAnswer {
  bool good{false};
  std::string text{};
};
// Empty: it is no answer to tcl_request().
[[nodiscard]] std::optional<TclAnswer> parse_tcl_answer(std::string_view answer);

// One word of Tcl, whatever it consists of.
[[nodiscard]] std::string tcl_word(std::string_view text);

// Numbers as OpenOCD's read_memory lists them, "0x1 0xab 255". Empty: something else.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> tcl_numbers(std::string_view text);

// "Info : Listening on port 35627 for tcl connections", as printed for each server it opens.
struct ListeningPort {
  std::uint16_t port{};
  std::string service{};  // "tcl", "gdb", "telnet"
};
[[nodiscard]] std::optional<ListeningPort> parse_listening(std::string_view line);

}  // namespace rig::probe
