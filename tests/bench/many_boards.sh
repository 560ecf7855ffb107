#!/usr/bin/env bash
# What one otarig itself takes of a processor while it controls many emulated boards in real time
# (issue 3: 64 boards, less than 20 % of one core). Relay, console and product of each board are an
# emulated_lab; their processor time is not counted, that of otarig's threads is.
# usage: many_boards.sh OTARIG EMULATED_LAB SOURCE_DIR [BOARDS [TIME]]
set -eu
otarig=$1
export PATH=$(dirname -- "$2"):$PATH
source=$3
count=${4:-64}
length=${5:-60s}
work=$(mktemp -d)
stop_labs() {
  for folder in "$work"/lab/*/; do touch "$folder/stop"; done
  wait
  rm -rf "$work"
}
trap stop_labs EXIT
export OTARIG_FIXTURES=$source/fixtures EMULATED_LAB=$work/lab XDG_STATE_HOME=$work/state
{
  printf 'bench: many\nswitches:\n'
  for i in $(seq "$count"); do
    printf '  relay-%d: {kind: lcus, port: %s/lab/b%d/relay, channels: 1, status: answers}\n' \
      "$i" "$work" "$i"
  done
  printf 'boards:\n'
  for i in $(seq "$count"); do
    mkdir -p "$work/lab/b$i"
    emulated_lab serve "$work/lab/b$i" --resuming --tick 10 >/dev/null 2>&1 &
    printf '  b%d:\n    kind: serial\n    power: {board: [{switch: relay-%d, channel: 1}]}\n' "$i" "$i"
    printf '    shortest_off: 200ms\n    settle: 50ms\n    silence: 400ms\n    prove_within: 5s\n'
    printf '    answer_within: 5s\n    console: {port: %s/lab/b%d/console, baud: 115200}\n' "$work" "$i"
  done
} >"$work/bench.yaml"
sed -e 's/^cut: .*/cut: {sweep: time, domains: [board], off_for: 1s}/' \
  -e 's/online_within: 5s/online_within: 30s/' -e 's/finishes_within: 20s/finishes_within: 60s/' \
  -e 's/timeout: 10s/timeout: 30s/' "$source/scenarios/serial/cut-in-copy.yaml" >"$work/soak.yaml"
for i in $(seq "$count"); do
  until [ -e "$work/lab/b$i/bench.yaml" ]; do sleep 0.1; done
done

"$otarig" soak "$work/soak.yaml" --bench "$work/bench.yaml" --db "$work/o.db" --for "$length" \
  --seed 1 --name many --json >"$work/out.json" &
pid=$!
ticks=$(getconf CLK_TCK)
begun=$(date +%s%N)
own=0
while [ -e "/proc/$pid/stat" ]; do
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || break
  read -r -a fields <<<"${stat##*) }"
  [ "${fields[0]}" = Z ] && break
  own=$((fields[11] + fields[12]))
  ended=$(date +%s%N)
  sleep 0.5
done
wait "$pid" || true
awk -v own="$own" -v ticks="$ticks" -v ns="$((ended - begun))" -v boards="$count" 'BEGIN {
  printf "%d boards, %.0f s: otarig itself %.1f %% of one core\n", boards, ns / 1e9,
         100 * own / ticks / (ns / 1e9) }'
sed -n 's/^  "\(cycles\|seconds\)"/\1/p' "$work/out.json"
sqlite3 "$work/o.db" "SELECT verdict, count(*) FROM cycles GROUP BY verdict" || true
[ -z "${KEEP_DB:-}" ] || cp "$work/o.db" "$KEEP_DB"
