#!/usr/bin/env bash
# Cuts at a function of the firmware on a serial board, through the real OpenOCD: it drives the JTAG
# wires of an emulated debug port (emulated_dap); behind that, behind a relay, a console and a modem
# UART on pseudo-terminals, the product's firmware runs on a QEMU machine (arm_board).
# usage: openocd_test.sh OTARIG BUILD_FOLDER SOURCE_DIR
set -u
otarig=$1 programs=$2 source=$3
for each in openocd qemu-system-arm; do
  command -v $each >/dev/null || { echo "no $each: skipped" && exit 77; }
done
work=$(mktemp -d /tmp/otarig-openocd.XXXXXX)
helpers=()
end() {
  kill "${helpers[@]}" 2>/dev/null
  wait
  rm -rf "$work"
}
trap end EXIT
export OTARIG_FIXTURES=$source/fixtures
failures=0
complain() {
  printf '%s\n' "$@"
  failures=$((failures + 1))
}

# The board comes with its flash: nothing that a probe would have to plant.
scenario=$work/through-openocd.yaml
sed -e 's/apn: iot.example.net}/apn: iot.example.net, command: ["true"]}/' \
  -e 's/^scenario: .*/scenario: through-openocd/' \
  "$source/scenarios/emulated/small.yaml" >"$scenario"

# lab NAME: a board, its debug port, and the bench that has them.
lab() {
  local lab=$work/$1
  mkdir "$lab"
  "$programs/arm_board" --terminals "$lab" "$scenario" "$source/fixtures" \
    "$programs/firmware/emcraft-sf2" >"$lab/board.txt" 2>&1 &
  helpers+=($!)
  "$programs/emulated_dap" "$lab/jtag" "$lab/debug" >"$lab/dap.txt" 2>&1 &
  helpers+=($!)
  cat >"$lab/target.cfg" <<END
adapter driver remote_bitbang
remote_bitbang port 0
remote_bitbang host $lab/jtag
adapter speed 1000
jtag newtap sf2 cpu -irlen 4 -expected-id 0x4ba00477
dap create sf2.dap -chain-position sf2.cpu
target create sf2.cpu cortex_m -endian little -dap sf2.dap
END
  cat >"$lab/bench.yaml" <<END
bench: openocd
switches:
  relay: {kind: lcus, port: $lab/relay.port, channels: 1, status: answers}
boards:
  tracker:
    kind: serial
    power: {board: [{switch: relay, channel: 1}]}
    shortest_off: 200ms
    settle: 50ms
    silence: 1s
    prove_within: 10s
    answer_within: 20s
    console: {port: $lab/console.port, baud: 115200}
    modem_port: {port: $lab/modem.port, baud: 115200}
    probe:
      openocd: {config: [$lab/target.cfg]}
      expect: {target: sf2.cpu, idcode: 0x4ba00477}
      built_for: emcraft-sf2
    safe: off
END
  for _ in $(seq 200); do
    [ -e "$lab/modem.port" ] && [ -e "$lab/jtag" ] && return
    sleep 0.05
  done
}

# start NAME CUT: one cycle, beside the others.
jobs=()
start() {
  lab "$1"
  {
    XDG_STATE_HOME=$work/$1/state timeout 120 "$otarig" run "$scenario" \
      --bench "$work/$1/bench.yaml" --board tracker --firmware "$programs/firmware" --cut "$2" \
      --db "$work/$1/otarig.db" >"$work/$1/out.txt" 2>&1
    echo $? >"$work/$1/code"
  } &
  jobs+=($!)
}
# expect NAME CODE TEXT..
expect() {
  local name=$1 wanted=$2 code text
  shift 2
  code=$(cat "$work/$name/code")
  [ "$code" = "$wanted" ] || complain "$name: exit $code (wanted $wanted)" \
    "$(tail -n 25 "$work/$name/out.txt")"
  for text in "$@"; do
    grep -qE -- "$text" "$work/$name/out.txt" || complain "$name: wanted to hear '$text'"
  done
}

start hit symbol=system/board_flash_program.4:cut=board:off=1s
# The debugger leaves, the board runs on, and the power goes later.
start later symbol=system/board_flash_program.3:cut=board:off=1s:offset=2s
wait "${jobs[@]}"
expect hit 0 'the probe found sf2.cpu, idcode 0x4ba00477' \
  'the debugger stopped the board at 0x[0-9a-f]{8}, hit 4$' 'cut_landed' \
  'verdict: retried .cut in phase downloading'
expect later 0 'the debugger stopped the board at 0x[0-9a-f]{8}, hit 3$' 'cut_landed'
awk '/the debugger stopped/ { hit = 1 } hit && / (console|modem) / { said++ }
     /cut_landed/ { exit !(said > 0) }' "$work/later/out.txt" ||
  complain "later: the board did nothing after the debugger had left"
exit $((failures != 0))
