#!/usr/bin/env bash
# One soak over several boards of an emulated lab, some of them with a fault: those fall out, with the
# reason, the others go on and pass, and nothing that was recorded is lost.
# usage: soak_lab_test.sh OTARIG EMULATED_LAB SOURCE_DIR
set -u
otarig=$1
export PATH=$(dirname -- "$2"):$PATH
source=$3
command -v sqlite3 >/dev/null || { echo 'needs sqlite3'; exit 77; }
work=$(mktemp -d)
lab=$work/lab
stop_labs() {
  local folder
  for folder in "$lab"/*/; do touch "$folder/stop"; done
  wait
  rm -rf "$work"
}
trap stop_labs EXIT
export OTARIG_FIXTURES=$source/fixtures EMULATED_LAB=$lab XDG_STATE_HOME=$work/state
unset OTARIG_BENCH OTARIG_DB

failures=0
complain() {
  printf '%s\n' "$1"
  failures=$((failures + 1))
}

# board NAME [options of the lab]: its relay and its console, and what the bench says of them.
switches=
boards=
board() {
  local name=$1
  shift
  mkdir -p "$lab/$name"
  emulated_lab serve "$lab/$name" --resuming "$@" >"$lab/$name/lab.txt" 2>&1 &
  switches+="  relay-$name: {kind: lcus, port: $lab/$name/relay, channels: 1, status: answers}
"
  boards+="  $name:
    kind: serial
    power: {board: [{switch: relay-$name, channel: 1}]}
    shortest_off: 200ms
    settle: 50ms
    silence: 200ms
    prove_within: 700ms
    answer_within: 1s
    console: {port: $lab/$name/console, baud: 115200}
    safe: off
"
}
board good-1
board good-2
board mute --fault mute:6
board welded --fault welded:6
board unplugged --fault unplugged:6
printf 'bench: soak-lab\nswitches:\n%sboards:\n%s' "$switches" "$boards" >"$work/bench.yaml"
sed -e 's/^cut: .*/cut: {sweep: time, domains: [board], off_for: 500ms}/' \
  "$source/scenarios/serial/cut-in-copy.yaml" >"$work/soak.yaml"
for name in good-1 good-2 mute welded unplugged; do
  for _ in $(seq 200); do
    [ -e "$lab/$name/bench.yaml" ] && break
    sleep 0.05
  done
done

soak() { # soak ARGUMENTS..: its output in $work/out.json and $work/err.txt
  "$otarig" soak --json --db "$work/otarig.db" "$@" >"$work/out.json" 2>"$work/err.txt"
}
sql() { sqlite3 -cmd '.timeout 10000' "$work/otarig.db" "$1"; }
of() { # of BOARD KEY: from the summary
  sqlite3 :memory: "SELECT value ->> '$2' FROM json_each(readfile('$work/out.json'), '\$.boards')
    WHERE value ->> 'board' = '$1'"
}

soak "$work/soak.yaml" --bench "$work/bench.yaml" --cycles 26 --seed 5 --control-every 5 --name lab
code=$?
[ $code -eq 3 ] || complain "exit $code (wanted 3): $(tail -n 5 "$work/err.txt")"
for name in good-1 good-2; do
  [ "$(of $name state)" = ok ] || complain "$name: $(of $name state), $(of $name reason)"
  [ "$(of $name cycles)" -ge 3 ] || complain "$name: only $(of $name cycles) cycles"
  bad=$(sql "SELECT verdict FROM cycles JOIN campaigns ON campaigns.id = campaign
    WHERE board_name = '$name' AND batch = 'lab'
      AND verdict NOT IN ('survived-new', 'resumed', 'retried', 'rolled-back', 'void')")
  [ -z "$bad" ] || complain "$name: $bad"
done
for name in mute welded unplugged; do
  [ "$(of $name state)" = quarantined ] || complain "$name: not in quarantine: $(sql "SELECT
    group_concat(verdict || ' ' || coalesce(cut_at_us, '-'), ', ') FROM (SELECT verdict, cut_at_us FROM
    cycles JOIN campaigns ON campaigns.id = campaign WHERE board_name = '$name' ORDER BY cycle_index)")"
  [ -n "$(of $name reason)" ] || complain "$name: nobody says why"
done
[ "$(sql "SELECT count(*) FROM cycles WHERE verdict IS NULL")" = 0 ] || complain 'open cycles'
[ "$(sql "SELECT count(DISTINCT cycle_index) || ' ' || count(*) || ' ' || max(cycle_index)
  FROM cycles JOIN campaigns ON campaigns.id = campaign WHERE batch = 'lab'")" = '26 26 25' ] ||
  complain 'the cycles are not 0 to 25, each once'
[ "$(sql 'SELECT count(*) FROM cycles WHERE id NOT IN (SELECT cycle FROM timelines)')" = 0 ] ||
  complain 'cycles without a timeline'

# The next night leaves them alone, and a released one comes back.
"$otarig" boards --db "$work/otarig.db" --bench "$work/bench.yaml" >"$work/boards.txt"
[ "$(grep -c 'in quarantine' "$work/boards.txt")" = 3 ] || complain "$(cat "$work/boards.txt")"
"$otarig" boards release welded --db "$work/otarig.db" >/dev/null || complain 'welded: not released'
"$otarig" boards release good-1 --db "$work/otarig.db" 2>/dev/null && complain 'good-1: released'
touch "$lab/welded/stop"
sleep 0.2
emulated_lab serve "$lab/welded" --resuming >"$lab/welded/lab.txt" 2>&1 &  # repaired
sleep 0.5
soak "$work/soak.yaml" --bench "$work/bench.yaml" --cycles 3 --seed 6 --name again \
  --boards mute,welded
[ "$(of welded cycles)" = 3 ] || complain "welded: $(of welded cycles) cycles after its release"
[ "$(of mute cycles)" = 0 ] || complain "mute: $(of mute cycles) cycles in quarantine"

if [ "$failures" -gt 0 ]; then
  printf '%s expectations failed\n' "$failures"
  exit 1
fi
printf '%s\n' "$(sql "SELECT board_name || ': ' || group_concat(verdict, ' ') FROM
  (SELECT board_name, verdict FROM cycles JOIN campaigns ON campaigns.id = campaign
   WHERE batch = 'lab' ORDER BY cycle_index) GROUP BY board_name")"
