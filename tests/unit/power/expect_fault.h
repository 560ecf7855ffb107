// Expects that something fails with this fault, and shows what happened instead.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "power/switch_error.h"

namespace rig::power {

template <typename Act>
void expect_fault(Fault fault, Act act) {
  try {
    act();
    ADD_FAILURE() << "nothing failed; expected " << name_of(fault);
  } catch (const SwitchError& error) {
    EXPECT_EQ(name_of(error.fault()), name_of(fault)) << error.what();
  }
}

// The text of a usage error; empty when there was none.
template <typename Act>
std::string usage_error(Act act) {
  try {
    act();
  } catch (const base::UsageError& error) {
    return error.what();
  }
  return {};
}

}  // namespace rig::power
