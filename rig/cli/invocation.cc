#include "cli/invocation.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/evidence_commands.h"
#include "cli/paths.h"

namespace rig::cli {
namespace {

constexpr const char* kDescription =
    "otarig cuts the power of a device in the middle of its firmware update and records whether "
    "the\n"
    "firmware, the user application and the APN survive.";

constexpr const char* kExitCodes =
    "Exit codes: 0 pass, 1 the device failed, 2 usage or configuration error, 3 no trial or rig\n"
    "fault, 130 interrupted. Every option --name has a variable OTARIG_NAME for the shared ones:\n"
    "OTARIG_DB, OTARIG_FIXTURES, OTARIG_FIRMWARE, OTARIG_BENCH.";

void add_shared_options(CLI::App& app, Invocation& invocation) {
  app.add_option("--db", invocation.database, "campaign database (default: state folder)")
      ->type_name("FILE");
  app.add_option("--fixtures", invocation.fixtures, "device profiles, SIM cards and links")
      ->type_name("DIR");
  app.add_option("--firmware", invocation.firmware, "firmware manifests and images")
      ->type_name("DIR");
  app.add_option("--bench", invocation.bench, "switches and real boards of this rig")
      ->type_name("FILE");
  app.add_flag("--json", invocation.json, "one JSON object on stdout, the rest on stderr");
  app.set_version_flag("--version", std::string("otarig ") + OTARIG_VERSION);
  app.fallthrough();
  app.require_subcommand(1);
  app.footer(kExitCodes);
}

struct Commands {
  RunCommand run;
  SweepCommand sweep;
  SoakCommand soak;
  ReplayCommand replay;
  ShowCommand show;
  JudgeCommand judge;
  ReportCommand report;
  GateCommand gate;
  CompareCommand compare;
  HistoryCommand history;
  PruneCommand prune;
  BackupCommand backup;
  ServeCommand serve;
  BoardsCommand boards;
  ImageCommand image;
  ImportCommand import_log;
  PowerCommand power;
  ConsoleCommand console;
  DoctorCommand doctor;
  DiscoverCommand discover;
  LinkCommand link;
  DemoCommand demo;
  ManualCommand manual;

  void attach(CLI::App& app, Invocation& invocation) {
    run.attach(app, invocation);
    sweep.attach(app, invocation);
    soak.attach(app, invocation);
    replay.attach(app, invocation);
    show.attach(app, invocation);
    judge.attach(app, invocation);
    report.attach(app, invocation);
    gate.attach(app, invocation);
    compare.attach(app, invocation);
    history.attach(app, invocation);
    prune.attach(app, invocation);
    backup.attach(app, invocation);
    serve.attach(app, invocation);
    boards.attach(app, invocation);
    image.attach(app, invocation);
    import_log.attach(app, invocation);
    power.attach(app, invocation);
    console.attach(app, invocation);
    doctor.attach(app, invocation);
    discover.attach(app, invocation);
    link.attach(app, invocation);
    demo.attach(app, invocation);
    manual.attach(app, invocation);
  }
};

int complain(int code, const char* what) {
  fmt::print(stderr, "otarig: {}\n", what);
  return code;
}

int parse_and_run(int argc, const char* const* argv) {
  CLI::App app(kDescription, "otarig");
  Invocation invocation;
  Commands commands;
  add_shared_options(app, invocation);
  commands.attach(app, invocation);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitPass : kExitUsage;
  }
  return invocation.exit_code;
}

}  // namespace

std::filesystem::path Invocation::database_path() const {
  return database.empty() ? default_database() : std::filesystem::path(database);
}

int run_program(int argc, const char* const* argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const base::UsageError& error) {
    return complain(kExitUsage, error.what());
  } catch (const base::RigError& error) {
    return complain(kExitNoTrial, error.what());
  } catch (const std::exception& error) {
    return complain(kExitNoTrial, error.what());
  }
}

}  // namespace rig::cli
