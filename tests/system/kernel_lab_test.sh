#!/usr/bin/env bash
# otarig against the Linux kernel's real USB, HID, serial and hub drivers, in a guest under software
# emulation (fixtures/emulators/guest). Skipped (77) where there is no QEMU or no kernel to be had.
# usage: kernel_lab_test.sh OTARIG FOLDER_OF_EMULATORS SOURCE_DIR BUILD_DIR
set -u
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
run=$3/fixtures/emulators/guest/run.sh

job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT

# A guest that does not end is ended, and leaves nobody behind: this one has no time to boot.
"$run" --folder "$4" --job "$job" --limit 1 -- true >"$job/out.txt" 2>&1
code=$?
[ $code -eq 77 ] && {
  cat "$job/out.txt"
  exit 77
}
[ $code -eq 124 ] || {
  echo "a guest without time: exit status $code (wanted 124):"
  cat "$job/out.txt"
  exit 1
}
left=$(pgrep -f -- "path=$job" || true)
[ -z "$left" ] || {
  echo "QEMU outlives its limit: process $left"
  exit 1
}

"$run" --folder "$4" --job "$job" --limit 600 --env "ASAN_OPTIONS=${ASAN_OPTIONS:-}" \
  --env "UBSAN_OPTIONS=${UBSAN_OPTIONS:-}" -- \
  bash "$here/kernel_lab_guest.sh" "$1" "$2" "$3"
code=$?
case $code in
  0 | 77) exit $code ;;
esac
echo "the guest's command: exit status $code; the kernel's last words:"
tail -n 15 "$job/guest/kernel.log"
exit 1
