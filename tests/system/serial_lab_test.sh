#!/usr/bin/env bash
# Cycles on an emulated lab: otarig's real drivers, the kernel's terminals, a relay board and a
# product that are programs. Good cycles, every fault with its right classification, bad input.
# usage: serial_lab_test.sh OTARIG EMULATED_LAB SOURCE_DIR
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

failures=0
complain() {
  printf '%s\n' "$1"
  failures=$((failures + 1))
}

# expect NAME CODE TEXT: what the output of job NAME must hold, and its exit code.
expect() {
  local code
  code=$(cat "$work/$1/code" 2>/dev/null)
  if [ "$code" != "$2" ] || ! grep -qF -- "$3" "$work/$1/out.txt"; then
    complain "$1: exit $code (wanted $2), wanted to hear \"$3\", heard:
$(grep -v progress "$work/$1/out.txt" | tail -n 30)"
  fi
}

# cycle NAME SCENARIO [lab options]: one cycle in a lab of its own, beside the others.
cycle() {
  local name=$1 scenario=$2
  shift 2
  lab "$name" "$@"
  {
    in_lab "$name" run "serial/$scenario" >"$work/$name/out.txt" 2>&1
    echo $? >"$work/$name/code"
  } &
  jobs+=($!)
}

# A scenario of our own: a changed copy of one of the repository.
changed() { # changed NAME SCENARIO SED-EXPRESSION
  sed -e "$3" "$source/scenarios/serial/$2.yaml" >"$work/$1.yaml"
}

# start NAME ARGUMENTS..: otarig in an already running lab, beside the others.
start() {
  local name=$1
  shift
  {
    in_lab "$name" "$@" >"$work/$name/out.txt" 2>&1
    echo $? >"$work/$name/code"
  } &
  jobs+=($!)
}

# A run that is stopped with a signal as soon as its power is on.
stopped() { # stopped NAME SIGNAL
  lab "$1"
  EMULATED_LAB=$work/$1 XDG_STATE_HOME=$work/$1/state \
    "$otarig" run serial/no-cut --bench "$work/$1/bench.yaml" >"$work/$1/out.txt" 2>&1 &
  local run=$!
  for _ in $(seq 250); do
    grep -q 'online mode' "$work/$1/out.txt" && break
    sleep 0.05
  done
  kill "-$2" "$run"
  wait "$run"
  echo $? >"$work/$1/code"
}

jobs=()
cycle good no-cut
cycle download cut-in-download
cycle copy cut-in-copy
cycle resumed cut-in-copy --resuming
cycle welded cut-in-download --fault welded:3
cycle hung cut-in-copy --fault welded:3 --fault hangs
cycle stuck cut-in-download --fault stuck:3
cycle mute cut-in-download --fault mute:3
cycle unplugged cut-in-download --fault unplugged:3
cycle console cut-in-download --fault console-gone:300
changed unflashed cut-in-download '/command: .emulated_lab, provision/d'
lab fed-short --fault back-power:400
EMULATED_LAB=$work/fed-short emulated_lab provision 1 iot.example.net >/dev/null
start fed-short run "$work/unflashed.yaml"
lab fed --fault back-power:400
sed -i 's/shortest_off: 200ms/shortest_off: 600ms/' "$work/fed/bench.yaml"
start fed run serial/cut-in-download
cycle fed-long cut-in-download --fault back-power:2000
cycle noise cut-in-download --fault garbage
changed absent no-cut 's/\[emulated_lab, offer/[no-such-program, offer/'
changed refused no-cut "s/\\[emulated_lab, offer, '{user}'\\]/[emulated_lab, nonsense]/"
for name in absent refused; do
  lab $name
  start $name run "$work/$name.yaml"
done
# planted NAME [fault]: a cycle whose board is provisioned through the probe. It takes the place of the
# provisioning command; the images are the simulated board's.
planted() {
  lab "$1"
  sed -i "s|^    safe: off|    probe: {openocd: {program: emulated_openocd, commands: ['fault ${2:-none}']}, expect: {cpuid: 0x412fc230}}\n&|" \
    "$work/$1/bench.yaml"
  start "$1" run "$work/through-probe.yaml"
}
changed through-probe cut-in-download \
  '/command: .emulated_lab, provision/d; s/{kind: serial}/{kind: serial, firmware: electron-0.7.0}/'
planted probed
planted other-chip other-chip
planted ends-in-flash ends-in-flash
planted flips-a-bit flips-a-bit
# A board whose path to its server the rig shapes: the phases of the update open the windows, and a
# profile that the engine cannot express is refused before anything moves.
cp "$source/scenarios/serial/no-cut.yaml" "$work/shaped.yaml"
cat >>"$work/shaped.yaml" <<'END'
link:
  profile: crawl
  during:
    - {name: halt, path: {down: {rate: 1bit/s}}, phase: applying}
END
sed 's/profile: crawl/profile: gprs/' "$work/shaped.yaml" >"$work/lossy.yaml"
lab shaped
sed -i "s|^    safe: off|    link: {engine: relay, forwards: [{listen: '127.0.0.1:0', to: '127.0.0.1:9'}]}\n&|" \
  "$work/shaped/bench.yaml"
start shaped run "$work/shaped.yaml" --pcap "$work/shaped/packets.pcapng"
stopped interrupted INT
stopped killed KILL
wait "${jobs[@]}"

expect good 0 'verdict: survived-new'
expect download 0 'verdict: retried (cut in phase downloading)'
expect copy 1 'verdict: user-firmware-lost (cut in phase applying)'
expect resumed 0 'verdict: resumed (cut in phase applying)'
expect welded 3 'verdict: void'
expect welded 3 'but the console still talks'
expect hung 3 'verdict: rig-fault'  # not bricked: the contact never opened
expect hung 3 'nothing was heard since the cut, and only silence says'
expect stuck 3 'verdict: rig-fault'
expect stuck 3 'NOT in its safe state'
expect mute 3 'verdict: rig-fault'
expect unplugged 3 'verdict: rig-fault'
expect console 3 'the console vanished'
expect fed 0 'verdict: retried'
expect fed-short 3 'only silence says that the board lost its power'
expect fed-long 3 'verdict: void'
expect noise 0 'verdict: retried'

expect shaped 0 'verdict: survived-new'
expect shaped 0 'halt off'
expect shaped 0 'down engine=relay profile=crawl offered=0'
# On the timeline of the update: in force from the phase on, and not before.
phase=$(grep -n 'phase=applying' "$work/shaped/out.txt" | head -n 1 | cut -d: -f1)
halt=$(grep -n 'shaped .*halt on' "$work/shaped/out.txt" | head -n 1 | cut -d: -f1)
[ -n "$phase" ] && [ -n "$halt" ] && [ "$halt" -gt "$phase" ] && [ "$halt" -lt $((phase + 4)) ] ||
  complain "shaped: the phase is line $phase of the timeline, its window line $halt"
[ -s "$work/shaped/packets.pcapng" ] || complain 'shaped: no packets were written'

expect probed 0 'the probe found stm32f2x.cpu, idcode 0x2ba01477, cpuid 0x412fc230'
expect probed 0 'planted and verified'
expect probed 0 'verdict: retried (cut in phase downloading)'
expect other-chip 3 'the bench expects any target, cpuid 0x412fc230, there is'
expect ends-in-flash 3 "'emulated_openocd' ended"
expect flips-a-bit 3 'contents differ'
for name in other-chip ends-in-flash flips-a-bit; do expect $name 3 'verdict: rig-fault'; done

expect absent 3 'no-such-program'
expect refused 3 'the update could not be started: update trigger: exit status 2'
expect interrupted 130 'left without power'
expect killed 137 'online mode'

# now NAME CODE TEXT ARGUMENTS..: a command in that lab, and what it must say.
now() {
  local name=$1 code=$2 text=$3
  shift 3
  in_lab "$name" "$@" >"$work/$name/out.txt" 2>&1
  echo $? >"$work/$name/code"
  expect "$name" "$code" "$text"
}

# The rig died and left the board on; the next run makes it safe before anything else.
now killed 0 'lab: on' power get
now killed 0 'left board' run serial/no-cut
now killed 0 'lab: off' power get

# Commands on a board, and what is refused before anything moves.
in_lab good console lab --for 2.5 >"$work/console.txt" 2>&1 &
listener=$!
sleep 0.3
now good 0 'lab: on' power on lab
wait "$listener" || complain 'console: does not end well'
grep -q 'online mode=normal user=2' "$work/console.txt" || complain 'console: hears no boot'
now good 0 '"power": "off"' --json power off
now good 0 'relay channel 1' boards
now good 2 "has no board 'lba'" power get lba
now good 2 'not a cut' run serial/no-cut --cut 'anywhere'
now good 2 'a relay cannot hit a flash operation' run serial/no-cut --cut 'flash-op=5.during'
now good 2 "no power domain 'modem'" run serial/no-cut --cut 'phase=applying:cut=modem:off=1s'
now good 2 "the product's own way to update" run electron/no-cut --board lab
now good 2 'does not say how the path' run "$work/shaped.yaml"
now good 2 'asks for no sweep' sweep serial/no-cut
now shaped 2 'cannot express loss on TCP' run "$work/lossy.yaml"
now good 2 'do not pass through the rig' run serial/no-cut --pcap "$work/none.pcapng"
sed -i 's/channel: 1/channel: 2/' "$work/noise/bench.yaml"
now noise 2 'bench.yaml:7:' run serial/no-cut
sed -i 's/channel: 2/channel: 1/; s|/console,|/relay,|' "$work/noise/bench.yaml"
now noise 2 'is named a second time' run serial/no-cut
sed -i 's|port: .*/relay, baud|port: /dev/no-such-port, baud|' "$work/noise/bench.yaml"
now noise 3 '/dev/no-such-port' run serial/no-cut

# Every cycle is booked, with its timeline, and the board is left without power where it obeys.
for name in good download copy resumed welded stuck mute unplugged console fed fed-short fed-long noise; do
  in_lab "$name" show 1 >"$work/$name/out.txt" 2>&1
  grep -q 'verdict' "$work/$name/out.txt" || complain "$name: no stored cycle"
done
for name in good download copy resumed console fed interrupted; do
  now "$name" 0 'lab: off' power get
done

if [ "$failures" -gt 0 ]; then
  printf '%s expectations failed\n' "$failures"
  exit 1
fi
