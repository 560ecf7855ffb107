#!/usr/bin/env bash
# otarig image serve as a device that reaches this machine sees it: images, parts of them, faults of
# the scenario; and what it says of ports, scenarios and files that are none.
# Usage: image_serve_test.sh OTARIG SOURCE FIRMWARE
set -euo pipefail

otarig=$1
source=$2
folder=$(mktemp -d)
servers=()
finish() {
  for each in "${servers[@]}"; do kill "$each" 2>/dev/null || true; done
  wait
  rm -rf "$folder"
}
trap finish EXIT
export XDG_STATE_HOME=$folder/state OTARIG_FIXTURES=$source/fixtures OTARIG_FIRMWARE=$3
unset OTARIG_BENCH OTARIG_DB

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# serve NAME SCENARIO: in the background; its address in $at, its process in $server.
serve() {
  "$otarig" image serve "$2" --listen 127.0.0.1:0 >"$folder/$1" 2>"$folder/$1.said" &
  server=$!
  servers+=("$server")
  for _ in {1..200}; do
    at=$(sed -n 's|.*at http://\(127.0.0.1:[0-9]*\)/imp/VERSION|\1|p' "$folder/$1.said")
    [[ -n $at ]] && return
    sleep 0.05
  done
  fail "no server: $(cat "$folder/$1.said")"
}

# get REQUEST FIELD..: the answer, by the shell alone; its body in $folder/body.
get() {
  local request=$1
  shift
  exec 3<>"/dev/tcp/${at%:*}/${at#*:}"
  printf '%s\r\n' "$request HTTP/1.1" "Host: $at" "Connection: close" "$@" '' >&3
  cat <&3 >"$folder/answer" 2>/dev/null || true # a reset ends it as well
  exec 3<&-
  # The head is text, the body is not.
  local head
  head=$(LC_ALL=C awk '{ n += length($0) + 1 } /^\r$/ { print n; exit }' "$folder/answer")
  tail -c "+$((head + 1))" "$folder/answer" >"$folder/body"
  LC_ALL=C head -n 1 "$folder/answer" | tr -d '\r'
}

size() { stat -c %s "$folder/body"; }

# refuses CODE TEXT ARGS..: image serve ends with this code and says this.
refuses() {
  local code=$1 text=$2 said got=0
  shift 2
  said=$(timeout 20 "$otarig" image serve "$@" 2>&1) || got=$?
  [[ $got == "$code" ]] || fail "image serve $*: exit $got, not $code: $said"
  [[ $said == *"$text"* ]] || fail "image serve $* does not say '$text': $said"
}

serve good imp/livelock
[[ $(get "GET /imp/2") == "HTTP/1.1 200 "* ]] || fail "no image: $(head -n 5 "$folder/answer")"
[[ $(size) == 520000 ]] || fail "an image of $(size) bytes"
cp "$folder/body" "$folder/image"
[[ $(get "GET /imp/2" "Range: bytes=519900-") == "HTTP/1.1 206 "* ]] || fail "no part"
tail -c 100 "$folder/image" | cmp - "$folder/body" || fail "the part is another one"
[[ $(get "GET /imp/1") == "HTTP/1.1 200 "* ]] || fail "no other version"
cmp -s "$folder/image" "$folder/body" && fail "two versions are the same"
[[ $(get "GET /imp/9") == "HTTP/1.1 404 "* ]] || fail "a version that is not there"
[[ $(get "POST /imp/2") == "HTTP/1.1 4"* ]] || fail "it takes what is sent to it"
[[ $(get "nonsense") == "HTTP/1.1 400 "* ]] || fail "nonsense is no bad request"
grep -q 'http GET /imp/2 answer=206 first=519900 bytes=100' "$folder/good" ||
  fail "it does not tell: $(cat "$folder/good")"
refuses 3 "another program has this port" imp/livelock --listen "$at"
kill -INT "$server"
wait "$server" || fail "interrupted, it ends with $?"

serve bad imp/resume # every connection is reset after 100 KB
get "GET /imp/2" >/dev/null
[[ $(size) -le 102400 ]] || fail "no reset: $(size) bytes came"
grep -q 'http abort .*reason=fault' "$folder/bad" || fail "no word of the fault"

refuses 2 "scenario 'imp/nothing' not found" imp/nothing
refuses 2 "its update is not fetched over HTTP" electron/no-cut
refuses 2 "there is no port" imp/livelock --listen 127.0.0.1
refuses 3 "no interface of this machine has this address" imp/livelock --listen 203.0.113.9:8080
mkdir "$folder/firmware"
cp -r "$3"/imp "$3"/imp*.json "$folder/firmware"
export OTARIG_FIRMWARE=$folder/firmware
head -c 1000 /dev/zero >"$folder/firmware/imp/os-v2.bin"
refuses 2 "not a module binary" imp/livelock --listen 127.0.0.1:0
rm "$folder/firmware/imp/os-v2.bin"
refuses 2 "os-v2.bin is missing" imp/livelock --listen 127.0.0.1:0
echo "image serve: good"
