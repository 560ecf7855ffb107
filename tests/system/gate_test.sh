#!/usr/bin/env bash
# The last steps of a pipeline on stored sweeps: the good product goes out, a mutant does not, and
# names that are wrong, files that are damaged or locked end with a sentence and the exit code.
# usage: gate_test.sh OTARIG SOURCE_DIR
set -u
otarig=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OTARIG_DB=$work/otarig.db OTARIG_FIXTURES=$source/fixtures
failures=0

complain() {
  printf '%s\n' "$*"
  failures=$((failures + 1))
}

# expect CODE TEXT ARGUMENTS..: the exit code, and a text that the output must hold.
expect() {
  local code=$1 text=$2
  shift 2
  local said
  said=$("$otarig" "$@" 2>&1)
  local got=$?
  if [ "$got" -ne "$code" ] || ! grep -qF -- "$text" <<<"$said"; then
    complain "otarig $*: exit $got (wanted $code), wanted to hear \"$text\", heard:
$(head -c 2500 <<<"$said")"
  fi
}

policy() { # policy NAME SCENARIO LINE..: a file with these demands
  local file=$work/$1.yaml
  printf 'policy: %s\nscenarios: [%s]\n' "$1" "$2" >"$file"
  shift 2
  printf '%s\n' "$@" >>"$file"
  printf '%s' "$file"
}

for command in gate compare history prune backup; do
  expect 0 "$command" "$command" --help
done
good=electron/2.0.0-built-in-both
mutant=electron/mutants/user-copied-in-place
bricks=electron/bootloader-update
# sweep SCENARIO POINTS BATCH: prints how many cuts were made.
sweep() {
  "$otarig" --json sweep "$source/scenarios/$1.yaml" --points "$2" --batch "$3" 2>/dev/null |
    sed -n 's/^ *"runs": \([0-9]*\).*/\1/p'
}

made=$(sweep "$good" 12 monday)
other=$(($(sweep "$bricks" 12 tuesday) + $(sweep "$mutant" 12 mutants)))
[[ $made -ge 8 && $other -ge 16 ]] || complain "sweeps of $made and $other cuts"

# Accepted, rejected, not enough: 0, 1, 3.
swept=$(policy swept "$good" 'emulated: {coverage: 100%}')
expect 0 'swept: accept' gate --policy "$swept"
expect 0 "$made of $made cells decided" gate --policy "$swept"
expect 0 'would have been hit with probability' gate --policy "$swept"
expect 0 '"answer": "accept"' --json gate --policy "$swept"
expect 1 'reject' gate --policy "$(policy bad "$mutant" 'emulated: {}')"
expect 1 "otarig replay '$mutant" gate --policy "$(policy bad "$mutant" 'emulated: {}')"
expect 1 'reject' gate --policy "$(policy both "$good, $mutant" 'emulated: {}')"
expect 3 "$((149 - made)) more" gate "$good" --max-rate 2%
expect 0 'accept' gate "$source/scenarios/$good.yaml" --max-rate 25% --confidence 90%
expect 1 'reject' gate "$mutant" --max-rate 25%
expect 3 'boards: failures' gate --policy "$(policy lab "$good" 'max_failure_rate: 2%' 'boards: {least: 2}')"
expect 3 'no cycle of the wanted firmware' gate "$good" --max-rate 20% --batch tuesday
expect 3 'no cycle of the wanted firmware' gate "$good" --max-rate 20% --since 2199-01-01
# The same sweep again proves nothing more.
[ "$(sweep "$good" 12 wednesday)" = "$made" ] || complain 'another number of cuts the second time'
expect 3 "$made repeated a plan" gate "$good" --max-rate 2%

expect 1 'worse' compare monday tuesday
expect 0 'no difference' compare 1 wednesday
expect 0 'better' compare tuesday monday
expect 0 '2.0.0-built-in-both' history
expect 0 'bad' history "$mutant"

expect 0 'good' history --openmetrics "$work/otarig.prom"
tail -n 1 "$work/otarig.prom" | grep -qx '# EOF' || complain 'the metrics have no end'

# Names and files that cannot be.
expect 2 "Did you mean '$good'?" gate electron/2.0.0-built-in-bath --max-rate 1%
expect 2 "Did you mean 'monday'?" gate "$good" --max-rate 1% --batch mondey
expect 2 'no share' gate "$good" --max-rate 2
expect 2 'no instant' gate "$good" --max-rate 1% --since yesterday
expect 2 '--max-rate' gate "$good"
expect 2 "the policy's affair" gate "$good" --policy "$swept"
expect 2 "twice.yaml:3:1: unknown key 'max_rate'" gate --policy "$(policy twice "$good" 'max_rate: 1%')"
expect 2 'the night would end before' gate --policy \
  "$(policy hasty "$good" 'max_failure_rate: 1%' 'sequential: {good: 1%, bad: 5%, most: 9999}')"
expect 2 'nowhere.yaml' gate --policy "$work/nowhere.yaml"
expect 2 "Did you mean 'monday'?" compare mondai tuesday
expect 2 'there is no campaign 4711' compare 4711 tuesday
expect 2 'on both sides' compare 1 monday
expect 2 'no such database' --db "$work/none.db" gate "$good" --max-rate 1%

# The shipped policy is one.
expect 2 'no campaign of scenario' gate --policy "$source/fixtures/policies/electron-release.yaml"

# Keeping the store in order.
expect 0 "holds $((2 * made + other + 4)) cycles" backup "$work/copy.db"
expect 2 'there is such a file' backup "$work/copy.db"
expect 2 "there is no folder $work/none" backup "$work/none/copy.db"
expect 2 "Did you mean 'monday'?" report --batch mondya
expect 0 'swept: accept' --db "$work/copy.db" gate --policy "$swept"
expect 0 'would remove 0 timelines' prune --keep 1d --dry-run
expect 0 'would remove' prune --keep 2199-01-01 --dry-run
expect 0 'timelines of failures stay' prune --keep 2199-01-01 --shrink
expect 0 'removed 0 timelines' prune --keep 2199-01-01
expect 0 'swept: accept' gate --policy "$swept"
expect 1 'worse' compare monday tuesday
expect 2 'no instant' prune --keep forever

# What a killed sweep left running is found and ended, once.
"$otarig" sweep "$source/scenarios/$good.yaml" --batch killed >/dev/null 2>&1 &
sweeping=$!
for _ in $(seq 200); do
  "$otarig" report --batch killed >/dev/null 2>&1 && break
  sleep 0.05
done
expect 0 'removed' prune --keep 9d
expect 0 '"state": "running"' report --batch killed --json
kill -KILL $sweeping
wait $sweeping 2>/dev/null
expect 0 'ended 1 campaigns whose process is gone' prune --keep 9d
expect 0 '"state": "interrupted"' report --batch killed --json

# Not a database, or damaged.
head -c 9000 /dev/urandom >"$work/noise.db"
expect 2 'not an otarig database' --db "$work/noise.db" gate "$good" --max-rate 1%
cp "$work/copy.db" "$work/broken.db"
size=$(stat -c %s "$work/broken.db")
dd if=/dev/zero of="$work/broken.db" bs=4096 seek=3 count=$((size / 4096 - 3)) conv=notrunc status=none
expect 3 '.recover' --db "$work/broken.db" gate "$good" --max-rate 1%
expect 3 '.recover' --db "$work/broken.db" backup "$work/broken-copy.db"
[ -e "$work/broken-copy.db" ] && complain 'a damaged database was backed up'

if [ "$failures" -gt 0 ]; then
  echo "$failures expectations failed"
  exit 1
fi
echo 'the gate opens and shuts as documented'
