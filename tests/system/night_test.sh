#!/usr/bin/env bash
# The night that systemd starts: what it calls in which order, what it keeps, how it ends, and that an
# interrupted one goes on. otarig itself is a stand-in here. usage: night_test.sh SOURCE
set -euo pipefail
night=$1/fixtures/systemd/otarig-night
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OTARIG_ETC=$work/etc XDG_STATE_HOME=$work/state OTARIG=$work/otarig
mkdir "$work/etc"
cat >"$work/otarig" <<'STANDIN'
#!/usr/bin/env bash
echo "$*" >>"${0%/*}/called"
case $1 in
  soak) exit "${SOAK_CODE:-0}" ;;
  gate) echo 'the gate says'; exit "${GATE_CODE:-0}" ;;
  backup) touch "$2" ;;
esac
STANDIN
chmod +x "$work/otarig"
failures=0

# tonight CODE: runs it, anew called.
tonight() {
  local code=0
  : >"$work/called"
  "$night" desk >"$work/said" 2>&1 || code=$?
  [[ $code -eq $1 ]] || {
    echo "night_test.sh: exit $code, $1 was expected: $(cat "$work/said")" >&2
    failures=$((failures + 1))
  }
}

called() {  # PATTERN.. : these calls, in this order, and no others
  local expected
  expected=$(printf '%s\n' "$@")
  local line i=0 wanted=("$@")
  while IFS= read -r line; do
    # shellcheck disable=SC2053
    [[ $line == ${wanted[i]:-nothing more} ]] || {
      printf 'night_test.sh: called\n%s\nexpected\n%s\n' "$(cat "$work/called")" "$expected" >&2
      failures=$((failures + 1))
      return
    }
    i=$((i + 1))
  done <"$work/called"
  [[ $i -eq $# ]] || {
    printf 'night_test.sh: called only\n%s\nexpected\n%s\n' "$(cat "$work/called")" "$expected" >&2
    failures=$((failures + 1))
  }
}

expect() {
  eval "$1" || {
    echo "night_test.sh: not so: $1" >&2
    failures=$((failures + 1))
  }
}

tonight 2
called
printf 'LENGTH=1h\n' >"$work/etc/desk.night"
tonight 2
called

nights=$work/state/otarig/nights
day=$(date +%Y-%m-%d)
printf 'SCENARIOS="a b"\nSOAK="--sim 2"\n' >"$work/etc/desk.night"
tonight 0
called "soak a b --for 8h --name desk-* --sim 2" "report --batch desk-* --html $nights/desk-*.html*" \
  'backup *' 'prune --keep 90d'
expect '[[ -d $nights/desk-$day && -e $work/state/otarig/backup.db && ! -e $nights/desk.running ]]'

# Stopped, by a loss of power as well: the same night goes on, and only then has a report.
rm -rf "$nights"
SOAK_CODE=130 tonight 130
called 'soak a b *'
expect '[[ -e $nights/desk.running ]]'
tonight 0
called "soak --resume desk-*" 'report *' 'backup *' 'prune *'
expect '[[ ! -e $nights/desk.running ]]'

# A usage error is no night; a second one of a day has a name of its own.
SOAK_CODE=2 tonight 2
called 'soak a b *--name desk-????-??-??-?????? *'
expect '[[ ! -e $nights/desk.running ]]'

# The gate has the last word, whatever the soak found; nothing is pruned where nothing shall be.
printf 'SCENARIOS=a\nCYCLES=5\nPOLICY=p.yaml\nKEEP=0\n' >"$work/etc/desk.night"
rm -rf "$nights"
SOAK_CODE=1 GATE_CODE=0 tonight 0
called 'soak a --cycles 5 --name desk-*' 'report * --policy p.yaml' 'gate --policy p.yaml --batch desk-*' \
  'backup *'
expect 'grep -q "the gate says" "$nights/desk-$day/gate.txt"'
# With a sequential test in its policy the soak may end early.
printf 'policy: p\nsequential: {good: 0.1%%, bad: 2%%, most: 500}\n' >"$work/p.yaml"
printf 'SCENARIOS=a\nCYCLES=5\nPOLICY=%s\nKEEP=0\n' "$work/p.yaml" >"$work/etc/desk.night"
rm -rf "$nights"
SOAK_CODE=1 GATE_CODE=1 tonight 1
called "soak a --cycles 5 --gate $work/p.yaml --name desk-*" 'report *' 'gate *' 'backup *'
rm -rf "$nights"
GATE_CODE=1 tonight 1
rm -rf "$nights"
GATE_CODE=3 tonight 3

((failures == 0)) && echo 'nights begin, go on and end as they should'
exit "$((failures != 0))"
