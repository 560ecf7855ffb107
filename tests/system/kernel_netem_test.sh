#!/usr/bin/env bash
# otarig link netem against a kernel that has netem, in a guest under software emulation
# (fixtures/emulators/guest). Skipped (77) where there is no QEMU, no kernel to be had, no ip or tc.
# usage: kernel_netem_test.sh OTARIG SOURCE_DIR GUEST_DIR
set -u
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
command -v ip >/dev/null && command -v tc >/dev/null || {
  echo "skipped: there is no ip or no tc (Debian package iproute2)"
  exit 77
}
exec "$2/fixtures/emulators/guest/run.sh" --folder "$3" --limit 400 -- \
  bash "$here/kernel_netem_guest.sh" "$1" "$2"
