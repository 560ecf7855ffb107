// What a refusal of Unicorn becomes: it means that this library is not the one the rig was made
// for.
#pragma once

#include <unicorn/unicorn.h>

#include <string>

#include "base/rig_error.h"

namespace rig::simulator {

// Throws base::RigError naming `attempt` unless `result` is good.
inline void check_unicorn(uc_err result, const char* attempt) {
  if (result != UC_ERR_OK) {
    throw base::RigError(std::make_error_code(std::errc::not_supported),
                         std::string(attempt) + ": " + uc_strerror(result));
  }
}

}  // namespace rig::simulator
