#!/usr/bin/env bash
# Inside the guest (kernel_lab_test.sh starts it): otarig against the kernel's real drivers, with
# USB devices behind them that are programs. What otarig says is compared with what the emulator
# knows of contacts, boards and consoles.
# usage: kernel_lab_guest.sh FOLDER_OF_PROGRAMS SOURCE_DIR [switches]
#   switches: only the switches, their addresses and rights; no cycles
set -u
only=${3:-}
otarig=$1/otarig
export PATH=$1:$PATH
source=$2
work=/run/tmp/kernel-lab
mkdir -p $work
export OTARIG_FIXTURES=$source/fixtures EMULATED_LAB=$work/lab XDG_STATE_HOME=$work/state
export OTARIG_BENCH=$EMULATED_LAB/bench.yaml

failures=0
complain() {
  printf '%s\n' "$1"
  failures=$((failures + 1))
}
since=0
took() { # took WHAT: how long it was, for whoever has to make this faster
  local now
  read -r now _ </proc/uptime
  printf '%-24s %5.1f s\n' "$1" "$(awk "BEGIN {print $now - $since}")"
  since=$now
}
lab() { usb_lab tell $EMULATED_LAB "$@"; }
otarig() { timeout 120 "$otarig" "$@"; }

# beside COMMAND..: beside at most two others, which is what an emulated machine of two processors
# does in time; all_done waits for the last.
jobs=()
beside() {
  while ((${#jobs[@]} > 2)); do
    wait "${jobs[0]}"
    jobs=("${jobs[@]:1}")
  done
  "$@" &
  jobs+=($!)
}
all_done() {
  wait "${jobs[@]}"
  jobs=()
}

# emulator BOARD TEXT..: what the emulator must know about it.
emulator() {
  local name=$1 state text
  shift
  state=$(lab "$name" state)
  for text in "$@"; do
    [[ $state == *"$text"* ]] || complain "$name: the emulator should say $text, and says: $state"
  done
}

took boot
# come_up: waits until the lab in $server is there.
come_up() {
  for _ in $(seq 600); do
    [ -e $OTARIG_BENCH ] && return
    sleep 0.1
  done
  echo 'the lab does not come up:'
  cat $work/lab.txt
  exit 1
}

# --- Two relays with one serial number: only their ports tell them apart. ---
usb_lab serve $EMULATED_LAB one=hid-relay twin=hid-relay >$work/lab.txt 2>&1 &
server=$!
trap 'kill $server; wait' EXIT
come_up
sed '/one-power/s/usb: [0-9-]*/serial: LAB01/' $OTARIG_BENCH >$work/by-serial.yaml
otarig power get one --bench $work/by-serial.yaml >$work/out.txt 2>&1
[ $? -eq 3 ] || complain "two relays with one serial number: $(cat $work/out.txt)"
for each in one twin; do
  port=$(sed -n "/$each-power/s/.*usb: \([0-9.-]*\).*/\1/p" $OTARIG_BENCH)
  grep -qF "$port" $work/out.txt ||
    complain "port $port of '$each' is no candidate: $(cat $work/out.txt)"
done
otarig power on twin >$work/out.txt 2>&1 || complain "power on twin: $(cat $work/out.txt)"
emulator twin contact=closed
emulator one contact=open
kill $server
wait $server
rm -rf $EMULATED_LAB
took 'twins'

usb_lab serve $EMULATED_LAB hid=hid-relay,resuming,chunk=100 \
  lcus=lcus,resuming,chunk=100,console=ch340 yk=ykush,chunk=100 num=numato,chunk=100,beat=200 \
  rly=usb-rly,chunk=100,console=acm hub=hub-port,chunk=100,beat=200 ftdi=lcus-ftdi,chunk=100 \
  qemu=qemu-hub,resuming,chunk=100,start=3000 >$work/lab.txt 2>&1 &
server=$!
come_up
took 'devices plugged in'
boards='hid lcus yk num rly hub ftdi qemu'

# --- Every kind of switch, all at the same time: on and off, as the emulator sees it. ---
switch_each() { # switch_each LEVEL CONTACT
  local name
  for name in $boards; do
    beside otarig power "$1" "$name" >$work/"$name".txt 2>&1
  done
  all_done
  for name in $boards; do
    grep -qx "$name: $1" $work/"$name".txt ||
      complain "$name: power $1 says: $(cat $work/"$name".txt)"
    emulator "$name" "contact=$2" "board=$1"
  done
}
hidraw_before=$(ls /dev/hidraw* 2>&1)
switch_each on closed
switch_each off open
# Nothing was taken from the kernel's driver to do that.
[ "$(ls /dev/hidraw* 2>&1)" = "$hidraw_before" ] && [ -e /dev/hidraw0 ] ||
  complain "hidraw nodes before: $hidraw_before; now: $(ls /dev/hidraw* 2>&1)"
took 'every switch on and off'

# --- Addresses, rights, the wrong device. ---
changed() { sed "$1" $OTARIG_BENCH >$work/changed.yaml; }
refused() { # refused CODE TEXT BOARD
  local code
  otarig power get "$3" --bench $work/changed.yaml >$work/out.txt 2>&1
  code=$?
  [ $code -eq "$1" ] && grep -qF -- "$2" $work/out.txt ||
    complain "power get $3: exit $code (wanted $1), wanted to hear \"$2\", heard: $(cat $work/out.txt)"
}
changed '/hid-power/s/usb: [0-9-]*/serial: LAB01/'
refused 0 'hid: off' hid
changed '/hid-power/s/usb: [0-9-]*/usb: 1-1/'
refused 3 'there is 1-1 0409:55aa' hid
changed '/lcus-power/s/usb: [0-9-]*/usb: 2-99/'
refused 3 'USB port 2-99' lcus
install -d -o 65534 $work/nobody
touch $work/otarig-of-nobody  # its own folder may be closed to others, and it is large
mount --bind "$otarig" $work/otarig-of-nobody
setpriv --reuid 65534 --clear-groups env XDG_STATE_HOME=$work/nobody \
  $work/otarig-of-nobody power get hid >$work/out.txt 2>&1
[ $? -eq 3 ] && grep -qE 'install .*rules' $work/out.txt ||
  complain "without rights: $(cat $work/out.txt)"
took 'refusals'

end() {
  [ "$failures" -gt 0 ] || exit 0
  cat $work/lab.txt
  printf '%s expectations failed\n' "$failures"
  exit 1
}
[ "$only" = switches ] && end

# --- Cycles. ---
mkdir -p $work/scenarios
for name in no-cut cut-in-download; do
  sed -e 's/online_within: 5s/online_within: 60s/; s/update_finishes_within: 20s/update_finishes_within: 2min/' \
    "$source/scenarios/serial/$name.yaml" >$work/scenarios/$name.yaml
done
# cycle ROUND BOARD SCENARIO [WORDS..]: one cycle after the lab was told WORDS about the board. One
# that otarig gave up because this machine was too busy to be a rig was no trial: it is repeated.
cycle() {
  local job=$work/$1-$2 name=$2 scenario=$3
  shift 3
  for _ in 1 2 3 4; do
    lab "$name" heal >/dev/null
    [ $# -eq 0 ] || lab "$name" "$@" >/dev/null
    rm -f "$job.db"
    otarig run "$work/scenarios/$scenario.yaml" --board "$name" --db "$job.db" >"$job.txt" 2>&1
    echo $? >"$job.code"
    grep -q 'machine is too busy' "$job.txt" || return
  done
}
# expect ROUND BOARD CODE TEXT..: exit code, and what must have been said.
expect() {
  local job=$work/$1-$2 wanted=$3 code text
  shift 3
  code=$(cat "$job.code")
  for text in "$@"; do
    [ "$code" = "$wanted" ] && grep -qE -- "$text" "$job.txt" && continue
    complain "$job: exit $code (wanted $wanted), wanted to hear \"$text\", heard:
$(grep -v progress "$job.txt" | tail -n 25)"
  done
}

# Order "off" number 3 of a cycle is the cut: the board is found off, and left off once provisioned.
cut=3
beside cycle first hid cut-in-download fault refuse $cut 1
beside cycle first lcus cut-in-download fault stuck $cut 1
beside cycle first yk cut-in-download fault gone $cut
beside cycle first num cut-in-download fault welded $cut
beside cycle first rly cut-in-download fault replug $cut 1
beside cycle first hub cut-in-download fault welded $cut
beside cycle first ftdi cut-in-download fault swapped 1 1
beside cycle first qemu cut-in-download
all_done
took 'eight cycles'

expect first hid 0 'verdict: (retried|resumed)'            # one STALL is overcome
expect first lcus 3 'verdict: rig-fault' 'acknowledged but not done'
expect first yk 3 'verdict: rig-fault' 'unplugged or re-enumerated' 'NOT in its safe state'
expect first num 3 'verdict: void' 'the console still talks'
expect first rly 3 'verdict: rig-fault' 'unplugged or re-enumerated'
expect first hub 3 'verdict: void' 'the console still talks'  # says off, keeps the power
expect first ftdi 3 'verdict: rig-fault' 'another channel changed'
expect first qemu 0 'verdict: (retried|resumed)'
for name in hid lcus rly; do emulator $name board=off contact=open; done
emulator yk board=off switch=gone
emulator num board=on contact=closed latch=0  # nobody can open a welded contact
emulator hub board=on contact=closed latch=0
emulator qemu board=off contact=open
# Before the contact opens, or right after, the rig's console feeds nothing into the board.
grep -q 'hid: console held-low' $work/lab.txt || complain 'the console of hid was never held low'

lab yk switch plug >/dev/null
for _ in $(seq 100); do # it is back on the bus
  [ -e /sys/bus/usb/devices/2-5/2-5:1.0 ] && break
  sleep 0.1
done
# Someone who holds the old node makes the adapter come back under another name.
node=$(ls -d /sys/bus/usb/devices/2-4/2-4:1.0/ttyUSB*)
exec 7<>/dev/"${node##*/}"
# Two that will not answer are not waited for as long as a busy machine may need.
sed -i '/^  \(hid\|rly\):/,/answer_within/s/answer_within: .*/answer_within: 5s/' $OTARIG_BENCH
beside cycle second hid cut-in-download fault mute $cut
beside cycle second lcus cut-in-download when 'chunk=5 ' console replug 300
beside cycle second num cut-in-download when 'chunk=3 ' hold 6000
beside cycle second hub cut-in-download when 'chunk=5 ' console overrun 40
beside cycle second rly cut-in-download fault mute $cut 1
beside cycle second yk cut-in-download fault refuse $cut 1
all_done
exec 7>&-
took 'six cycles'

expect second hid 3 'verdict: rig-fault' 'whether the contact moved is unknown'
expect second lcus 3 'verdict: rig-fault' 'the console vanished'
expect second num 3 'verdict: void' 'the console still talks'  # fed for a while by something else
expect second hub 3 'verdict: rig-fault' 'overrun|lost'
expect second rly 3 'verdict: rig-fault' 'whether the contact moved is unknown'
expect second yk 3 'verdict: rig-fault' 'the switch refused'
renamed=$(ls -d /sys/bus/usb/devices/2-4/2-4:1.0/ttyUSB* 2>&1)
[ "${renamed##*/}" != "${node##*/}" ] || complain "the console of lcus is still ${node##*/}"
for name in hid lcus num hub rly yk; do emulator $name contact=open; done

# After all that it works again, under its other name.
cycle third lcus no-cut
expect third lcus 0 'verdict: survived-new'
emulator lcus board=off
took 'one cycle'

# What was recorded is looked at outside, where that costs no emulated processor.
mkdir -p /run/job/recorded
cp $work/*-*.db $work/*-*.txt /run/job/recorded/
end
