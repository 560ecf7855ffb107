# To be sourced: a scenario of the simulated board whose cycles are as short as cycles get.

# short_cycles NAME FIRMWARE [LINE]: writes $work/NAME.yaml, on electron-FIRMWARE-small, with a
# further LINE.
short_cycles() {
  cat >"$work/$1.yaml" <<YAML
scenario: $1
title: Short cycles for a whole night
story: >-
  An update of 32 KB over a fast link, cut anywhere.
device: electron
board: {kind: sim, firmware: electron-$2-small}
sim_card: third-party
modem_times: {boot: 50ms, answer: 1ms, registration: 10ms, activation: 10ms, refusal: 50ms}
provision: {user_app: v1, apn: iot.example.net}
update: {user_app: v2, mode: fast, chunk_interval: 1ms}
second_update: none
clean_reboots: {count: 0, settle: 20ms}
cut: {sweep: flash-op, domains: [board], off_for: 50ms}
expect:
  user_app: {any: [v1, v2]}
  apn: iot.example.net
  online_within: 40s
  update_finishes_within: 2min
${3:-}
YAML
}
