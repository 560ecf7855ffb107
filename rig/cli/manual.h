// otarig(1) and the completion for bash, from the tree of commands. Pure.
#pragma once

#include <string>

#include "cli/command_tree.h"

namespace rig::cli {

// The page's source for man(7). `version` stands in its foot.
[[nodiscard]] std::string manual_page(const CommandEntry& program, const std::string& version);

// To be sourced by bash, or installed as bash-completion/completions/otarig.
[[nodiscard]] std::string bash_completion(const CommandEntry& program);

}  // namespace rig::cli
