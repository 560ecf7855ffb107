// What the project ships, where this build has it.
#pragma once

#include "scenario/library.h"

namespace rig {

inline const scenario::Library& library() {
  static const scenario::Library kLibrary{.fixtures = OTARIG_SOURCE_DIR "/fixtures",
                                          .firmware = OTARIG_FIRMWARE_DIR,
                                          .scenarios = OTARIG_SOURCE_DIR "/scenarios"};
  return kLibrary;
}

}  // namespace rig
