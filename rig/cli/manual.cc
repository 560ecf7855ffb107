#include "cli/manual.h"

#include <fmt/format.h>

#include <string_view>

namespace rig::cli {
namespace {

using std::string_view;

// Text of a page: a line may not begin with what man(7) takes for a request.
std::string plain(string_view text) {
  std::string out;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    begins = c == '\n';
  }
  return out;
}

std::string bold(string_view text) { return "\\fB" + plain(text) + "\\fR"; }
std::string italic(string_view text) { return "\\fI" + plain(text) + "\\fR"; }

std::string names_of(const OptionEntry& option) {
  std::string out;
  for (const std::string& name : option.names) {
    out += (out.empty() ? "" : ", ") + (option.positional ? italic(name) : bold(name));
  }
  if (!option.positional && !option.value.empty()) out += " " + italic(option.value);
  return out;
}

std::string option_text(const OptionEntry& option) {
  std::string out = ".TP\n" + names_of(option) + "\n" + plain(option.description);
  if (!option.preset.empty()) out += "; default: " + plain(option.preset);
  if (!option.variable.empty()) out += "; variable " + bold(option.variable);
  return out + ".\n";
}

std::string options_text(const CommandEntry& command) {
  std::string out;
  for (const OptionEntry& option : command.options) out += option_text(option);
  return out;
}

std::string synopsis_of(const CommandEntry& command, const std::string& path) {
  std::string out = bold(path);
  if (!command.commands.empty()) out += " " + italic("command");
  for (const OptionEntry& option : command.options) {
    if (!option.positional) continue;
    const std::string name = italic(option.names.front()) + (option.repeats ? "..." : "");
    out += option.required ? " " + name : " [" + name + "]";
  }
  return out + " [" + italic("options") + "]";
}

void add_command(std::string& out, const CommandEntry& command, const std::string& path) {
  out += ".SS " + path + "\n" + synopsis_of(command, path) + "\n.PP\n" +
         plain(command.description) + ".\n" + options_text(command);
  if (!command.footer.empty()) out += ".PP\n" + plain(command.footer) + "\n";
  for (const CommandEntry& each : command.commands) {
    add_command(out, each, path + " " + each.name);
  }
}

constexpr string_view kEnd = R"(.SH EXIT STATUS
.TP
.B 0
pass
.TP
.B 1
the device failed
.TP
.B 2
usage or configuration error; nothing was started
.TP
.B 3
no trial: a cut did not land, the rig failed, the control run failed, or the evidence is too little
.TP
.B 130
interrupted
.SH ENVIRONMENT
.TP
.BR OTARIG_DB ", " OTARIG_BENCH ", " OTARIG_FIXTURES ", " OTARIG_FIRMWARE
stand in for the options of these names.
.TP
.B XDG_STATE_HOME
where the database, the power journals and what is changed on this machine are written down;
default: ~/.local/state.
.SH FILES
.TP
.I $XDG_STATE_HOME/otarig/otarig.db
the campaigns, cycles and timelines.
.TP
.I $XDG_STATE_HOME/otarig/power/BOARD.journal
what was meant to be switched, and how often each contact was closed.
.TP
.I /usr/share/otarig/fixtures
device profiles, SIM cards, links and example benches of the installed package.
.TP
.I /usr/share/otarig/scenarios
scenarios of the installed package; named without folder and suffix.
.TP
.I /etc/otarig/NAME.yaml
the bench of otarig-restore@NAME and otarig-night@NAME (systemd).
.TP
.I /etc/otarig/NAME.night
what otarig-night@NAME runs; see /usr/share/doc/otarig/example.night.
.SH SEE ALSO
.BR otarig-scenario (5),
.BR otarig-bench (5)
)";

// Commands by their path, for the completion.
struct Place {
  std::string path;
  std::string words;
  std::string files;    // options whose value is a file
  std::string folders;  // and a folder
  bool scenarios{false};
};

void add_places(std::vector<Place>& places, const CommandEntry& command, const std::string& path) {
  Place place;
  place.path = path;
  for (const CommandEntry& each : command.commands) place.words += each.name + " ";
  for (const OptionEntry& option : command.options) {
    if (option.positional) {
      place.scenarios = place.scenarios || option.names.front() == "scenario";
      continue;
    }
    for (const std::string& name : option.names) {
      place.words += name + " ";
      if (option.value == "FILE") place.files += name + " ";
      if (option.value == "DIR") place.folders += name + " ";
    }
  }
  places.push_back(place);
  for (const CommandEntry& each : command.commands) {
    add_places(places, each, path + (path.empty() ? "" : " ") + each.name);
  }
}

constexpr string_view kComplete = R"sh(
# Names of scenarios: below the folder beside the fixtures.
_otarig_scenarios() {
  local folder=${OTARIG_FIXTURES:-} file
  [[ -n $folder || ! -d fixtures ]] || folder=fixtures
  folder=$(dirname -- "${folder:-/usr/share/otarig/fixtures}")/scenarios
  [[ -d $folder ]] || return
  while IFS= read -r file; do
    file=${file#"$folder"/}
    printf '%s\n' "${file%.yaml}"
  done < <(find "$folder" -name '*.yaml' | sort)
}

_otarig() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} path='' i next
  for ((i = 1; i < COMP_CWORD; ++i)); do
    next="${path:+$path }${COMP_WORDS[i]}"
    [[ -v _otarig_words[$next] ]] && path=$next
  done
  COMPREPLY=()
  local key=${path:-otarig}
  if [[ " ${_otarig_files[$key]-} ${_otarig_files[otarig]} " == *" $before "* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  elif [[ " ${_otarig_folders[$key]-} ${_otarig_folders[otarig]} " == *" $before "* ]]; then
    mapfile -t COMPREPLY < <(compgen -d -- "$word")
  elif [[ $word == -* ]]; then
    local options="${_otarig_words[$key]} ${_otarig_words[otarig]}"
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word" | grep -e '^-' | sort -u)
  else
    local words=${_otarig_words[$key]}
    [[ -z ${_otarig_scenario[$key]-} ]] || words+=" $(_otarig_scenarios)"
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word" | grep -ve '^-'; compgen -f -- "$word")
  fi
}
complete -F _otarig otarig
)sh";

}  // namespace

std::string manual_page(const CommandEntry& program, const std::string& version) {
  std::string out = fmt::format(
      ".TH OTARIG 1 \"\" \"otarig {}\" \"otarig manual\"\n.SH NAME\notarig \\- power cuts during "
      "firmware updates, on simulated and real boards\n.SH SYNOPSIS\n{}\n.SH DESCRIPTION\n{}\n"
      ".SH SHARED OPTIONS\n",
      plain(version), synopsis_of(program, "otarig"), plain(program.description));
  out += options_text(program) + ".SH COMMANDS\n";
  for (const CommandEntry& command : program.commands) {
    add_command(out, command, "otarig " + command.name);
  }
  return out + std::string(kEnd);
}

std::string bash_completion(const CommandEntry& program) {
  std::vector<Place> places;
  add_places(places, program, "");
  std::string out =
      "# Completion of otarig for bash, made by `otarig completion`.\n"
      "declare -gA _otarig_words=() _otarig_files=() _otarig_folders=() _otarig_scenario=()\n";
  for (const Place& place : places) {
    const std::string key = place.path.empty() ? "otarig" : place.path;
    out += fmt::format("_otarig_words['{}']='{}'\n", key, place.words);
    if (!place.files.empty()) out += fmt::format("_otarig_files['{}']='{}'\n", key, place.files);
    if (!place.folders.empty()) {
      out += fmt::format("_otarig_folders['{}']='{}'\n", key, place.folders);
    }
    if (place.scenarios) out += fmt::format("_otarig_scenario['{}']=1\n", key);
  }
  return out + std::string(kComplete);
}

}  // namespace rig::cli
