// Registration with the network, as +CREG, +CGREG and +CEREG report it (3GPP TS 27.007
// sections 7.2, 10.1.20 and 10.1.22). One search takes a fixed time; no cells, no roaming, no loss
// of coverage.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "modem/types.h"

namespace rig::modem {

class Registration {
 public:
  // Numbers as in <stat>.
  enum class Status : std::uint8_t { idle = 0, home = 1, searching = 2, denied = 3 };
  enum class Report : std::uint8_t { creg, cgreg, cereg };
  static constexpr std::size_t kReports = 3;

  void search(base::Instant until);
  void stop();
  // The network's answer to the search.
  void settle(bool accepted);
  // True once, when the search is over and settle() is due.
  [[nodiscard]] bool search_over(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> due() const { return search_until_; }

  [[nodiscard]] Status status() const { return status_; }
  [[nodiscard]] bool registered() const { return status_ == Status::home; }

  // The <n> of AT+CREG=n: 0 no URC, 1 short, 2 with the place.
  void set_mode(Report report, std::uint8_t mode) { mode_of(report) = mode; }
  [[nodiscard]] std::uint8_t mode(Report report) const {
    return modes_[static_cast<std::size_t>(report)];
  }
  // What follows "+CREG: " in the URC, and "+CREG: n," in the answer to +CREG?. `status` may
  // differ from status(): +CGREG follows the packet domain.
  [[nodiscard]] std::string line(Report report, Status status, Model model) const;

 private:
  std::uint8_t& mode_of(Report report) { return modes_[static_cast<std::size_t>(report)]; }

  Status status_{Status::idle};
  std::optional<base::Instant> search_until_;
  std::array<std::uint8_t, kReports> modes_{};
};

}  // namespace rig::modem
