// The options and help texts of every command. All in one place, because CLI11's header takes
// longer to compile than all the rest of a command.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/command_tree.h"
#include "cli/commands.h"
#include "cli/evidence_commands.h"
#include "cli/manual.h"

namespace rig::cli {

void RunCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("run", "one cycle: update, at most one cut, verdict");
  command->add_option("scenario", scenario_, "scenario file or name")->required();
  command->add_option("--board", board_,
                      "a board of the bench, 'qemu', or 'sim' (default: as it says)");
  command->add_option("--cut", cut_, "cut in plan-id form instead of the scenario's, or 'none'");
  command->add_option("--seed", seed_, "instead of the scenario's");
  command->add_option("--pcap", pcap_, "write the packets of the link to this file (pcap-ng)");
  command->add_flag("-q,--quiet", quiet_, "verdict only, no timeline");
  command->callback([this, &invocation] { run(invocation); });
}

void SweepCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("sweep", "every chosen cut point of an update");
  command->add_option("scenario", scenarios_, "scenario files or names")->required();
  command->add_option("--points", options_.points, "about this many cuts per scenario");
  command->add_option("--torn", options_.torn, "torn models: old,new,prefix,partial-erase,...")
      ->delimiter(',');
  command->add_option("--seed", options_.seed, "instead of the scenario's");
  command->add_option("-j,--jobs", options_.jobs, "worker threads (default: processors)");
  command->add_option("--batch", options_.batch, "name under which 'report --batch' finds these");
  command->add_flag("--all", options_.all, "every flash operation with every torn model");
  add_exploring(*command);
  command->callback([this, &invocation] { run(invocation); });
}

void SoakCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand(
      "soak", "randomised cycles on every board of the bench, for a night or a number");
  command->add_option("scenarios", options_.scenarios, "scenario files or names");
  command->add_option("--for", options_.length, "how long: 8h, 30min")->type_name("TIME");
  command->add_option("--cycles", options_.cycles, "how many, over all boards");
  command->add_option("--sim", options_.sim, "so many simulated boards (default: processors)");
  command->add_option("--boards", options_.boards, "of the bench (default: all)")->delimiter(',');
  command->add_option("--seed", options_.seed, "of every chance (default: another each night)");
  command->add_option("--weights", options_.weights, "a number per scenario")->delimiter(',');
  command
      ->add_option("--links", options_.links,
                   "link profiles that cuts take turns on by chance; own: the scenario's")
      ->delimiter(',');
  command
      ->add_option("--control-every", options_.control_every,
                   "of a scenario's cycles, the first of so many has no cut")
      ->capture_default_str();
  command->add_option("--name", options_.name, "of the night (default: its date)");
  command
      ->add_option("--keep-timelines", options_.keep_timelines,
                   "of older cycles than so many, simulated ones that passed lose their timeline")
      ->capture_default_str();
  command
      ->add_option(
          "--gate", policy_,
          "end as soon as it is known whether this policy accepts, and say what it answers")
      ->type_name("FILE");
  command
      ->add_option("--resume", resume_,
                   "go on with a night that was stopped or killed (default: latest)")
      ->expected(0, 1)
      ->default_str("latest");
  command->footer(
      "Exit code 1 when a device failed; 3 when none did and the night proves less than it "
      "should:\n"
      "a board in quarantine, a control run that failed, a known-bad firmware not convicted. With\n"
      "--gate the gate's: 0 accept, 1 reject, 3 not enough evidence.");
  command->callback([this, &invocation] { run(invocation); });
}

void SweepCommand::add_exploring(CLI::App& command) {
  auto* pairs = command.add_flag_callback(
      "--pairs", [this] { options_.cuts = 2; }, "and every second cut in every recovery");
  auto* depth = command.add_option("--depth", options_.cuts, "so many cuts in a row");
  depth->check(CLI::Range(1U, 1000U))->excludes(pairs);
  command
      .add_flag_callback(
          "--closure", [this] { options_.cuts = 0; }, "any number of cuts, until nothing is new")
      ->excludes(pairs)
      ->excludes(depth);
  command.add_flag("--no-prune", options_.no_prune, "execute every point (single cuts only)")
      ->excludes(pairs)
      ->excludes(depth);
  command.add_option("--executions", options_.most_executions, "stop after so many recoveries");
}

void ReplayCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command =
      app.add_subcommand("replay", "a recorded cycle again, exactly, from its plan id or number");
  command->add_option("cycle", what_, "plan id or cycle number")->required();
  command->add_option("--out", out_, "write the timeline to this file as well");
  command->add_option("--board", board_, "the same plan on a board of the bench, or on 'qemu'");
  command->add_flag("-q,--quiet", quiet_, "verdict only, no timeline");
  command->callback([this, &invocation] { run(invocation); });
}

void ShowCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("show", "a stored cycle: timeline, verdict, findings");
  command->add_option("cycle", cycle_, "cycle number")->required();
  command->add_flag("--flash-diff", flash_diff_, "what the cut left in flash (simulated board)");
  command->add_option("--image", image_, "write that flash to this file, to plant it on a board");
  command->callback([this, &invocation] { run(invocation); });
}

void JudgeCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("judge", "judge a campaign again, from its stored timelines");
  command->add_option("campaign", campaign_, "campaign number")->required();
  command->add_option("--scenario", scenario_, "contract of this file instead of the recorded one");
  command->callback([this, &invocation] { run(invocation); });
}

void ReportCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("report", "what campaigns proved: text, HTML, JUnit, JSON");
  command->add_option("campaigns", campaigns_, "campaign numbers");
  command->add_option("--batch", batch_, "every campaign of this batch");
  command
      ->add_option("--against", against_,
                   "say what changed since this batch; default with --batch: the one before; none")
      ->type_name("BATCH");
  command->add_option("--policy", policy_, "on top, what a gate with this policy answers (YAML)")
      ->type_name("FILE");
  command->add_option("--html", html_, "write one self-contained page")->type_name("FILE");
  command->add_option("--junit", junit_, "write JUnit XML")->type_name("FILE");
  command->add_option("--json-file", json_, "write the report as JSON")->type_name("FILE");
  command->add_option("--csv", csv_, "write one line per cycle")->type_name("FILE");
  command->callback([this, &invocation] { run(invocation); });
}

void GateCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("gate", "may it go out? what stored history proves");
  command->add_option("scenarios", scenarios_, "scenario names or files");
  command->add_option("--policy", policy_, "what has to be proven (YAML)")->type_name("FILE");
  command->add_option("--batch", batch_, "only this night's campaigns");
  command->add_option("--since", since_, "only campaigns begun since: 2026-11-20, 7d, 36h");
  command->add_option("--max-rate", max_rate_, "highest failure rate of a cut, as in 1%");
  command->add_option("--confidence", confidence_, "of the bound (default: 95%)");
  command->footer(
      "Without a policy: scenarios and --max-rate. The latest build of each scenario counts; a "
      "cut\n"
      "that did not land is no trial. Exit code 0 accept, 1 reject, 3 not enough evidence.");
  command->callback([this, &invocation] { run(invocation); });
}

void CompareCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("compare", "what got better or worse, or is it chance?");
  command->add_option("before", before_, "campaign number, batch, firmware or board")->required();
  command->add_option("after", after_, "the same")->required();
  command->add_option("--confidence", confidence_, "of tests and intervals (default: 95%)");
  command->footer(
      "Also campaign=12, batch=NAME, firmware=NAME@HASH, board=NAME. Exit code 1 when something "
      "got\n"
      "worse and that is no chance, 0 otherwise.");
  command->callback([this, &invocation] { run(invocation); });
}

void HistoryCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command =
      app.add_subcommand("history", "nights: trend, last good, first bad, what is flaky");
  command->add_option("scenarios", scenarios_, "scenario names or files (default: all)");
  command->add_option("--since", since_, "only campaigns begun since: 2026-11-20, 7d, 36h");
  command->add_option("--openmetrics", metrics_, "write the latest nights as metrics")
      ->type_name("FILE");
  command->callback([this, &invocation] { run(invocation); });
}

void PruneCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("prune", "remove what old nights no longer need");
  command->add_option("--keep", keep_, "leave alone what is younger: 30d, or since a date")
      ->required();
  command->add_flag("--whole", whole_, "whole campaigns without a failure, not only timelines");
  command->add_flag("--failures", failures_, "failures, too");
  command->add_flag("--shrink", shrink_, "give the space back to the disk");
  command->add_flag("-n,--dry-run", dry_run_, "say what would go, and remove nothing");
  command->footer(
      "Timelines of cycles that did not fail go first: verdicts, counts and every failure stay, "
      "so\n"
      "gate, compare and history answer as before.");
  command->callback([this, &invocation] { run(invocation); });
}

void BackupCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command =
      app.add_subcommand("backup", "copy the database, whatever writes to it meanwhile");
  command->add_option("file", file_, "a file that does not exist yet")->required();
  command->callback([this, &invocation] { run(invocation); });
}

void ServeCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command =
      app.add_subcommand("serve", "a page that shows what is going on; it can change nothing");
  command->add_option("--port", port_, "0: any free one")->capture_default_str();
  command->add_option("--listen", listen_, "address of this machine")
      ->capture_default_str()
      ->type_name("ADDRESS");
  command->add_option("--token", token_, "who wants to look has to know it")
      ->envname("OTARIG_TOKEN");
  command->add_option("--name", names_, "of this machine, as browsers will call it")
      ->type_name("NAME");
  command->footer(
      "Reads the database that a running otarig writes to. Other addresses than 127.0.0.1 need a\n"
      "token: open http://ADDRESS:PORT/?token=TOKEN, or send Authorization: Bearer TOKEN. There "
      "is\n"
      "no encryption: on a network that is not yours alone, use ssh -L or a proxy with TLS.\n"
      "Until Ctrl-C; /state.json has what the page shows.");
  command->callback([this, &invocation] { run(invocation); });
}

void BoardsCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand(
      "boards", "boards and firmware that scenarios can name; boards in quarantine");
  command->add_option("action", action_, "release: campaigns may use the board again")
      ->check(CLI::IsMember({"release"}));
  command->add_option("board", board_, "which one");
  command->callback([this, &invocation] { run(invocation); });
}

void PowerCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("power", "switch a real board's power, or ask for it");
  command->add_option("action", action_, "on, off, cycle, get or restore")
      ->required()
      ->check(CLI::IsMember({"on", "off", "cycle", "get", "restore"}));
  command->add_option("board", board_, "board of the bench (default: the only one)");
  command->footer(
      "'off' opens the contacts and reads them back; only a cut in a cycle proves it.\n"
      "'restore' brings what a crashed run left behind to its safe state: every board, unless one\n"
      "is named.");
  command->callback([this, &invocation] { run(invocation); });
}

void ConsoleCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("console", "what a real board prints, with time stamps");
  command->add_option("board", board_, "board of the bench (default: the only one)");
  command->add_option("--for", seconds_, "seconds; default: until Ctrl-C")->type_name("S");
  command->add_option("--log", log_, "append every byte to this file")->type_name("FILE");
  command->callback([this, &invocation] { run(invocation); });
}

void DoctorCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand("doctor", "what is wrong with this rig, and what to do");
  command->add_option("--board", board_, "only this board of the bench (default: all)");
  command->add_flag("--switch", switch_,
                    "switch every contact once, power each board, hear it and cut it");
  command->add_flag("--fix", fix_, "undo what a killed otarig has left on this machine");
  command->footer("Exit code 0 when all is good, 3 when something is broken.");
  command->callback([this, &invocation] { run(invocation); });
}

void DiscoverCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command =
      app.add_subcommand("discover", "what is plugged in, as a bench file to begin with");
  command->callback([&invocation] { run(invocation); });
}

void ImageCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* image = app.add_subcommand("image", "firmware module files");
  image->require_subcommand(1);
  auto* command = image->add_subcommand("show", "what a module binary says about itself");
  command->add_option("file", file_, "module binary")->required();
  command->callback([this, &invocation] { show(invocation); });
  auto* serve = image->add_subcommand(
      "serve", "a scenario's images over HTTP, with its faults, until Ctrl-C");
  serve->add_option("scenario", scenario_, "scenario with update: {mode: fetched, http: {..}}")
      ->required();
  serve->add_option("--listen", listen_, "where devices connect (default: any address, its port)")
      ->type_name("HOST:PORT");
  serve->callback([this, &invocation] { this->serve(invocation); });
}

void ImportCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand(
      "import-log", "what a device's log shows: sessions, retries, gaps, bytes, resets");
  command->add_option("file", file_, "imp status lines, Particle events, or a serial log")
      ->required();
  command->add_option("--scenario", scenario_, "write a scenario that reproduces it")
      ->type_name("FILE");
  command->add_option("--device", device_, "device profile in it (default: by the kind of log)");
  command->add_option("--image", imitation_, "firmware in it (default: by the kind of log)");
  command->footer(
      "Lines of a serial log need a time-stamp in front: ISO 8601, epoch, [seconds.millis] or\n"
      "HH:MM:SS.mmm. Prose between log lines is left out; exit code 2 when no line can be read, "
      "or\n"
      "from some line on it cannot be.");
  command->callback([this, &invocation] { run(invocation); });
}

void ManualCommand::attach(CLI::App& app, Invocation&) {
  auto* manual = app.add_subcommand("manual", "the source of otarig(1), for man(1)");
  manual->callback([&app] { fmt::print("{}", manual_page(command_tree(app), OTARIG_VERSION)); });
  auto* completion = app.add_subcommand("completion", "completion for bash, to be sourced");
  completion->callback([&app] { fmt::print("{}", bash_completion(command_tree(app))); });
}

void DemoCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* command = app.add_subcommand(
      "demo", "the comparison that answers the field report: bootloaders, SIM cards, mitigations");
  command->add_option("--out", out_, "folder for report and database")->capture_default_str();
  command->add_option("--list", list_, "file with scenario names instead of the demo's own");
  command->add_option("--points", options_.points, "about this many cuts per scenario");
  command->add_option("-j,--jobs", options_.jobs, "worker threads (default: processors)");
  command->footer("Exit code 0 when every scenario could be tried, whatever the devices did.");
  command->callback([this, &invocation] { run(invocation); });
}

}  // namespace rig::cli
