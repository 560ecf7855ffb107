#!/usr/bin/env bash
# The same scenario and the same plan on the simulated board and on QEMU: the verdict must be the
# same for every cut. Two emulators that share no code, one in virtual and one in real time.
#
# A cut at a symbol lands on the same instruction on both. A cut at a line, a phase or a count of
# bytes falls on the very instant in virtual time and some milliseconds into what follows in real
# time, more on a busy host. Where that makes a difference, the simulated board is cut that much
# later too: the difference is explained when it then comes to QEMU's verdict, and a few only may
# need it. Up to two seconds, because an erase takes a second there and no time on QEMU.
# usage: agreement_test.sh OTARIG SOURCE_FOLDER [JOBS]
set -uo pipefail

otarig=$1
source=$2
jobs=${3:-$(($(nproc) * 4))}  # a cycle in real time mostly waits
command -v qemu-system-arm >/dev/null || { echo "no qemu-system-arm: skipped" && exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export otarig source work

# The two that wait for a deadline come first: behind the others, all would wait for them.
plans() {
  local n domain
  echo "symbol=bootloader/board_flash_program.4:cut=board+modem"
  echo "phase=applying:cut=board+modem"
  for n in 1 2 3 8 20 33 40 50 64 65 66; do
    echo "symbol=system/board_flash_program.$n:cut=board+modem"
    echo "symbol=system/board_flash_program.$n:cut=board"
  done
  for n in 1 2; do
    echo "symbol=system/board_flash_erase.$n:cut=board+modem"
  done
  for n in 1 2 3 4; do
    ((n == 4)) || echo "symbol=bootloader/board_flash_program.$n:cut=board+modem"
    echo "symbol=bootloader/board_flash_program.$n:cut=board"
  done
  for domain in board board+modem; do
    for n in downloading verifying pending applying rebooting; do
      [[ $n:$domain == applying:board+modem ]] || echo "phase=$n:cut=$domain"
    done
    for n in begin progress resetting copied; do
      echo "console=$n:cut=$domain"
    done
    echo "bytes=down.4000:cut=$domain"
    echo "bytes=down.20000:cut=$domain"
  done
}

verdict_on() {  # BOARD PLAN FILE: the verdict, or what went wrong
  local out
  mkdir -p "$3.state"
  out=$(XDG_STATE_HOME=$3.state timeout 300 "$otarig" run "$source/scenarios/emulated/small.yaml" \
    --board "$1" --cut "$2:off=100ms" --db "$3.db" --json --quiet 2>"$3.err")
  sed -n 's/^  "verdict": "\(.*\)",\{0,1\}$/\1/p' <<<"$out" | grep . || echo "none: $(tail -1 "$3.err")"
}
export -f verdict_on

explanation() {  # PLAN VERDICT FILE: how much later the simulated board comes to this verdict too
  local later
  [[ $1 == symbol=* || $2 == none* ]] && return
  for later in 1 2 4 8 16 32 64 128 256 512 1024 2048; do
    [[ $(verdict_on sim "$1:offset=${later}ms" "$3-$later") == "$2" ]] &&
      echo "explained: the same on sim $later ms later" && return
  done
}
export -f explanation

one() {  # NUMBER PLAN
  local sim qemu why=
  sim=$(verdict_on sim "$2" "$work/$1-sim")
  qemu=$(verdict_on qemu "$2" "$work/$1-qemu")
  [[ $sim == "$qemu" ]] || why=$(explanation "$2" "$qemu" "$work/$1-later")
  printf '%s\t%s\t%s\t%s\n' "$2" "$sim" "$qemu" "$why"
}
export -f one

plans | awk '{printf "%d\t%s\n", NR, $0}' |
  xargs -P "$jobs" -d '\n' -I{} bash -c 'line="{}"; one "${line%%	*}" "${line#*	}"' >"$work/table"

sort "$work/table"
total=$(wc -l <"$work/table")
explained=$(awk -F'\t' '$4 != ""' "$work/table" | wc -l)
different=$(awk -F'\t' '$2 != $3 && $4 == ""' "$work/table" | wc -l)
landed=$(awk -F'\t' '$2 == $3 && $2 !~ /void|fault|none/' "$work/table" | wc -l)
kinds=$(cut -f2 "$work/table" | sort -u | wc -l)
echo "$total plans: $landed landed with the same verdict, $explained with one that real time explains," \
  "$different with another; $kinds kinds of verdicts"
((different == 0 && landed >= 50 && explained <= 4 && kinds >= 2))
