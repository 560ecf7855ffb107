#!/usr/bin/env bash
# The Debian package: holds everything, runs from where it is unpacked; the manual and the completion
# know every command and option; a night runs as the systemd unit runs it.
# usage: package_test.sh OTARIG SOURCE BUILD
set -euo pipefail
otarig=$1
source=$2
build=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state HOME=$work
unset OTARIG_DB OTARIG_FIXTURES OTARIG_FIRMWARE OTARIG_BENCH
failures=0

fail() {
  echo "package_test.sh: $*" >&2
  failures=$((failures + 1))
}

for tool in dpkg-deb dpkg-shlibdeps cpack; do
  command -v "$tool" >/dev/null || {
    echo "package_test.sh: SKIPPED, there is no $tool on this machine"
    exit 77
  }
done
# What the build made is packed as it is: with Ninja, cpack builds nothing again.
cpack --config "$build/CPackConfig.cmake" -B "$work/packed" >"$work/cpack.log" 2>&1 || {
  cat "$work/cpack.log" >&2
  exit 1
}
package=$(find "$work/packed" -maxdepth 1 -name 'otarig_*.deb')
dpkg-deb -x "$package" "$work/root"
dpkg-deb -f "$package" Depends | grep -q libsqlite3 || fail "the package depends on no library"
usr=$work/root/usr
for file in bin/otarig share/otarig/fixtures/devices/electron.yaml share/man/man1/otarig.1.gz \
  share/otarig/scenarios/electron/no-cut.yaml share/otarig/firmware/electron-0.7.0.json \
  share/man/man5/otarig-scenario.5.gz share/man/man5/otarig-bench.5.gz \
  share/bash-completion/completions/otarig lib/systemd/system/otarig-night@.service \
  lib/systemd/system/otarig-night@.timer lib/systemd/system/otarig-restore@.service \
  lib/udev/rules.d/60-otarig.rules lib/sysusers.d/otarig.conf lib/tmpfiles.d/otarig.conf \
  lib/otarig/otarig-night share/doc/otarig/copyright; do
  [[ -s $usr/$file ]] || fail "the package lacks /usr/$file"
done

installed=$usr/bin/otarig
cd "$work"
said=$("$installed" run electron/no-cut -q 2>&1) || fail "a run from the package: $said"
grep -q 'survived-new' <<<"$said" || fail "a run from the package: $said"
"$installed" report 1 --html page.html >/dev/null && grep -q 'function showTimeline' page.html ||
  fail "a report from the package"

# Every command and every option that --help tells of is in the manual and in the completion.
manual=$(zcat "$usr/share/man/man1/otarig.1.gz" | sed 's/\\-/-/g; s/\\f[A-Z]//g')
bash -n "$usr/share/bash-completion/completions/otarig"
# shellcheck source=/dev/null
source "$usr/share/bash-completion/completions/otarig"

completed() {  # WORDS..: what follows them, the last one being completed
  COMP_WORDS=(otarig "$@")
  COMP_CWORD=$#
  COMPREPLY=()
  _otarig
  printf '%s\n' "${COMPREPLY[@]}"
}

check() {  # COMMAND..
  local help word
  help=$("$installed" "$@" --help)
  grep -qE "^otarig${*:+ $*}( |$)" <<<"$manual" || fail "no word of 'otarig $*' in otarig(1)"
  for word in $(grep -oE '^  (-[a-zA-Z],)?--[a-z-]+' <<<"$help" | grep -oE -- '--[a-z-]+'); do
    grep -qF -- "$word" <<<"$manual" || fail "no word of $word (otarig $*) in otarig(1)"
    completed "$@" "$word" | grep -qxF -- "$word" || fail "otarig $* $word is not completed"
  done
  for word in $(sed -n '/^Subcommands:/,/^[^ ]*$/p' <<<"$help" | grep -oE '^  [a-z][a-z-]*'); do
    completed "$@" "$word" | grep -qxF -- "$word" || fail "otarig $* $word is not completed"
    check "$@" "$word"
  done
}
check
commands=$(sed -n '/^Subcommands:/,$p' <<<"$("$installed" --help)" | grep -cE '^  [a-z]')
((commands > 10)) || fail "only $commands commands found in --help"
OTARIG_FIXTURES=$usr/share/otarig/fixtures completed run electron/no- | grep -qx electron/no-cut ||
  fail "names of scenarios are not completed"
if command -v man >/dev/null; then
  for page in man1/otarig.1 man5/otarig-scenario.5 man5/otarig-bench.5; do
    said=$(LC_ALL=C.UTF-8 man --warnings=w -l "$usr/share/man/$page.gz" 2>&1 >/dev/null) || true
    [[ -z $said ]] || fail "$page: $said"
  done
fi

# Every word that a scenario or a bench file can hold is in its page.
words() {  # PAGE SOURCES..: quoted words of the readers that the page does not have
  local page=$1 word text
  shift
  text=$(sed 's/\\-/-/g; s/\\f[A-Z]//g' "$source/fixtures/man/$page")
  for word in $(cat "$@" | grep -v '^#include' | grep -oE '"[a-z_-]+"' | tr -d '"' | sort -u); do
    grep -qE -- "(^|[^a-z_])$word([^a-z_]|$)" <<<"$text" || echo "$word"
  done
}
cd "$source/rig/scenario"
# Keys of other files: a manifest's.
lacking=$(words otarig-scenario.5 scenario*.cc | grep -vxE 'installed_system|bootloaders' || true)
[[ -z $lacking ]] || fail "otarig-scenario(5) lacks: $lacking"
lacking=$(words otarig-bench.5 bench*.cc || true)
[[ -z $lacking ]] || fail "otarig-bench(5) lacks: $lacking"
cd "$work"

# A night as systemd starts it, on the installed program.
mkdir "$work/etc"
printf 'SCENARIOS=electron/2.0.0-built-in-board\nCYCLES=6\nSOAK="--sim 2"\n' >"$work/etc/desk.night"
code=0
said=$(OTARIG_ETC=$work/etc OTARIG=$installed "$usr/lib/otarig/otarig-night" desk 2>&1) || code=$?
nights=$XDG_STATE_HOME/otarig/nights
[[ $code -eq 0 ]] || fail "the night ended with $code: $said"
for file in report.html junit.xml report.json; do
  [[ -s $(echo "$nights"/desk-*/"$file") ]] || fail "the night left no $file: $said"
done
[[ -s $XDG_STATE_HOME/otarig/backup.db ]] || fail "the night left no backup: $said"

((failures == 0)) && echo 'the package holds, knows and runs everything'
exit "$((failures != 0))"
