#!/usr/bin/env bash
# otarig, behind the Linux kernel's serial drivers, as the relay's master, the listener to the
# console and the modem of a board that is the product's real firmware on an emulated Cortex-M
# (fixtures/emulators/guest/arm.sh). Skipped (77) where there is no QEMU or no kernel to be had.
# usage: arm_lab_test.sh BUILD_FOLDER SOURCE_DIR GUEST_FOLDER NOR_TOOL
set -u
programs=$1 source=$2 guest=$3
arm=$2/fixtures/emulators/guest/arm.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
complain() {
  printf '%s\n' "$@"
  failures=$((failures + 1))
}
lab() { # lab JOB LIMIT: a cycle; its exit status in $code, what was said in JOB.txt
  mkdir "$work/$1"
  "$arm" "$guest" "$work/$1" "$2" "$programs" "$source" emulated/small \
    phase=downloading:cut=board:off=1s >"$work/$1.txt" 2>&1
  code=$?
  local left
  left=$(pgrep -f -- "$work/$1" || true)
  [ -z "$left" ] || complain "left behind: $(ps -o pid=,args= -p "${left//$'\n'/,}")"
}

# A guest that has no time to boot: everything ends with it.
lab ended 1
[ $code -eq 77 ] && {
  cat "$work/ended.txt"
  exit 77
}
[ $code -eq 124 ] ||
  complain "a guest without time: exit $code (wanted 124):" "$(cat "$work/ended.txt")"

# A whole cycle, once more where otarig says that this machine has no time for it.
lab cycle 270
if [ $code -eq 3 ] && grep -q "this machine is too busy" "$work/cycle.txt"; then
  rm -r "$work/cycle"
  lab cycle 270
fi

# What otarig concluded, what crossed the wires, what the flash really holds.
[ $code -eq 0 ] || complain "the cycle: exit $code (wanted 0)"
"$programs/otarig" show 1 --db "$work/cycle/otarig.db" >"$work/shown.txt" 2>&1
times() { # times AT_LEAST PATTERN FILE
  local count
  count=$(grep -cE -- "$2" "$3")
  [ "$count" -ge "$1" ] || complain "$count times \"$2\" in $3, wanted $1 or more"
}
times 1 '^verdict: +retried' "$work/shown.txt"
# Three boots from no power, and each time the modem was asked who it is; it lost its own power, and
# with it the APN, at the start and in the clean reboot only.
times 3 ' console +line +bootloader ver=0.7.0 reset=power_down' "$work/shown.txt"
times 3 ' modem +command +AT\+CIMI' "$work/shown.txt"
times 2 ' modem +command +AT\+UPSD=0,1,"iot.example.net"' "$work/shown.txt"
times 1 ' console +line +modem ready model=SARA-U201 imsi=204513' "$work/shown.txt"
# The relay's word and its contact: as many, and as told.
times 3 'click, contact closed' "$work/cycle.txt"
times 3 'click, contact open' "$work/cycle.txt"
found=$("$4" version "$work/cycle/board/nor.bin" user)
[ "$found" = '2 ok' ] ||
  complain "the board's flash has user application \"$found\", wanted \"2 ok\""

[ "$failures" -eq 0 ] && exit 0
tail -n 40 "$work/cycle.txt"
tail -n 15 "$work/cycle/guest/kernel.log"
exit 1
