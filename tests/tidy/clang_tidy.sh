#!/usr/bin/env bash
# clang-tidy over every C++ source that the build compiles, in parallel, skipping what was found
# clean before. usage: clang_tidy.sh BUILD-FOLDER JOBS [--fix]; from the project's root.
#
# A file is known to be clean when build/tidy-cache holds an entry named by the hash of all that
# clang-tidy saw: the file, the project's headers it includes (transitively), its compile command,
# the checks, and the version of clang-tidy.
set -euo pipefail

build_folder=$1
jobs=$2
fix=${3:-}
cache=build/tidy-cache
mkdir -p "$cache"

# file<TAB>compile command, of our own sources, from the lines CMake writes
compile_commands() {
  awk -v root="$PWD/" '
    /^ *"command": / { command = $0 }
    /^ *"file": / {
      split($0, part, "\"")
      file = part[4]
      if (index(file, root) != 1) next
      file = substr(file, length(root) + 1)
      if (file ~ /^(rig|tests)\/.*\.cc$/) print file "\t" command
    }' "$build_folder/compile_commands.json" | sort -u
}

# "file header header ..." for each source of the list on stdin
with_headers() {
  xargs -r awk '
    function includes_of(file,   line, part, key) {
      if (file in direct) return
      direct[file] = ""
      while ((getline line < file) > 0) {
        if (line !~ /^#include "/) continue
        split(line, part, "\"")
        key = resolved(part[2], file)
        if (key != "") direct[file] = direct[file] " " key
      }
      close(file)
    }
    function resolved(name, from,   folder, i, candidate) {
      folder[1] = "rig/"; folder[2] = "tests/"
      folder[3] = from; sub(/[^\/]*$/, "", folder[3])
      for (i = 1; i <= 3; ++i) {
        candidate = folder[i] name
        if ((getline junk < candidate) >= 0) { close(candidate); return candidate }
      }
      return ""
    }
    function closure(file, seen,   list, n, i) {
      if (file in seen) return
      seen[file] = 1
      includes_of(file)
      n = split(direct[file], list, " ")
      for (i = 1; i <= n; ++i) closure(list[i], seen)
    }
    BEGIN {
      for (a = 1; a < ARGC; ++a) {
        delete seen
        closure(ARGV[a], seen)
        line = ARGV[a]
        for (file in seen) if (file != ARGV[a]) line = line " " file
        print line
      }
      exit
    }'
}

# file<TAB>key
keys() {
  local salt commands file headers
  salt=$({ clang-tidy --version && cat .clang-tidy tests/.clang-tidy; } | sha256sum)
  declare -A commands
  while IFS=$'\t' read -r file command; do commands[$file]=$command; done < <(compile_commands)
  ((${#commands[@]} > 0)) || { echo "clang_tidy.sh: nothing to check" >&2; return 1; }
  printf '%s\n' "${!commands[@]}" | with_headers | while read -r file headers; do
    # shellcheck disable=SC2086  # headers is a list
    printf '%s\t%s\n' "$file" "$({ echo "$salt ${commands[$file]}"
      sha256sum "$file" $(printf '%s\n' $headers | sort); } | sha256sum | cut -d' ' -f1)"
  done | sort
}

# Runs in its own shell, started by xargs; the environment carries build_folder, fix and cache.
check_one() {  # FILE<TAB>KEY
  local file=${1%$'\t'*} key=${1#*$'\t'} output
  if output=$(clang-tidy --quiet ${fix:+--fix} -p "$build_folder" \
    --extra-arg=-Wno-unknown-warning-option "$file" 2>&1); then
    touch "$cache/$key"
  else
    grep -v 'warnings\? generated\|warnings\? treated as error' <<<"$output"
    return 1
  fi
}

export build_folder fix cache
export -f check_one
all=$(keys)
due=$(while IFS=$'\t' read -r file key; do
  [[ -e $cache/$key ]] || printf '%s\t%s\n' "$file" "$key"
done <<<"$all")
printf 'clang-tidy: %d files, %d of them known to be clean\n' "$(wc -l <<<"$all")" \
  "$(($(wc -l <<<"$all") - $(grep -c . <<<"$due" || true)))"
[[ -n $due ]] || exit 0
[[ -z $fix ]] || jobs=1  # two of them must not repair one header at a time
xargs -d '\n' -r -n 1 -P "$jobs" bash -c 'check_one "$1"' _ <<<"$due"
