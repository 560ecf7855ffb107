// How far the model of TCP is off, as measured against a kernel: said wherever its times are.
#pragma once

#include <string_view>

namespace rig::tcp {

// Of kernel_tcp over 40 profiles; the table in the README has them. Change both together.
inline constexpr std::string_view kAccuracy =
    "a model; its times are a kernel's to 6 % without loss, to 15 % with up to 10 % of it "
    "(kernel_tcp, README)";

}  // namespace rig::tcp
