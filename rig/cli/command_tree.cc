#include "cli/command_tree.h"

#include <CLI/CLI.hpp>

namespace rig::cli {
namespace {

OptionEntry entry_of(const CLI::Option& option) {
  OptionEntry entry;
  entry.positional = option.get_positional();
  if (entry.positional) {
    entry.names = {option.get_name(true)};
  } else {
    for (const std::string& name : option.get_lnames()) entry.names.push_back("--" + name);
    for (const std::string& name : option.get_snames()) entry.names.push_back("-" + name);
  }
  entry.required = option.get_required();
  entry.repeats = option.get_items_expected_max() > 1;
  if (option.get_items_expected_max() != 0) entry.value = option.get_type_name();
  entry.description = option.get_description();
  entry.preset = option.get_default_str();
  entry.variable = option.get_envname();
  return entry;
}

}  // namespace

CommandEntry command_tree(const CLI::App& app) {
  CommandEntry entry{.name = app.get_name(),
                     .description = app.get_description(),
                     .footer = app.get_footer(),
                     .options = {},
                     .commands = {}};
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    entry.options.push_back(entry_of(*option));
  }
  for (const CLI::App* command :
       app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); })) {
    entry.commands.push_back(command_tree(*command));
  }
  return entry;
}

}  // namespace rig::cli
