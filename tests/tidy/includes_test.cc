// The include direction, on small module lists of its own.

#include "includes.h"

#include <gtest/gtest.h>

namespace tidy {
namespace {

constexpr std::string_view kList =
    "# rig_module(ghost)\n"
    "rig_module(base USES ZLIB::ZLIB)\n"
    "rig_module(link NEEDS base)\n"
    "rig_module(power NEEDS base)\n"
    "rig_module(simulator NEEDS link\n"
    "           USES fmt::fmt)\n";

std::string direction(const std::string& path, const std::string& line) {
  return to_text(check_includes(source_file(path, "\n" + line + "\n"), modules_in(kList)));
}

std::string modules(const std::string& list) { return to_text(check_modules(modules_in(list))); }

TEST(ModuleList, IsRead) {
  const Modules read = modules_in(kList);
  EXPECT_EQ(read.size(), 4U);
  EXPECT_TRUE(read.at("base").needs.empty());
  EXPECT_EQ(read.at("simulator").needs, std::set<std::string>{"link"});
  EXPECT_EQ(read.at("simulator").line, 5);
}

TEST(ModuleList, MayNotHaveARing) {
  const std::string complaints = modules(
      "rig_module(a NEEDS b)\nrig_module(b NEEDS c)\n"
      "rig_module(c NEEDS a)\nrig_module(d NEEDS a)\n");
  EXPECT_EQ(complaints,
            "rig/CMakeLists.txt:1: a needs itself, by way of a ring\n"
            "rig/CMakeLists.txt:2: b needs itself, by way of a ring\n"
            "rig/CMakeLists.txt:3: c needs itself, by way of a ring\n");
}

TEST(ModuleList, MayNotNameStrangers) {
  EXPECT_EQ(modules("rig_module(a NEEDS b)\n"),
            "rig/CMakeLists.txt:1: a needs b, which is no module\n");
}

TEST(ModuleList, MayNotJoinSeams) {
  EXPECT_EQ(modules("rig_module(power)\nrig_module(console NEEDS power)\n"),
            "rig/CMakeLists.txt:2: seam console needs seam power\n");
}

TEST(ModuleList, OfGoodOrderPasses) { EXPECT_EQ(modules(std::string(kList)), ""); }

TEST(IncludeDirection, GoesDown) {
  EXPECT_EQ(direction("rig/simulator/x.cc", "#include \"link/shaped_link.h\""), "");
  EXPECT_EQ(direction("rig/simulator/x.cc", "#include \"base/bytes.h\""), "") << "through link";
  EXPECT_EQ(direction("rig/link/x.cc", "#include \"link/queue.h\""), "") << "its own folder";
  EXPECT_EQ(direction("rig/link/x.cc", "#include <simulator/world.h>"), "") << "not ours";
}

TEST(IncludeDirection, NeverGoesUp) {
  EXPECT_EQ(
      direction("rig/base/x.cc", "#include \"link/shaped_link.h\""),
      "rig/base/x.cc:2: includes link/shaped_link.h: rig/CMakeLists.txt does not let base need "
      "link\n");
}

TEST(IncludeDirection, NeverGoesFromSeamToSeam) {
  EXPECT_EQ(direction("rig/power/x.cc", "#include \"link/shaped_link.h\""),
            "rig/power/x.cc:2: includes link/shaped_link.h: a seam never includes another\n");
}

TEST(IncludeDirection, NamesTheModule) {
  EXPECT_NE(direction("rig/link/x.cc", "#include \"queue.h\""), "");
  EXPECT_NE(direction("rig/link/x.cc", "#include \"../base/bytes.h\""), "");
  EXPECT_NE(direction("rig/stranger/x.cc", ""), "");
}

TEST(FirmwareCore, KnowsNoBoardAndNoProduct) {
  const auto core = [](const std::string& line) {
    return to_text(check_firmware_includes(
        source_file("firmware-under-test/core/x.c", "#include " + line + "\n")));
  };
  EXPECT_EQ(core("\"board.h\""), "");
  EXPECT_EQ(core("\"core/board.h\""), "");
  EXPECT_EQ(core("<stdint.h>"), "");
  EXPECT_NE(core("\"products/electron/layout.h\""), "");
  EXPECT_NE(core("\"../boards/stm32f205/clock.h\""), "");
}

}  // namespace
}  // namespace tidy
