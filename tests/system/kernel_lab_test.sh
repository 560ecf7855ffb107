#!/usr/bin/env bash
# otarig against the Linux kernel's real USB, HID, serial and hub drivers, in a guest under software
# emulation (fixtures/emulators/guest). Skipped (77) where there is no QEMU or no kernel to be had.
# usage: kernel_lab_test.sh OTARIG FOLDER_OF_EMULATORS SOURCE_DIR BUILD_DIR
set -u
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
run=$3/fixtures/emulators/guest/run.sh

# The guest itself first: an exit status and output come through, a command that hangs is ended.
job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT
"$run" --folder "$4" --job "$job" --limit 400 --env "ASAN_OPTIONS=${ASAN_OPTIONS:-}" \
  --env "UBSAN_OPTIONS=${UBSAN_OPTIONS:-}" -- \
  bash "$here/kernel_lab_guest.sh" "$1" "$2" "$3"
code=$?
case $code in
  0 | 77) exit $code ;;
esac
echo "the guest's command: exit status $code; the kernel's last words:"
tail -n 15 "$job/guest/kernel.log"
exit 1
