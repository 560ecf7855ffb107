#include "modem/registration.h"

#include <fmt/format.h>

namespace rig::modem {

void Registration::search(base::Instant until) {
  status_ = Status::searching;
  search_until_ = until;
}

void Registration::stop() {
  status_ = Status::idle;
  search_until_.reset();
}

void Registration::settle(bool accepted) { status_ = accepted ? Status::home : Status::denied; }

bool Registration::search_over(base::Instant now) {
  if (!search_until_ || *search_until_ > now) return false;
  search_until_.reset();
  return true;
}

std::string Registration::line(Report report, Status status, Model model) const {
  const int number = static_cast<int>(status);
  if (mode(report) < 2 || status != Status::home) return fmt::format("{}", number);
  // One location area, one cell; access technology 2 is UTRAN, 7 is E-UTRAN.
  return fmt::format(R"({},"00D5","0054BABB",{})", number, model == Model::sara_u2 ? 2 : 7);
}

}  // namespace rig::modem
