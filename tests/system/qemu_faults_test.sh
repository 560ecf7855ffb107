#!/usr/bin/env bash
# An emulated board that ends or hangs, and a rig that gets no time, are failures of the rig: exit code
# 3, never a verdict on the device, and no QEMU is left behind.
# usage: qemu_faults_test.sh OTARIG SOURCE_FOLDER
set -u

command -v qemu-system-arm >/dev/null || { echo "no qemu-system-arm: skipped" && exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# A line of the board's console says that it runs; then it is hit.
hit() {  # NAME TEXT_EXPECTED COMMAND..: the command is given the pids of otarig and of its QEMU
  local name=$1 wanted=$2 rig qemu code
  shift 2
  XDG_STATE_HOME=$work/$name.state TMPDIR=$work timeout 200 "$otarig" run \
    "$source/scenarios/emulated/small.yaml" --board qemu --db "$work/$name.db" \
    >"$work/$name.txt" 2>&1 &
  local waiting=$!
  for _ in $(seq 300); do
    grep -q 'modem ready' "$work/$name.txt" && break
    sleep 0.1
  done
  rig=$(pgrep -P $waiting)
  qemu=$(pgrep -P "$rig")
  "$@" "$rig" "$qemu"
  wait $waiting
  code=$?
  if [ $code -ne 3 ] || ! grep -q "rig-fault: .*$wanted" "$work/$name.txt"; then
    echo "$name: exit $code (wanted 3), wanted to hear '$wanted', heard:"
    tail -n 5 "$work/$name.txt"
    failures=$((failures + 1))
  fi
  if kill -0 "$qemu" 2>/dev/null; then
    echo "$name: QEMU $qemu is still there"
    kill -KILL "$qemu"
    failures=$((failures + 1))
  fi
}

otarig=$1
source=$2
dies() { kill -KILL "$2"; }
hangs() { kill -STOP "$2"; }
starves() {
  kill -STOP "$1"
  sleep 3
  kill -CONT "$1"
}
hit dies 'the emulator ended' dies
hit starves 'too busy' starves
hit hangs 'QEMU hung' hangs
[ $failures -eq 0 ]
