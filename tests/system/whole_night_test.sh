#!/usr/bin/env bash
# A night in fast motion: simulated boards and two emulators, an emulator that is killed, a database
# that another program locks, a controller that is killed and goes on. What the report says must be
# what a program that shares no code with the rig counts in the raw timelines.
# CI runs some dozens of cycles; OTARIG_NIGHT_MINUTES=10 for the long one, with 16 simulated boards.
# usage: whole_night_test.sh OTARIG NIGHT_COUNT SOURCE_DIR
set -u
otarig=$1
night_count=$2
export OTARIG_FIXTURES=$3/fixtures
unset OTARIG_BENCH OTARIG_DB
command -v sqlite3 >/dev/null || { echo 'needs sqlite3'; exit 77; }
work=${OTARIG_NIGHT_FOLDER:-$(mktemp -d)}
controller=
clean_up() {
  [ -n "$controller" ] && kill -KILL "$controller" 2>/dev/null
  wait
  [ -n "${OTARIG_NIGHT_FOLDER:-}" ] || rm -rf "$work"
}
trap clean_up EXIT
export XDG_STATE_HOME=$work/state
database=$work/otarig.db
failures=0
complain() {
  printf '%s\n' "$*"
  failures=$((failures + 1))
}
sql() { sqlite3 -cmd '.timeout 20000' "$database" "$1"; }

source "$(dirname -- "$0")/short_cycles.sh"
short_cycles bad 0.7.0
short_cycles old 0.7.0
short_cycles good 2.0.0 "known_bad: $work/bad.yaml"
cat >"$work/bench.yaml" <<'YAML'
bench: two-emulators
switches: {}
boards:
  qemu-1: {kind: qemu}
  qemu-2: {kind: qemu}
YAML

minutes=${OTARIG_NIGHT_MINUTES:-}
if [ -n "$minutes" ]; then
  amount=(--sim 16 --for "${minutes}min")
else
  amount=(--sim 4 --cycles 48)
fi
bench=(--bench "$work/bench.yaml")
command -v qemu-system-arm >/dev/null || bench=()

finished() { sql 'SELECT count(*) FROM cycles WHERE verdict NOT NULL' 2>/dev/null || echo 0; }
is_running() { kill -0 "$controller" 2>/dev/null; }
# until_finished NUMBER: so many cycles, or the controller is gone.
until_finished() {
  while is_running && [ "$(finished)" -lt "$1" ]; do sleep 0.1; done
}
soak() { # soak ARGUMENTS..: in the background, as $controller
  "$otarig" soak --db "$database" "$@" >>"$work/said.txt" 2>&1 &
  controller=$!
}
rig_faults() { sql "SELECT count(*) FROM cycles WHERE verdict = 'rig-fault'" 2>/dev/null || echo 0; }
# Until one of its cycles is a rig fault: an emulator that was about to be cut anyway is none.
kill_an_emulator() {
  local before emulator
  [ ${#bench[@]} -gt 0 ] || return
  before=$(rig_faults)
  while is_running && [ "$(rig_faults)" = "$before" ]; do
    emulator=$(pgrep -P "$controller" qemu-system | head -n 1)
    [ -z "$emulator" ] || kill -KILL "$emulator"
    sleep 0.5
  done
}
lock_the_database() { # lock_the_database SECONDS
  sqlite3 -cmd '.timeout 20000' "$database" 'BEGIN IMMEDIATE' ".shell sleep $1" 'ROLLBACK'
}
kill_the_controller() {
  is_running || return
  kill -KILL "$controller"
  wait "$controller" 2>/dev/null
  kills=$((kills + 1))
}

kills=0
soak "$work/good.yaml" "$work/old.yaml" "${bench[@]}" "${amount[@]}" --seed 7 --name night \
  --control-every 8
if [ -n "$minutes" ]; then
  while is_running; do
    until_finished $(($(finished) + 2000))
    kill_an_emulator
    lock_the_database 2
    until_finished $(($(finished) + 1000))
    kill_the_controller
    soak --resume night
    sleep 1
  done
else
  until_finished 12
  kill_the_controller
  soak --resume night
  kill_an_emulator
  lock_the_database 0.5
fi
wait "$controller"
code=$?
controller=
[ -e "$database" ] || { printf 'no cycle ran: %s\n' "$(tail -n 5 "$work/said.txt")"; exit 1; }
# The old product loses user firmware.
[ $code -eq 1 ] || [ -n "$minutes" ] ||
  complain "exit $code (wanted 1): $(tail -n 5 "$work/said.txt")"
[ $kills -ge 1 ] || complain 'the controller was never killed'
[ "$(sql 'SELECT state FROM soaks')" = finished ] || complain 'the night has no end'

"$otarig" report --db "$database" --batch night --json-file "$work/report.json" \
  --csv "$work/report.csv" --html "$work/report.html" --junit "$work/junit.xml" >"$work/report.txt" ||
  complain 'no report'
"$night_count" "$database" night >"$work/counted.txt" || complain 'the timelines cannot be counted'
# Where a cut did not land, or the rig failed, no phase means anything.
normal() { sed -E 's/ [a-z-]+ (void|rig-fault) / - \1 /' |
  awk '{n[$1" "$2" "$3" "$4" "$5] += $6} END {for (i in n) print i, n[i]}' | sort; }
normal <"$work/counted.txt" >"$work/counted"

role='CASE role WHEN '\''known-bad'\'' THEN role ELSE kind END'
sqlite3 :memory: -cmd '.mode csv' -cmd ".import $work/report.csv cycles" -cmd '.mode list' \
  -cmd ".param set :db \"'$database'\"" -cmd 'ATTACH :db AS night' -separator ' ' \
  "SELECT cycles.board_name, cycles.scenario, $role, phase, verdict, count(*) FROM cycles
   JOIN night.campaigns ON night.campaigns.id = campaign GROUP BY 1, 2, 3, 4, 5" |
  normal >"$work/by_csv"
cmp -s "$work/counted" "$work/by_csv" ||
  complain "the table of the report differs from the count: $(diff "$work/counted" "$work/by_csv" | head)"
sqlite3 :memory: -separator ' ' "SELECT each.value ->> 'board_name', each.value ->> 'scenario', 'cut',
    phase.value ->> 'phase', verdict.key, verdict.value
  FROM json_each(readfile('$work/report.json'), '\$.campaigns') each,
    json_each(each.value, '\$.phases') phase, json_each(phase.value, '\$.verdicts') verdict
  WHERE each.value ->> 'role' = 'trial'" | normal >"$work/by_json"
grep ' cut ' "$work/counted" | cmp -s - "$work/by_json" ||
  complain "report.json differs from the count: $(grep ' cut ' "$work/counted" | diff - "$work/by_json" | head)"

total=$(awk '{n += $6} END {print n}' "$work/counted")
[ "$total" = "$(sql 'SELECT count(*) FROM cycles')" ] || complain "$total timelines were counted"
[ "$(sql "SELECT count(DISTINCT cycle_index) || ' ' || (count(*) - 1 - max(cycle_index)) FROM cycles
  JOIN campaigns ON campaigns.id = campaign WHERE batch = 'night'")" = "$total 0" ] ||
  complain 'a cycle is missing or came twice'
for wanted in 'cut applying user-firmware-lost' 'cut downloading retried' 'control none survived-new' \
  'known-bad'; do
  grep -q " $wanted" "$work/counted" || complain "nothing of this kind: $wanted"
done
[ ${#bench[@]} -eq 0 ] || grep -q '^qemu-.*rig-fault' "$work/counted" ||
  complain 'the emulator that was killed left no rig fault'
sum() { awk -v of="$1" '$0 ~ of {n += $6} END {print n + 0}' "$work/counted"; }
printf '%s cycles, %s kills of the controller, %s cycles begun again, %s rig faults, %s failures: %s\n' \
  "$total" "$kills" "$(sql 'SELECT count(*) FROM cycles WHERE attempts > 1')" "$(sum rig-fault)" \
  "$(sum 'cut .*(lost|bricked|stuck|unreachable|silent)')" \
  "$([ "$failures" -eq 0 ] && echo 'the report says what the timelines say' || echo 'see above')"
[ "$failures" -eq 0 ]
