// The options and help texts of otarig link.
#include <CLI/CLI.hpp>

#include "cli/commands.h"

namespace rig::cli {

void LinkCommand::attach(CLI::App& app, Invocation& invocation) {
  auto* link = app.add_subcommand("link", "shape a real path, and say what is done to it");
  link->require_subcommand(1);
  attach_engines(*link, invocation);
  control_.attach(*link, invocation);
}

void LinkCommand::attach_engines(CLI::App& link, Invocation& invocation) {
  auto* shape = link.add_subcommand("shape", "the path of a board, as its bench says");
  shape->add_option("board", name_, "board of the bench (default: the only one)");
  shape->callback([this, &invocation] { board(invocation); });
  auto* relay = link.add_subcommand("relay", "a port that stands in for a server; no privileges");
  relay->add_option("--listen", listen_, "where the device connects")
      ->required()
      ->type_name("HOST:PORT");
  relay->add_option("--to", to_, "the server")->required()->type_name("HOST:PORT");
  relay->add_flag("--udp", udp_, "datagrams instead of TCP");
  relay->add_option("--mss", mss_, "bytes of a TCP segment")->capture_default_str();
  relay->callback([this, &invocation] { this->relay(invocation); });
  auto* packets = link.add_subcommand(
      "packets", "every packet between two interfaces; CAP_NET_RAW and CAP_NET_ADMIN");
  packets->callback([this, &invocation] { between(invocation, "packets"); });
  auto* netem =
      link.add_subcommand("netem", "the kernel's netem on two interfaces, verified; CAP_NET_ADMIN");
  netem->callback([this, &invocation] { between(invocation, "netem"); });
  for (auto* each : {packets, netem}) {
    each->add_option("--board-side", board_side_, "the board is here")
        ->required()
        ->type_name("INTERFACE");
    each->add_option("--server-side", server_side_, "the server is here")
        ->required()
        ->type_name("INTERFACE");
  }
  for (auto* each : {relay, packets, netem}) {
    each->add_option("--name", name_, "for otarig link show, set and clear")->type_name("NAME");
  }
  for (auto* each : {shape, relay, packets, netem}) {
    each->add_option("--profile", profile_, "link profile of the fixtures")->capture_default_str();
    each->add_option("--for", seconds_, "seconds; default: until Ctrl-C")->type_name("S");
    each->footer(
        "Figures on stderr every 5 s and at the end; --json: one object on stdout at the end.\n"
        "'late' is how far departures lie behind the model's schedule.");
  }
  for (auto* each : {shape, relay, packets}) {
    each->add_option("--seed", seed_, "of every chance")->capture_default_str();
  }
}

void LinkControlCommand::attach(CLI::App& link, Invocation& invocation) {
  auto* show = link.add_subcommand("show", "what the links that are shaped now do");
  show->add_option("board", board_, "one of them (default: all)");
  show->add_option("--every", every_, "again every so many seconds, until Ctrl-C")->type_name("S");
  show->callback([this, &invocation] { this->show(invocation); });
  auto* set = link.add_subcommand("set", "another profile for a link that is shaped now");
  set->add_option("board", board_, "board of the bench, or name given with --name")->required();
  set->add_option("profile", profile_, "link profile of the fixtures")->required();
  set->callback([this, &invocation] { this->set(invocation); });
  auto* clear = link.add_subcommand(
      "clear",
      "a link that is shaped now as if it were a wire; without a board: undo what a killed "
      "otarig has left on this machine");
  clear->add_option("board", board_, "board of the bench, or name given with --name");
  clear->callback([this, &invocation] { this->clear(invocation); });
  auto* trace = link.add_subcommand("trace", "a profile's rate as a mahimahi trace, on stdout");
  trace->add_option("profile", profile_, "link profile of the fixtures")->required();
  trace->add_option("--direction", direction_, "up or down")
      ->check(CLI::IsMember({"up", "down"}))
      ->capture_default_str();
  trace->callback([this, &invocation] { this->trace(invocation); });
}

}  // namespace rig::cli
