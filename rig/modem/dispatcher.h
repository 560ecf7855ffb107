// From a parsed command to the function that carries it out. One table, sorted by name; a command
// that is not in it, or not in it for this model, is an error to the host.
#pragma once

#include <cstdint>
#include <string>

#include "modem/at_parser.h"
#include "modem/core.h"

namespace rig::modem {

// 3GPP TS 27.007 section 9.2.
enum class CmeError : std::uint8_t {
  operation_not_allowed = 3,
  operation_not_supported = 4,
  sim_not_inserted = 10,
  incorrect_parameters = 50,
};

// A command whose answer takes longer than the modem's own time.
enum class Awaited : std::uint8_t {
  nothing,
  activation,    // AT+UPSDA=0,3: the network's answer comes at `until`
  attachment,    // AT+CGATT=1: registered, or given up at `until`
  registration,  // AT+COPS=0: registered, refused, or given up at `until`
  connection,    // AT+USOCO: connected, failed, or given up at `until`
  closing,       // AT+USOCL: both ends closed, or reset at `until`
  name,          // AT+UDNSRN: answered, or the resolver has given up
  refusal,       // an error that only comes at `until`
  power_off,     // AT+CPWROFF: off at `until`
  restart,       // AT+CFUN=16: restarts at `until`
};

struct Wait {
  Awaited what{Awaited::nothing};
  base::Instant until{};
  std::size_t socket{0};
};

// AT+USOST and AT+USOWR: so many bytes are expected behind the prompt.
struct Upload {
  std::size_t socket{0};
  base::Endpoint to{};  // USOST only
  std::size_t length{0};
};

struct Outcome {
  enum class Kind : std::uint8_t { ok, error, cme, upload, wait };
  Kind kind{Kind::ok};
  CmeError cme{};
  Upload upload{};
  Wait wait{};
};

[[nodiscard]] inline Outcome done() { return {}; }
[[nodiscard]] inline Outcome error() { return {.kind = Outcome::Kind::error}; }
[[nodiscard]] inline Outcome cme(CmeError code) {
  return {.kind = Outcome::Kind::cme, .cme = code};
}
[[nodiscard]] inline Outcome not_allowed() { return cme(CmeError::operation_not_allowed); }
[[nodiscard]] inline Outcome incorrect() { return cme(CmeError::incorrect_parameters); }
[[nodiscard]] inline Outcome wait_for(Wait wait) {
  return {.kind = Outcome::Kind::wait, .wait = wait};
}

// "+CME ERROR: ..." in the format that AT+CMEE asked for.
[[nodiscard]] std::string cme_line(CmeError code, std::uint8_t format);

// Lines of the answer go to core.port; the final line follows from the outcome.
[[nodiscard]] Outcome dispatch(Core& core, const Command& command, base::Instant now);

}  // namespace rig::modem
