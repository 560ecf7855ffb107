#!/usr/bin/env bash
# otarig as a user types it: exit codes and messages of good and bad input.
# usage: commands.sh OTARIG SOURCE_DIR
set -u
otarig=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OTARIG_DB=$work/otarig.db OTARIG_FIXTURES=$source/fixtures
failures=0

# expect CODE TEXT ARGUMENTS..: the exit code, and a text that the output must hold.
expect() {
  local code=$1 text=$2
  shift 2
  local said
  said=$("$otarig" "$@" 2>&1)
  local got=$?
  if [ "$got" -ne "$code" ] || ! grep -qF -- "$text" <<<"$said"; then
    printf 'otarig %s: exit %s (wanted %s), wanted to hear "%s", heard:\n%s\n' \
      "$*" "$got" "$code" "$text" "$(head -c 2000 <<<"$said")"
    failures=$((failures + 1))
  fi
}

scenario() { # scenario NAME SED-EXPRESSION: a changed copy of a good one
  sed -e "$2" "$source/scenarios/electron/2.0.0-built-in-both.yaml" >"$work/$1.yaml"
  printf '%s' "$work/$1.yaml"
}

expect 0 'Exit codes' --help
for command in run sweep replay show judge report boards image power console demo; do
  expect 0 "$command" "$command" --help
done
expect 2 'subcommand' unknown-command
expect 0 'electron-2.0.0' boards

expect 2 ':' run "$(scenario unknown-key 's/^off_grid/&/; s/^device:/devise:/')"
expect 2 'is no duration' run "$(scenario bad-unit 's/firmware: electron-2.0.0/&, hold_up: 3 parsecs/')"
expect 2 'there are' run "$(scenario no-profile 's/^device: .*/device: proton/')"
expect 2 'electron-2.0.0' run "$(scenario no-firmware 's/electron-2.0.0}/electron-9.9.9}/')"
expect 2 'not found' run no/such/scenario
expect 2 "Did you mean 'electron/no-cut'?" run electron/no-cat
expect 2 'not a cut' run electron/2.0.0-built-in-both --cut 'somewhere'
expect 2 'plan id' replay 'no-such-plan'
expect 2 '' show 4711
expect 2 'no sweep' sweep electron/no-cut
expect 2 '' image show "$work/otarig.db"

# Built for another board.
expect 2 'is built for board emcraft-sf2, this one is stm32f205' run electron/no-cut \
  --firmware "$(dirname -- "$otarig")/firmware/emcraft-sf2"

# A module that is damaged, for another platform, or larger than its slot.
firmware=$work/firmware
cp -r "$(dirname -- "$otarig")/firmware" "$firmware"
module=$firmware/electron/user-v2.bin
original=$work/user-v2.bin
cp "$module" "$original"
printf 'x' | dd of="$module" bs=1 seek=5000 conv=notrunc status=none
expect 2 'CRC' run electron/no-cut --firmware "$firmware"
cp "$original" "$module"
printf '\006' | dd of="$module" bs=1 seek=12 conv=notrunc status=none # platform_id: a Photon's
expect 2 'user-v2.bin' run electron/no-cut --firmware "$firmware"
cp "$original" "$module"
head -c 200000 /dev/zero >>"$module"
expect 2 'user-v2.bin' run electron/no-cut --firmware "$firmware"

# A SIM card whose network wants no APN is no SIM card.
mkdir "$work/fixtures"
cp -r "$source/fixtures/." "$work/fixtures"
sed -i '/apn/d' "$work/fixtures/sim-cards/third-party.yaml"
expect 2 'apn' run "$source/scenarios/electron/0.7.0-third-party-both.yaml" --fixtures "$work/fixtures"

# A trigger that never fires is no trial.
expect 3 'void' run electron/2.0.0-built-in-both -q --cut 'console=no%20such%20line.1:torn=old:cut=board:off=2000ms'
# One good cycle, stored, shown, replayed, reported.
expect 0 'verdict: survived-new' run electron/no-cut -q
expect 0 'cycle_end' show 2
expect 0 'identical to stored cycle' replay 2 -q
expect 0 'wrote' report 2 --html "$work/r.html" --junit "$work/r.xml" --json-file "$work/r.json"
# What was recorded is judged by what was recorded, when the scenario file is gone as well.
cp "$source/scenarios/electron/no-cut.yaml" "$work/moved.yaml"
expect 0 'survived-new' --db "$work/moved.db" run "$work/moved.yaml" -q
rm "$work/moved.yaml"
expect 0 '1 cycles judged again, 0 verdicts changed' --db "$work/moved.db" judge 1
expect 2 'no-such.yaml' --db "$work/moved.db" judge 1 --scenario "$work/no-such.yaml"
# The packets of a run, read by somebody else's program: as many as the link was offered and as many
# lost as it says, each with a comment.
packets_agree() {
  local file=$work/packets.pcapng said offered lost
  said=$("$otarig" run electron/no-cut -q --json --pcap "$file")
  offered=$(grep -o '"offered_packets": [0-9]*' <<<"$said" | awk '{sum += $2} END {print sum}')
  lost=$(awk '/"dropped": {$/ {in_it = 1; next} /}/ {in_it = 0} in_it {gsub(/[^0-9]*:|[ ,]/, ""); sum += $0}
    END {print sum + 0}' <<<"$said")
  count() { tshark -r "$file" -Y "$1" 2>/dev/null | wc -l; }
  [ "$(count frame)" -eq "$offered" ] && [ "$offered" -gt 100 ] && [ "$lost" -gt 0 ] &&
    [ "$(count 'frame.comment contains "dropped: "')" -eq "$lost" ] &&
    [ "$(count 'frame.comment contains "phase=downloading"')" -gt 10 ] && return
  printf 'tshark finds %s packets, %s of them dropped; otarig says %s and %s\n' \
    "$(count frame)" "$(count 'frame.comment contains "dropped: "')" "$offered" "$lost"
  failures=$((failures + 1))
}
if command -v tshark >/dev/null; then
  packets_agree
else
  echo 'packets: skipped, no tshark here'
fi
# What the link did is told with the cycle, and in its report; where its packets went as well, which
# does not make it another cycle.
link_is_told() {
  local file=$work/told.pcapng db=$work/told.db plan
  plan=$("$otarig" --db "$db" run electron/no-cut -q --json --pcap "$file" |
    sed -n 's/.*"plan": "\(.*\)".*/\1/p')
  expect 0 'identical to' --db "$db" replay -q "$plan"
  "$otarig" --db "$db" report 1 --json-file "$work/told.json" >/dev/null
  grep -qF "\"file\": \"$file\"" "$work/told.json" && grep -q '"profile": "gprs"' "$work/told.json" &&
    return
  echo 'the report says nothing of the link, or not where its packets are'
  failures=$((failures + 1))
}
link_is_told
# A device that fails.
expect 1 'bricked' run electron/bootloader-update -q --cut 'flash-op=1700.during:torn=old:cut=board+modem:off=2000ms'

# A database of a newer schema, and one that cannot be written.
cp "$work/otarig.db" "$work/newer.db"
if command -v sqlite3 >/dev/null; then
  sqlite3 "$work/newer.db" 'PRAGMA user_version = 999'
  expect 2 '999' --db "$work/newer.db" show 1
fi
# A disk of 200 KB, where this machine lets us mount one.
full_disk() {
  unshare -rm bash -c 'mount -t tmpfs -o size=200k none "$1" || exit 77
    "$2" --db "$1/full.db" sweep electron/0.7.0-built-in-both --points 60 2>&1' _ "$work/small" "$otarig"
}
mkdir "$work/small"
said=$(full_disk)
code=$?
if [ "$code" -eq 77 ] || grep -qi 'unshare' <<<"$said"; then
  echo 'full disk: skipped, no mount namespace here'
elif [ "$code" -ne 3 ] || ! grep -q 'full.db' <<<"$said"; then
  printf 'full disk: exit %s (wanted 3), heard:\n%s\n' "$code" "$(tail -c 1000 <<<"$said")"
  failures=$((failures + 1))
fi
expect 3 '/proc' --db /proc/otarig.db run electron/no-cut -q

# Ctrl-C in a sweep: finished cycles are kept and can be reported.
timeout -s INT 6 "$otarig" --db "$work/stopped.db" sweep electron/2.0.0-built-in-both -j 1 >/dev/null 2>&1
code=$?
[ "$code" -eq 124 ] || [ "$code" -eq 130 ] || { echo "Ctrl-C: exit $code"; failures=$((failures + 1)); }
expect 0 'interrupted' --db "$work/stopped.db" report 1

if [ "$failures" -gt 0 ]; then
  echo "$failures expectations failed"
  exit 1
fi
echo 'every command answered as documented'
