#!/usr/bin/env bash
# "Test your own bootloader", as the README tells it: its own commands, one after the other, in a
# copy of the example; then the mistakes that users make.
#   own_bootloader_test.sh OTARIG SOURCES
set -euo pipefail

otarig=$1
sources=$2
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

fail() { printf 'FAIL: %s\n' "$*" >&2; exit 1; }

# The commands of the section, in the order in which they stand there.
awk '/^## Test your own bootloader/ { inside = 1 } inside && /^## / && !/own bootloader/ { exit }
     inside && /^```sh/ { code = 1; next } /^```/ { code = 0 } inside && code' \
  "$sources/README.md" > "$work/commands"
grep -q 'otarig sweep' "$work/commands" || fail 'the README has no commands'

cp -r "$sources/fixtures/own-bootloader" "$work/own"
cd "$work/own"
mkdir "$work/bin"
ln -s "$otarig" "$work/bin/otarig"
export PATH="$work/bin:$PATH" OTARIG_DB="$work/results.db" OTARIG_FIXTURES="$sources/fixtures"
export OTARIG_FIRMWARE="$work"
bash -euo pipefail "$work/commands" > "$work/out" 2> "$work/err" ||
  { cat "$work/out" "$work/err" >&2; fail 'a command of the README failed'; }

# Every cut survives; without its journal the update is lost or half of it is there.
status=0
otarig sweep update.yaml --json > "$work/good.json" 2> /dev/null || status=$?
[[ $status == 0 ]] || fail "the good build: exit code $status"
gcc='arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -Os -ffreestanding -nostdlib -g'
$gcc -T bootloader.ld -DFORGETFUL bootloader.c -o bootloader.elf
status=0
otarig sweep update.yaml --json > "$work/bad.json" 2> /dev/null || status=$?
[[ $status == 1 ]] || fail "the build that forgets: exit code $status"
grep -q '"counterexamples"' "$work/bad.json" || fail 'no counterexample'

# A register that nobody modelled: told with place, function and the line that would answer it.
$gcc -T bootloader.ld bootloader.c -o bootloader.elf
$gcc -T application.ld -DVERSION="'1'" application.c -o v1.elf
$gcc -T application.ld -DVERSION="'2'" -DUSES_TIMER application.c -o v2.elf
arm-none-eabi-objcopy -O binary v2.elf v2.bin
status=0
otarig run update.yaml --cut none > "$work/out" 2> "$work/err" || status=$?
[[ $status == 1 ]] || fail "an unmodelled register: exit code $status"
grep -q 'unmodelled register: write of 0x40008000.*- {at: 0x40008000, size: 4}.*(in reset+0x' \
  "$work/out" || { cat "$work/out" >&2; fail 'no word of the unmodelled register'; }
grep -q '^verdict: *stuck' "$work/out" || grep -q stuck "$work/out" || fail 'not stuck'
sed 's/^stubs:/stubs:\n  - {at: 0x40008000, size: 4}/' "$sources/fixtures/mcus/nrf52840.yaml" \
  > chip.yaml
sed 's/mcu: nrf52840/mcu: chip.yaml/' update.yaml > stubbed.yaml
otarig run stubbed.yaml --cut none > "$work/out" 2>&1 || fail 'the stub does not help'

# What cannot be planted: file, line, exit code 2.
refused() { # WHAT SCENARIO
  local status=0
  otarig run "$2" > "$work/out" 2> "$work/err" || status=$?
  [[ $status == 2 ]] || { cat "$work/out" "$work/err" >&2; fail "$2: exit code $status"; }
  grep -q -- "$1" "$work/err" || { cat "$work/err" >&2; fail "$2: no word of $1"; }
}
sed 's#- bootloader.elf#- /bin/true#' update.yaml > foreign.yaml
refused 'foreign.yaml:[0-9]*:[0-9]*: .*not for ARM' foreign.yaml
sed 's/at: 0x20000}/at: 0x4000}/' update.yaml > overlap.yaml
refused 'overlap.yaml:[0-9]*:[0-9]*: .*overlaps' overlap.yaml
sed 's/at: 0x20000}/at: 0xFFFFC}/' update.yaml > outside.yaml
refused 'outside.yaml:[0-9]*:[0-9]*: .*the flash is' outside.yaml
sed 's/256 x 4KB/255 x 4KB/' "$sources/fixtures/mcus/nrf52840.yaml" > short.yaml
sed 's/mcu: nrf52840/mcu: short.yaml/' update.yaml > geometry.yaml
refused 'short.yaml:[0-9]*:[0-9]*: the sectors make' geometry.yaml
sed "s/'^BL hello'/'^BL (hello'/" console.yaml > broken-console.yaml
sed 's/console.yaml/broken-console.yaml/' update.yaml > profile.yaml
refused 'broken-console.yaml:[0-9]*:[0-9]*: .*regular expression' profile.yaml
echo 'own bootloader: good'
