#!/usr/bin/env bash
# The controller of a night is killed at random instants and goes on: no finished cycle is lost or
# comes twice, and the night ends as if nobody had touched it. A night that was done before enough
# kills landed is followed by another one. CI kills some dozens of times,
# OTARIG_TORTURE_KILLS=300 for the long one.
# usage: torture_test.sh OTARIG SOURCE_DIR
set -u
otarig=$1
export OTARIG_FIXTURES=$2/fixtures
unset OTARIG_BENCH OTARIG_DB
command -v sqlite3 >/dev/null || { echo 'needs sqlite3'; exit 77; }
kills=${OTARIG_TORTURE_KILLS:-24}
cycles=${OTARIG_TORTURE_CYCLES:-$((kills * 2))}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RANDOM=${OTARIG_TORTURE_SEED:-17}

source "$(dirname -- "$0")/short_cycles.sh"
short_cycles night 0.7.0

soak() { # soak DATABASE ARGUMENTS..
  local database=$1
  shift
  "$otarig" soak --db "$work/$database.db" "$@" >>"$work/$database.txt" 2>&1
}

# Every finished cycle: number, plan, verdict, phase, and its timeline.
rows() {
  sqlite3 -cmd '.timeout 10000' "$work/$1.db" \
    'SELECT cycle_index, plan, verdict, phase, hex(packed) FROM cycles
     JOIN timelines ON cycle = cycles.id WHERE verdict NOT NULL ORDER BY cycle_index'
}

fail() {
  printf '%s\n' "$@"
  tail -n 5 "$work/tortured.txt"
  exit 1
}

arguments=("$work/night.yaml" --cycles "$cycles" --seed 11 --sim 3 --name night --control-every 10)
soak whole "${arguments[@]}"
rows whole >"$work/whole.rows"
[ "$(wc -l <"$work/whole.rows")" -eq "$cycles" ] || fail 'the night without kills is not whole' \
  "$(tail -n 20 "$work/whole.txt")"

# How long the start takes on this machine, so that kills fall into it and behind it.
begin=$(date +%s%N)
soak start "$work/night.yaml" --cycles 1 --seed 11 --sim 1 --name start
start_ms=$((($(date +%s%N) - begin) / 1000000 + 1))

# killed MS ARGUMENTS..: a controller that lives so long at most; 137 when it was killed. It is gone,
# and waited for, when this returns.
killed() {
  local limit=$1 controller killer code
  shift
  "$otarig" soak --db "$work/tortured.db" "$@" >>"$work/tortured.txt" 2>&1 &
  controller=$!
  {
    sleep "$(printf '%d.%03d' $((limit / 1000)) $((limit % 1000)))"
    kill -KILL $controller
  } 2>/dev/null &
  killer=$!
  wait $controller 2>/dev/null
  code=$?
  kill $killer 2>/dev/null
  wait $killer 2>/dev/null
  return $code
}

# killed_night: from its first kill to its end; what it says is checked against the whole one.
killed_night() {
  local lost code begun state again ok open
  rm -f "$work"/tortured.db*
  : >"$work/before.rows"
  while ((landed < kills)); do
    begun=$(sqlite3 "$work/tortured.db" 'SELECT count(*) FROM soaks' 2>/dev/null)
    if [ "${begun:-0}" = 1 ]; then
      killed $((RANDOM % (2 * scale_ms) + scale_ms / 4 + 1)) --resume night
    else
      killed $((RANDOM % (3 * scale_ms) + 1)) "${arguments[@]}"
    fi
    code=$?
    [ $code -eq 137 ] && landed=$((landed + 1))
    [ $code -eq 2 ] && ! grep -q 'is finished' "$work/tortured.txt" && fail 'refused after a kill'
    [ -e "$work/tortured.db" ] || continue
    rows tortured >"$work/now.rows" 2>"$work/error.txt" || : >"$work/now.rows"
    # What was finished once stays as it is.
    lost=$(comm -23 <(sort "$work/before.rows") <(sort "$work/now.rows") | cut -c 1-120)
    [ -z "$lost" ] || fail "kill $landed cost finished cycles:" "$lost"
    follow_the_machine $(($(wc -l <"$work/now.rows") - $(wc -l <"$work/before.rows")))
    cp "$work/now.rows" "$work/before.rows"
    [ $code -ne 137 ] && break
  done
  state=$(sqlite3 "$work/tortured.db" 'SELECT state FROM soaks')
  [ "$state" = finished ] || soak tortured --resume night
  rows tortured >"$work/tortured.rows"
  comm -23 <(sort "$work/before.rows") <(sort "$work/tortured.rows") | grep -q . &&
    fail 'the last controller cost finished cycles'
  cmp -s "$work/whole.rows" "$work/tortured.rows" ||
    fail 'the night that was killed differs from the one that was not:' \
      "$(diff <(cut -c 1-150 "$work/whole.rows") <(cut -c 1-150 "$work/tortured.rows") | head -n 8)"
  open=$(sqlite3 "$work/tortured.db" 'SELECT count(*) FROM cycles WHERE verdict IS NULL')
  [ "$open" = 0 ] || fail "$open cycles were begun and never finished"
  again=$(sqlite3 "$work/tortured.db" 'SELECT count(*) FROM cycles WHERE attempts > 1')
  begun_again=$((begun_again + again))
  ok=$(sqlite3 "$work/tortured.db" 'PRAGMA integrity_check')
  [ "$ok" = ok ] || fail "the database is damaged: $ok"
}

# A machine that became faster or slower since the start was timed: a life is to bring a few cycles.
follow_the_machine() {
  local finished=$1
  if ((finished > 6)); then
    scale_ms=$((scale_ms * 2 / 3 + 1))
  elif ((finished < 1)); then
    scale_ms=$((scale_ms * 5 / 4 + 1))
  fi
}

landed=0
begun_again=0
nights=0
scale_ms=$start_ms
while ((landed < kills && nights < 8)); do
  killed_night
  nights=$((nights + 1))
done
printf '%s kills landed in %s nights of %s cycles (%s begun again): none lost, none twice, all the same\n' \
  "$landed" "$nights" "$cycles" "$begun_again"
[ "$landed" -ge "$kills" ] || fail "only $landed of $kills kills landed: give it more cycles"
