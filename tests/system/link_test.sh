#!/usr/bin/env bash
# otarig link as a user types it: bad input, a relay that carries a file, and what a killed packet
# engine leaves. Usage: link_test.sh OTARIG SOURCE. The second half needs root, network namespaces
# and ip; 77 without.
set -euo pipefail

otarig=$1
source=$2
if [[ ${3:-} != inside ]]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
else
  folder=$4
fi
export XDG_STATE_HOME=$folder/state OTARIG_FIXTURES=$source/fixtures
unset OTARIG_BENCH OTARIG_DB OTARIG_FIRMWARE

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# refuses CODE TEXT ARGS..: it ends with this code and says this.
refuses() {
  local code=$1 text=$2 said got=0
  shift 2
  said=$(timeout 20 "$otarig" "$@" 2>&1) || got=$?
  [[ $got == "$code" ]] || fail "otarig $*: exit $got, not $code: $said"
  [[ $said == *"$text"* ]] || fail "otarig $* does not say '$text': $said"
}

between() { echo link packets --board-side "$1" --server-side "$2"; }

outside() {
  local relay=(link relay --listen 127.0.0.1:0)
  refuses 2 "there is no port" "${relay[@]}" --to localhost
  refuses 2 "an MSS is 1 to 65495" "${relay[@]}" --to 127.0.0.1:9 --mss 0
  refuses 2 "write engine: packets" "${relay[@]}" --to 127.0.0.1:9 --profile gprs
  refuses 2 "no link profile 'gprz'" "${relay[@]}" --to 127.0.0.1:9 --profile gprz
  # shellcheck disable=SC2046
  refuses 2 "there is no interface 'nic9'" $(between nic9 lo)
  refuses 2 "cannot be both sides of a link" link netem --board-side lo --server-side lo
  refuses 2 "that is no file" import-log "$folder"
  refuses 2 "has no limit of rate" link trace ideal
  [[ $("$otarig" link trace crawl 2>/dev/null) == 37500 ]] || fail "no trace of the crawl"
  # A run that ends by itself, with figures for a program.
  "$otarig" --json "${relay[@]}" --to 127.0.0.1:9 --profile crawl --for 0.1 >"$folder/figures"
  grep -q '"engine": "relay"' "$folder/figures" || fail "no figures of the relay"
}

# shows KEY VALUE ARGS..: a line of that JSON has both.
shows() {
  local key=$1 value=$2 said
  shift 2
  said=$("$otarig" --json "$@") || fail "otarig $*: exit $?"
  grep -q "\"$key\": \"*$value" <<<"$said" || fail "otarig $* does not show $key $value: $said"
}

# An engine that runs is looked at and changed by another otarig, until it ends.
control() {
  local bench=$folder/bench.yaml
  cat >"$bench" <<'END'
switches: {relay: {kind: command, on: [x], off: [x], state: [x]}}
boards:
  lab:
    kind: serial
    power: {board: [{switch: relay}]}
    console: {port: /dev/null}
    link: {engine: relay, forwards: [{listen: '127.0.0.1:0', to: '127.0.0.1:9'}]}
END
  refuses 2 "nobody shapes the link of board 'lab'" link show lab
  "$otarig" doctor --bench "$bench" --db "$folder/db" >"$folder/doctor" || true  # no such switch
  grep -q 'lab: link.*relay: 127.0.0.1:0 to 127.0.0.1:9' "$folder/doctor" ||
    fail "doctor says of the link: $(cat "$folder/doctor")"
  "$otarig" link shape --bench "$bench" 2>"$folder/shaping" &
  local engine=$!
  for _ in {1..100}; do
    grep -qs 'profile ideal' "$folder/shaping" && break
    sleep 0.1
  done
  shows profile ideal link show lab
  refuses 2 "is shaped already" link shape lab --bench "$bench"
  refuses 2 "no link profile 'gprz'" link set lab gprz
  refuses 2 "cannot express loss on TCP" link set lab gprs
  shows profile ideal link show lab # nothing was half applied
  shows profile crawl link set lab crawl
  shows engine relay link show
  shows profile ideal link clear lab
  kill -KILL "$engine"
  wait "$engine" 2>/dev/null || true
  [[ -S $folder/state/otarig/links/lab.control ]] || fail "no socket to be left behind"
  refuses 2 "nobody shapes the link" link show lab
  "$otarig" link clear >"$folder/cleared"
  grep -q 'socket .*lab.control' "$folder/cleared" || fail "clear says: $(cat "$folder/cleared")"
  [[ ! -e $folder/state/otarig/links/lab.control ]] || fail "the socket is still there"
}

# In a network namespace of its own: two interfaces that an engine may have.
inside() {
  ip link add board-end type veth peer name board-side
  ip link add server-end type veth peer name server-side
  touch "$folder/said"
  "$otarig" $(between board-side server-side) 2>"$folder/said" &
  local engine=$!
  for _ in {1..100}; do
    grep -qs 'packets: board at' "$folder/said" && break
    sleep 0.1
  done
  grep -q 'packets: board at' "$folder/said" || fail "no engine: $(cat "$folder/said")"
  kill -KILL "$engine"
  wait "$engine" 2>/dev/null || true
  if ls "$folder"/state/otarig/links/*.link >/dev/null 2>&1; then
    # Not through a pipe: grep that has found it would end doctor in the middle.
    "$otarig" doctor --fix --db "$folder/db" >"$folder/doctor" || fail "doctor: $(cat "$folder/doctor")"
    grep -q 'links' "$folder/doctor" || fail "doctor says nothing of links"
    ls "$folder"/state/otarig/links/*.link >/dev/null 2>&1 && fail "doctor --fix left something"
  else
    fail "the engine wrote down nothing"
  fi
  return 0
}

if [[ ${3:-} == inside ]]; then
  inside
  exit 0
fi
outside
control
[[ $EUID -eq 0 ]] && unshare -n true 2>/dev/null && command -v ip >/dev/null || {
  echo "skipped: the packet engine needs root, network namespaces and ip" >&2
  exit 77
}
unshare -n "$0" "$otarig" "$source" inside "$folder"
echo "link: good"
