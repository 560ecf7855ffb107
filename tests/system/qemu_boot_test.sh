#!/usr/bin/env bash
# The product's firmware on QEMU's emcraft-sf2: boots from the NOR file, keeps it over a loss of
# power (SIGKILL), tells a loss of power, a software reset, a watchdog and a reset from outside
# apart, talks to a modem, and never takes QEMU down with it. Nothing here depends on how fast the
# machine is.
# usage: qemu_boot_test.sh FIRMWARE_FOLDER NOR_TOOL
set -u
firmware=$1
nor_tool=$2
command -v qemu-system-arm >/dev/null || exit 77
work=$(mktemp -d)
qemu=
cut() {  # the loss of power
  [ -n "$qemu" ] && kill -KILL "$qemu" 2>/dev/null && wait "$qemu" 2>/dev/null
  qemu=
}
trap 'cut; rm -rf "$work"' EXIT
mkfifo "$work"/{modem,monitor}.{in,out}
: >"$work/console"

# power_on: the machine starts; its console is appended to $work/console.
power_on() {
  qemu-system-arm -M emcraft-sf2 -nodefaults -display none \
    -chardev "file,id=console,path=$work/console,append=on" -serial chardev:console \
    -chardev "pipe,id=modem,path=$work/modem" -serial chardev:modem \
    -chardev "pipe,id=monitor,path=$work/monitor" -mon chardev=monitor \
    -drive "if=mtd,format=raw,file=$work/nor" -kernel "$firmware/boot-rom.elf" \
    2>>"$work/qemu" &
  qemu=$!
}

failures=0
complain() {
  printf '%s\n' "$@"
  failures=$((failures + 1))
}

# hear TEXT [SECONDS]: the next line of the console, behind those heard before, that has TEXT in it.
heard=0
hear() {
  local at
  for _ in $(seq $((${2:-60} * 20))); do
    at=$(tail -n "+$((heard + 1))" "$work/console" | grep -nF -m1 -- "$1")
    if [ -n "$at" ]; then
      heard=$((heard + ${at%%:*}))
      return
    fi
    kill -0 "$qemu" 2>/dev/null || break
    sleep 0.05
  done
  complain "did not hear \"$1\" behind line $heard of:" "$(tail -n 20 "$work/console")" \
    "QEMU says: $(tail -n 3 "$work/qemu")"
}

plant() {  # plant PRODUCT [SYSTEM]
  "$nor_tool" plant "$firmware" "$1" "$work/nor" "${2:-0.6.4}" || exit 1
}
module_is() {  # module_is REGION WANTED
  local found
  found=$("$nor_tool" version "$work/nor" "$1")
  [ "$found" = "$2" ] || complain "the NOR has $1 \"$found\", wanted \"$2\""
}

# What a modem says to the first commands, down to its identity.
answer_as_modem() {
  local command
  while IFS= read -r -d $'\r' command; do
    case $command in
      AT+CPIN?) printf '\r\n+CPIN: READY\r\n' ;;
      AT+CGSN) printf '\r\n004999010640000\r\n' ;;
      AT+CGMM) printf '\r\nSARA-U260\r\n' ;;
      AT+CCID) printf '\r\n+CCID: 89310170000000000000\r\n' ;;
      AT+CIMI) printf '\r\n001010123456789\r\n' ;;
    esac
    printf '\r\nOK\r\n'
  done <"$work/modem.out" >"$work/modem.in"
}

# Power, boot, system, application; then the modem, over the second UART.
plant electron-0.7.0
power_on
hear 'bootloader ver=0.7.0 reset=power_down retry=0'
hear 'system ver=604 mode=normal user=1 user_state=ok'
hear 'user ver=1'
answer_as_modem &
modem=$!
hear 'modem ready model=SARA-U260 imsi=001010123456789' 120
kill "$modem" 2>/dev/null
wait "$modem" 2>/dev/null

# A loss of power, and nothing is lost but RAM.
cut
module_is user '1 ok'
power_on
hear 'bootloader ver=0.7.0 reset=power_down retry=0'
hear 'user ver=1'
cut

# Without an application, but with a factory copy: the system asks for it and resets by software,
# the bootloader finds the request in the backup registers and copies. The copy outlives the power.
plant electron-0.7.0-factory-plain
"$nor_tool" erase "$work/nor" user
module_is user none
power_on
hear 'bootloader ver=0.7.0 reset=power_down'
hear 'user_state=factory-restore'
hear 'reset=factory_reset'
hear 'copied module=factory result=ok'
hear 'user ver=0'
cut
module_is user '0 ok'
power_on
hear 'bootloader ver=0.7.0 reset=power_down'
hear 'user ver=0'
cut

# A system that does not feed its watchdog: five seconds, and the ladder of failed boots. A reset
# from outside is none of these.
plant electron-mutant-watchdog-starved 0.7.0
power_on
hear 'system ver=700'
hear 'bootloader ver=2.0.0 reset=watchdog retry=1'
hear 'system ver=700'
echo system_reset 1<>"$work/monitor.in"
hear 'bootloader ver=2.0.0 reset=pin retry=0'
cut

# A system that is no module any more: the bootloader waits for a tool.
plant electron-0.7.0
"$nor_tool" scribble "$work/nor" system
power_on
hear 'bootloader dfu reason=no-system'
cut

# A bootloader that was destroyed behind its vectors, and a flash that is empty: the core faults at
# once, again and again, which must not end QEMU. The boot ROM stands still, the console with it.
# The boot ROM notes faults and, in bits, the sectors it has read (boards/emcraft-sf2/retained.h).
rom_notes() {  # rom_notes FAULTS SECTORS
  echo 'xp /2wx 0x20000010' 1<>"$work/monitor.in"  # does not wait for a reader
  timeout 1 cat "$work/monitor.out" | tr -d '\r' | tail -n 5 | grep -q "0x0*$1 0x0*$2"
}
stands_still() {  # stands_still WHAT FAULTS SECTORS
  local lines
  lines=$(wc -l <"$work/console")
  power_on
  until rom_notes "$2" "$3"; do
    kill -0 "$qemu" 2>/dev/null || break
    sleep 0.05
  done
  rom_notes "$2" "$3"
  kill -0 "$qemu" 2>/dev/null || complain "$1: QEMU ended: $(tail -n 3 "$work/qemu")"
  [ "$(wc -l <"$work/console")" = "$lines" ] || complain "$1: $(tail -n 3 "$work/console")"
  cut
}
plant electron-0.7.0
"$nor_tool" scribble "$work/nor" bootloader
stands_still 'destroyed bootloader' 2 1
"$nor_tool" erase "$work/nor" bootloader
stands_still 'no bootloader' 0 1

[ "$failures" -eq 0 ]
