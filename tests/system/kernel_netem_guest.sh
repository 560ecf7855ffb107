#!/usr/bin/env bash
# Inside the guest, whose kernel has netem (kernel_netem_test.sh starts it): what otarig sets, what
# the kernel's own tool sees of it, and that a killed otarig's shaping goes away, from the outside of
# the network namespace as well.
# usage: kernel_netem_guest.sh OTARIG SOURCE_DIR
set -u
otarig=$1
work=/run/tmp/netem
mkdir -p $work/fixtures
cp -r "$2/fixtures/links" $work/fixtures/
echo 'both: {rate: 48kbit/s, delay: 150ms, loss: 25%, queue: 20}' >$work/fixtures/links/plain.yaml
export OTARIG_FIXTURES=$work/fixtures XDG_STATE_HOME=$work/state
links=$work/state/otarig/links

failures=0
complain() {
  printf '%s\n' "$1"
  failures=$((failures + 1))
}
otarig() { timeout 120 "$otarig" "$@"; }
in_lab() { ip netns exec lab "$@"; }
# What is shaped by hand in the lab, as tc has it.
shaped() { in_lab tc qdisc show | grep -v ' noqueue \| pfifo_fast \| fq_codel '; }

# starts PROFILE: an engine in the lab, in $engine, that says to be there.
starts() {
  ip netns exec lab "$otarig" link netem --board-side board-side --server-side server-side \
    --profile "$1" --name lab 2>$work/said &
  engine=$!
  for _ in $(seq 600); do
    grep -q 'netem: board at' $work/said && return
    kill -0 $engine 2>/dev/null || break
    sleep 0.1
  done
  complain "no engine netem: $(cat $work/said)"
}
# dies SIGNAL
dies() {
  kill "-$1" $engine
  wait $engine 2>/dev/null
}
# sees INTERFACE TEXT..: tc must say that of it.
sees() {
  local interface=$1 said text
  shift
  said=$(shaped | grep " $interface ")
  for text in "$@"; do
    [[ $said == *"$text"* ]] || complain "tc should say '$text' of $interface, and says: $said"
  done
}
nothing_shaped() { [ -z "$(shaped)" ] || complain "$1: still shaped: $(shaped)"; }
# says CODE TEXT ARGS..
says() {
  local code=$1 text=$2 got
  shift 2
  otarig "$@" >$work/out.txt 2>&1
  got=$?
  [ $got -eq "$code" ] && grep -qF -- "$text" $work/out.txt ||
    complain "otarig $*: exit $got (wanted $code), wanted '$text', heard: $(cat $work/out.txt)"
}

ip netns add lab || exit 1
ip -n lab link add board-end type veth peer name board-side
ip -n lab link add server-end type veth peer name server-side

# --- Shaped, seen by the kernel's own tool, changed live, refused without a half. ---
starts crawl
sees board-side 'netem' 'limit 1002' 'delay 200ms' 'rate 320bit'
sees server-side 'netem' 'limit 1002' 'delay 200ms' 'rate 320bit'
says 0 'lab: netem, profile crawl' link show lab
says 2 'cannot express jitter' link set lab gprs
sees board-side 'rate 320bit'
says 0 'profile plain' link set lab plain
for each in board-side server-side; do sees $each 'delay 150ms' 'loss 25%' 'rate 48Kbit'; done
says 0 'profile ideal' link clear lab
[[ $(shaped) != *rate* ]] || complain "cleared, and tc says: $(shaped)"
dies TERM
nothing_shaped 'an engine that ended'
[ -z "$(ls -A $links)" ] || complain "an engine that ended left $(ls -A $links)"

# --- Killed: the next otarig that shapes anything undoes it, and it need not be in the lab. ---
starts plain
dies KILL
sees board-side 'rate 48Kbit'
says 0 'undone what a killed otarig had left: shaping of board-side' \
  link relay --listen 127.0.0.1:0 --to 127.0.0.1:9 --for 0.1
nothing_shaped 'after the next start'
[ -z "$(ls -A $links)" ] || complain "the next start left $(ls -A $links)"

# --- Killed again: doctor tells, and undoes it when it is told to. ---
starts crawl
dies KILL
otarig doctor --db $work/db >$work/out.txt 2>&1
grep -q 'left by a killed otarig: .*shaping of server-side' $work/out.txt ||
  complain "doctor says nothing of what was left: $(cat $work/out.txt)"
sees server-side 'rate 320bit'
otarig doctor --fix --db $work/db >$work/out.txt 2>&1
grep -q 'undone: .*shaping of board-side' $work/out.txt ||
  complain "doctor --fix: $(cat $work/out.txt)"
nothing_shaped 'after doctor --fix'

# --- Killed, and its namespace went as well: forgotten, and what is here of that name is let be. ---
starts crawl
dies KILL
ip netns delete lab
ip link add board-side type veth peer name board-end
tc qdisc add dev board-side root netem delay 10ms
says 0 'link' link clear
tc qdisc show dev board-side | grep -q netem || complain 'somebody else lost the shaping of board-side'
[ -z "$(ls -A $links)" ] || complain "link clear left $(ls -A $links)"
says 2 "is shaped already, by 'netem'" link netem --board-side board-side --server-side board-end
tc qdisc show dev board-end | grep -q netem && complain 'half of a refused link is there'

[ $failures -eq 0 ] && echo 'netem: good'
exit $((failures > 0))
