#include "cli/manual.h"

#include <gtest/gtest.h>

namespace rig::cli {
namespace {

CommandEntry program() {
  CommandEntry entry{.name = "otarig",
                     .description = ".cuts\nthe 'power'",
                     .footer = {},
                     .options = {},
                     .commands = {}};
  OptionEntry file;
  file.names = {"--db", "-d"};
  file.value = "FILE";
  file.description = "where it is";
  file.preset = "a\\b";
  file.variable = "OTARIG_DB";
  entry.options.push_back(file);
  CommandEntry link{.name = "link",
                    .description = "paths",
                    .footer = "'until' Ctrl-C",
                    .options = {},
                    .commands = {}};
  CommandEntry relay{
      .name = "relay", .description = "one", .footer = {}, .options = {}, .commands = {}};
  OptionEntry scenario;
  scenario.names = {"scenario"};
  scenario.positional = true;
  scenario.required = true;
  scenario.repeats = true;
  relay.options.push_back(scenario);
  link.commands.push_back(relay);
  entry.commands.push_back(link);
  return entry;
}

TEST(Manual, TellsEveryCommandAndOption) {
  const std::string page = manual_page(program(), "1.2.3");
  EXPECT_NE(page.find(".SS otarig link relay\n"), std::string::npos) << page;
  EXPECT_NE(page.find("\\fB\\-\\-db\\fR, \\fB\\-d\\fR \\fIFILE\\fR\nwhere it is; default: a\\eb; "
                      "variable \\fBOTARIG_DB\\fR."),
            std::string::npos)
      << page;
  EXPECT_NE(page.find("\\fIscenario\\fR..."), std::string::npos) << page;
}

TEST(Manual, NoTextBecomesARequest) {
  const std::string page = manual_page(program(), "1.2.3");
  EXPECT_NE(page.find("\n\\&.cuts\n"), std::string::npos) << page;
  EXPECT_NE(page.find("\n\\&'until'"), std::string::npos) << page;
}

TEST(Completion, KnowsCommandsByTheirPath) {
  const std::string script = bash_completion(program());
  EXPECT_NE(script.find("_otarig_words['otarig']='link --db -d '"), std::string::npos) << script;
  EXPECT_NE(script.find("_otarig_words['link']='relay '"), std::string::npos) << script;
  EXPECT_NE(script.find("_otarig_files['otarig']='--db -d '"), std::string::npos) << script;
  EXPECT_NE(script.find("_otarig_scenario['link relay']=1"), std::string::npos) << script;
}

}  // namespace
}  // namespace rig::cli
