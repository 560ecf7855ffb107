#include "base/rig_error.h"

#include <cerrno>

namespace rig::base {
namespace {

std::string sentence(const std::string& attempt, const std::string& advice) {
  return advice.empty() ? attempt : attempt + " (" + advice + ")";
}

}  // namespace

RigError::RigError(std::error_code code, const std::string& attempt, const std::string& advice)
    : std::system_error(code, sentence(attempt, advice)) {}

int check_errno(int result, const std::string& attempt) {
  if (result < 0) throw RigError({errno, std::generic_category()}, attempt);
  return result;
}

}  // namespace rig::base
