#!/usr/bin/env bash
# A night that runs for a policy ends when it knows, both ways; the gate's answer is the exit code.
# (That the gate convicts every planted defect of the two-slot family is in swap_test.cc.)
# usage: soak_gate_test.sh OTARIG SOURCE_DIR
set -u
otarig=$1
export OTARIG_FIXTURES=$2/fixtures
unset OTARIG_BENCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OTARIG_DB=$work/otarig.db
failures=0
complain() {
  printf '%s\n' "$*"
  failures=$((failures + 1))
}

source "$(dirname -- "$0")/short_cycles.sh"
short_cycles good 2.0.0
short_cycles bad 0.7.0

# policy FILE SCENARIO: at most 20 %, which 14 clean cuts show, both to the gate and to the test.
policy() {
  printf '%s\n' 'policy: release' "scenarios: [$work/$2.yaml]" 'max_failure_rate: 20%' \
    'emulated: {failures: 0}' \
    'sequential: {good: 0.1%, bad: 20%, alpha: 5%, beta: 5%, most: 200}' >"$work/$1"
}
policy good.policy good
policy bad.policy bad

# night CODE TEXT ARGUMENTS..: the exit code, and a text that the output must hold.
night() {
  local code=$1 text=$2 got
  shift 2
  (cd "$work" && "$otarig" soak "$@") >"$work/said.txt" 2>"$work/err.txt"
  got=$?
  cat "$work/err.txt" >>"$work/said.txt"
  if [ $got -ne "$code" ] || ! grep -qF -- "$text" "$work/said.txt"; then
    complain "soak $*: exit $got (wanted $code), wanted to hear \"$text\", heard:
$(tail -n 25 "$work/said.txt")"
  fi
}
# How many cycles the night of this name took.
cycles() {
  "$otarig" report --batch "$1" --csv "$work/cycles.csv" >"$work/report.txt" 2>&1
  tail -n +2 "$work/cycles.csv" | grep -c .
}
soak=(--cycles 300 --sim 2 --control-every 6 --seed 5)

night 0 'release: accept' "$work/good.yaml" --gate good.policy --name good "${soak[@]}"
grep -q 'the sequential test accepts after 14 cuts that landed, 0 of them failing' \
  "$work/said.txt" || complain "$(cat "$work/said.txt")"
grep -q '^good: known, ' "$work/said.txt" || complain 'the good night did not end early'
[ "$(cycles good)" -lt 40 ] || complain "the good night took $(cycles good) cycles"
night 1 'release: reject' "$work/bad.yaml" --gate bad.policy --name bad "${soak[@]}"
grep -q 'the sequential test rejects after' "$work/said.txt" || complain "$(cat "$work/said.txt")"
[ "$(cycles bad)" -lt 120 ] || complain "the bad night took $(cycles bad) cycles"
# It is over: its length was not, but nothing more is to be known.
night 2 "soak 'good' is finished" --resume good
# Not enough: the gate says what is lacking.
night 3 'not enough evidence' "$work/good.yaml" --gate good.policy --name short --cycles 4 --sim 2 \
  --seed 6 --control-every 6
grep -q 'more cuts have to land' "$work/said.txt" || complain "$(cat "$work/said.txt")"

# The report of the morning has the same answer on top.
"$otarig" report --batch good --policy "$work/good.policy" --html "$work/good.html" \
  >"$work/said.txt" 2>&1 || complain "no report: $(cat "$work/said.txt")"
grep -q 'release: accept' "$work/good.html" || complain 'the report does not say: release: accept'
"$otarig" report --batch bad --policy "$work/bad.policy" --html "$work/bad.html" >"$work/said.txt" 2>&1
grep -q 'release: reject' "$work/bad.html" || complain 'the report does not say: release: reject'

# Compared with a night that there is not.
"$otarig" report --batch good --against shrt >"$work/said.txt" 2>&1
[ $? -eq 2 ] && grep -q "no batch 'shrt'; .* Did you mean 'short'?" "$work/said.txt" ||
  complain "report --against shrt: $(cat "$work/said.txt")"

# Nothing is begun with a policy that cannot be.
night 2 "which this soak does not run" "$work/good.yaml" --gate bad.policy --name no "${soak[@]}"
night 2 'nowhere.policy' "$work/good.yaml" --gate nowhere.policy --name no "${soak[@]}"
printf 'policy: x\nscenarios: [a]\nmax_rate: 1%%\n' >"$work/wrong.policy"
night 2 "wrong.policy:3:1: unknown key 'max_rate'" "$work/good.yaml" --gate wrong.policy --name no \
  "${soak[@]}"
night 2 'leave --gate out' --resume good --gate good.policy
night 2 "there is no soak 'no'" --resume no

if [ "$failures" -gt 0 ]; then
  echo "$failures expectations failed"
  exit 1
fi
echo "nights end when they know: $(cycles good) and $(cycles bad) cycles of 300"
