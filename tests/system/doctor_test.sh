#!/usr/bin/env bash
# otarig doctor, discover and power restore on an emulated lab: a healthy one, every fault that they
# are there to find, and a board that somebody else has.
# usage: doctor_test.sh OTARIG EMULATED_LAB SOURCE_DIR
set -u
otarig=$1
export PATH=$(dirname -- "$2"):$PATH
source=$3
work=$(mktemp -d)
stop_labs() {
  local folder
  for folder in "$work"/*/; do touch "$folder/stop"; done
  wait
  rm -rf "$work"
}
trap stop_labs EXIT
export OTARIG_FIXTURES=$source/fixtures
unset OTARIG_BENCH OTARIG_DB

failures=0
complain() {
  printf '%s\n' "$1"
  failures=$((failures + 1))
}

# lab NAME [options]: a lab of its own in $work/NAME, ready when this returns.
lab() {
  local name=$1
  shift
  mkdir -p "$work/$name"
  emulated_lab serve "$work/$name" "$@" >"$work/$name/lab.txt" 2>&1 &
  for _ in $(seq 200); do
    [ -e "$work/$name/bench.yaml" ] && return
    sleep 0.05
  done
}

in_lab() { # in_lab NAME ARGUMENTS..: otarig with that lab's bench, state and database
  local name=$1
  shift
  EMULATED_LAB=$work/$name XDG_STATE_HOME=$work/$name/state \
    "$otarig" "$@" --bench "$work/$name/bench.yaml"
}

# now NAME CODE TEXT ARGUMENTS..: a command in that lab, its exit code, and what it must say.
now() {
  local name=$1 wanted=$2 text=$3 code
  shift 3
  in_lab "$name" "$@" >"$work/$name/out.txt" 2>&1
  code=$?
  says "$name" "$text"
  [ "$code" = "$wanted" ] || complain "$name: $*: exit $code, wanted $wanted: $(cat "$work/$name/out.txt")"
}

says() { # says NAME TEXT: in the last output
  grep -qF -- "$2" "$work/$1/out.txt" ||
    complain "$1: wanted to hear \"$2\", heard: $(cat "$work/$1/out.txt")"
}

# A product that is on talks; each lab's is provisioned once.
lab good
EMULATED_LAB=$work/good emulated_lab provision 1 iot.example.net >/dev/null
now good 0 'database:' doctor
now good 0 'waking: this machine wakes the rig at most' doctor
says good 'switch relay (lcus): found, opened and read'
says good 'board lab: console'
says good 'otarig doctor --switch'
now good 0 'board lab: channel 1 of relay: switched in' doctor --switch
says good 'board lab: console: heard'
says good 'board lab: cut: last sign of life'
now good 0 'lab: off' power get
now good 0 '"broken": 0' doctor --board lab --switch --json
now good 2 "has no board 'lba'" doctor --board lba
now good 0 'bench: discovered' discover
"$otarig" discover >"$work/good/bench-found.yaml"
"$otarig" boards --bench "$work/good/bench-found.yaml" >"$work/good/out.txt" 2>&1 ||
  complain "discover: its bench is refused: $(cat "$work/good/out.txt")"

lab welded --fault welded:4
EMULATED_LAB=$work/welded emulated_lab provision 1 iot.example.net >/dev/null
now welded 3 'something else feeds it' doctor --switch
# A contact that welded before the doctor came: quiet, as it never lost its power.
lab fed --fault welded:1
EMULATED_LAB=$work/fed emulated_lab provision 1 iot.example.net >/dev/null
now fed 3 "something else feeds it" doctor --switch
lab mute --fault mute:1
now mute 3 'board lab: channel 1 of relay' doctor --switch
lab stuck --fault stuck:3
EMULATED_LAB=$work/stuck emulated_lab provision 1 iot.example.net >/dev/null
now stuck 3 'acknowledged but not done' doctor --switch
lab gone
sed -i "s|port: $work/gone/console|port: /dev/no-such-port|" "$work/gone/bench.yaml"
now gone 3 'otarig discover lists the ports there are' doctor
sed -i "s|port: $work/gone/relay|port: /dev/no-such-relay|" "$work/gone/bench.yaml"
now gone 3 'switch relay (lcus)' doctor
lab probed
EMULATED_LAB=$work/probed emulated_lab provision 1 iot.example.net >/dev/null
cat >>"$work/probed/bench.yaml" <<'YAML'
    probe:
      openocd:
        commands:
          - adapter driver dummy
          - transport select jtag
          - jtag newtap chip cpu -irlen 4
          - target create chip.cpu testee -chain-position chip.cpu
      expect: {target: chip.cpu}
YAML
now probed 0 'board lab: probe: chip.cpu' doctor --switch
sed -i 's/expect: .*/expect: {cpuid: 0x412fc230}/' "$work/probed/bench.yaml"
now probed 3 'expects any target, cpuid 0x412fc230, there is chip.cpu' doctor --switch
now probed 0 'lab: off' power get

# The server behind a relay: nobody listens on the port of "discard" here.
lab served
linked() { # linked NAME PORT: the board's path is a relay to that port of this machine
  sed -i '/^    link:/d' "$work/$1/bench.yaml"
  sed -i "s|^    safe: off|    link: {engine: relay, forwards: [{listen: '127.0.0.1:0', to: '127.0.0.1:$2'}]}\n&|" \
    "$work/$1/bench.yaml"
}
linked served 9
now served 3 'server: 127.0.0.1:9: Connection refused' doctor
says served "start the update server, or name another in 'forwards'"
"$otarig" serve --port 0 --db "$work/good/state/otarig/otarig.db" >"$work/served/serve.txt" 2>&1 &
server=$!
for _ in $(seq 250); do
  port=$(sed -nE 's|.*127\.0\.0\.1:([0-9]+).*|\1|p' "$work/served/serve.txt" | head -1)
  [ -n "$port" ] && break
  sleep 0.05
done
linked served "$port"
now served 0 "server: 127.0.0.1:$port takes connections" doctor
kill "$server"
wait "$server" 2>/dev/null

# A database that cannot be written, and a disk that is no disk.
mkdir -p "$work/good/ro" && echo 'no database' >"$work/good/ro/x.db"
now good 3 'broken   database' doctor --db "$work/good/ro/x.db"

# Two otarigs on one board: the second is told who has it.
EMULATED_LAB=$work/good XDG_STATE_HOME=$work/good/state \
  "$otarig" run serial/no-cut --bench "$work/good/bench.yaml" >"$work/good/first.txt" 2>&1 &
first=$!
for _ in $(seq 250); do
  grep -q 'online mode' "$work/good/first.txt" && break
  sleep 0.05
done
# Held where it is, so that it is still there however long all this takes.
kill -STOP "$first"
now good 2 "board lab is in use by another otarig: process $first (" power off
says good 'run serial/no-cut'
now good 3 "process $first (" doctor
says good 'switch relay: in use with board lab'
# The rig dies with the board on; restore does what the next start would do.
kill -KILL "$first"
wait "$first" 2>/dev/null
now good 0 'lab: on' power get
now good 0 'an earlier run died' doctor
now good 0 'lab: brought to its safe state' power restore
now good 0 'lab: off' power get
now good 0 'lab: was left as it should be' power restore
now good 2 "has no board 'lba'" power restore lba

if [ "$failures" -gt 0 ]; then
  printf '%s expectations failed\n' "$failures"
  exit 1
fi
