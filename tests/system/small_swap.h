// Scenarios of the two-slot family with the small build's files in the place of their own
// (products/swap/small.h).
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "scenario/scenario.h"

namespace rig {

inline scenario::Scenario load_small(const scenario::Library& library, const std::string& name) {
  std::ifstream file(library.scenarios / ("swap/" + name + ".yaml"));
  std::string text(std::istreambuf_iterator<char>(file), {});
  for (std::size_t at = 0; (at = text.find(" swap/", at)) != text.npos; ++at) {
    text.replace(at, 6, " swap/small/");
  }
  const std::string path =
      testing::TempDir() + "small-" + name + "-" + std::to_string(getpid()) + ".yaml";
  std::ofstream(path) << text;
  return scenario::load(path, library);
}

}  // namespace rig
