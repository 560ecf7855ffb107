#!/usr/bin/env bash
# otarig against the Linux kernel's real USB, HID, serial and hub drivers, in a guest under software
# emulation (fixtures/emulators/guest). Skipped (77) where there is no QEMU or no kernel to be had.
# usage: kernel_lab_test.sh FOLDER_OF_PROGRAMS SOURCE_DIR GUEST_DIR [switches]
#   switches: only the switches, their addresses and rights; no cycles
set -u
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
programs=$1
source=$2
guest=$3
only=${4:-}
run=$source/fixtures/emulators/guest/run.sh
for each in otarig usb_lab emulated_lab; do
  [ -x "$programs/$each" ] || {
    echo "$programs/$each is not built: ./dev build release"
    exit 1
  }
done

job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT

# A guest that does not end is ended, and leaves nobody behind: this one has no time to boot.
"$run" --folder "$guest" --job "$job" --limit 2 -- true >"$job/out.txt" 2>&1
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

"$run" --folder "$guest" --job "$job" --limit 840 -- \
  bash "$here/kernel_lab_guest.sh" "$programs" "$source" $only
code=$?
if [ $code -ne 0 ]; then
  [ $code -eq 77 ] && exit 77
  echo "the guest's command: exit status $code; the kernel's last words:"
  tail -n 15 "$job/guest/kernel.log"
  exit 1
fi

[ "$only" = switches ] && exit 0

# Nothing recorded is lost: what was shown live is what each database gives back, with a verdict.
cycles=0
failures=0
events() { grep -cE ' (device|power|rig) +[a-z_]+' "$1"; }
for db in "$job"/recorded/*.db; do
  cycles=$((cycles + 1))
  "$programs/otarig" show 1 --db "$db" --fixtures "$source/fixtures" >"$job/show.txt" 2>&1
  live=$(events "${db%.db}.txt")
  stored=$(events "$job/show.txt")
  if ! grep -q '^verdict:' "$job/show.txt" || [ "$live" -lt 3 ] || [ "$stored" -lt "$live" ]; then
    echo "$(basename "$db"): $live events were shown live, its database gives back $stored:"
    tail -n 5 "$job/show.txt"
    failures=1
  fi
done
[ $cycles -eq 15 ] || {
  echo "$cycles cycles were recorded, 15 were run"
  failures=1
}
exit $failures
