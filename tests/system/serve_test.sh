#!/usr/bin/env bash
# The live page while a soak runs, in a headless browser; who may see it; and that it changes
# nothing. usage: serve_test.sh OTARIG SOURCE
set -euo pipefail
otarig=$1
source=$2
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
children=()
finish() {
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT
export OTARIG_DB=$work/otarig.db OTARIG_FIXTURES=$source/fixtures XDG_STATE_HOME=$work
failures=0

fail() {
  echo "serve_test.sh: $*" >&2
  failures=$((failures + 1))
}

serve() {  # NAME ARGS..: in the background; its address in $url, its process in $server
  local name=$1 i
  shift
  : >"$work/$name.url"
  "$otarig" serve --port 0 "$@" >"$work/$name.url" 2>"$work/$name.errors" &
  server=$!
  children+=("$server")
  for ((i = 0; i < 300; ++i)); do
    url=$(cat "$work/$name.url")
    port=${url##*:}
    port=${port%/}
    [[ -n $url ]] && return
    sleep 0.1
  done
  fail "serve $* does not start: $(cat "$work/$name.errors")"
  return 1
}

refused() {  # CODE TEXT ARGS..: serve ends with that exit code and says that
  local code=$1 text=$2 got=0 said
  shift 2
  said=$(timeout 60 "$otarig" serve "$@" 2>&1) || got=$?
  [[ $got -eq $code ]] || fail "serve $*: exit $got, $code was expected: $said"
  grep -qF -- "$text" <<<"$said" || fail "serve $*: no word of '$text': $said"
}

# ask METHOD PATH FIELD..: the server's answer, by the shell alone. Without fields: the right Host.
ask() {
  local method=$1 path=$2
  shift 2
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf '%s\r\n' "$method $path HTTP/1.1" "${@:-Host: 127.0.0.1:$port}" '' >&3
  cat <&3
  exec 3<&-
}

status() { ask "$@" | head -n 1 | cut -d ' ' -f 2; }

expect_status() {  # CODE WHAT METHOD PATH FIELD..
  local code=$1 what=$2 got
  shift 2
  got=$(status "$@")
  [[ $got == "$code" ]] || fail "$what: status $got, $code was expected"
}

refused 2 'no such database'
"$otarig" soak electron/0.7.0-third-party-both --sim 2 --for 5min --name tonight \
  >"$work/soak" 2>&1 &
soak=$!
children+=("$soak")
until [[ -s $work/soak ]]; do sleep 0.1; done  # its database is open when it says something
serve plain
for ((i = 0; i < 600; ++i)); do
  ask GET /state.json >"$work/state"
  grep -q '"name":"tonight"' "$work/state" && grep -q '"tail":\[\[' "$work/state" && break
  kill -0 "$soak" 2>/dev/null || fail "the soak ended: $(tail -n 5 "$work/soak")"
  sleep 0.1
done

# A page that was read between two cycles of both boards shows none running: look again.
for try in 1 2 3; do
  page=0
  "$here/browser_check.sh" "$url" '>tonight<' 'running: ' 'otarig show' 'class="tail"' \
    'third-party SIM' 'power: board' '>sim-01<' '>sim-02<' || page=$?
  [[ $page -eq 1 && $try -lt 3 ]] || break
done
[[ $page -eq 0 || $page -eq 77 ]] || fail "the page is broken"  # 77: no browser here
expect_status 421 "another site's name" GET / 'Host: evil.example'
expect_status 405 'a POST' POST /state.json
expect_status 404 'another path' GET /../etc/passwd
refused 3 'in use' --port "$port"
refused 2 'name a token' --listen 0.0.0.0
refused 2 'write --listen 0.0.0.0 --port 8099' --listen 0.0.0.0:8099
refused 2 '16 characters' --listen 0.0.0.0 --token short
kill -INT "$soak"
wait "$soak" || true
shown=
for ((i = 0; i < 300; ++i)); do  # what is served may be some seconds old on a busy machine
  ask GET /state.json | grep -q '"state":"interrupted"' && shown=yes && break
  sleep 0.1
done
[[ -n $shown ]] || fail "the end of the soak is not shown"

serve guarded --listen 0.0.0.0 --token 0123456789abcdef
expect_status 401 'no token' GET /state.json
expect_status 401 'a wrong token' GET /state.json "Host: 127.0.0.1:$port" \
  'Authorization: Bearer 0123456789abcdee'
expect_status 200 'the token' GET /state.json "Host: 127.0.0.1:$port" \
  'Authorization: Bearer 0123456789abcdef'
expect_status 303 'the token in the address' GET '/?token=0123456789abcdef'
kill -TERM "$server"
code=0
wait "$server" || code=$?
[[ $code -eq 0 ]] || fail "SIGTERM: exit $code, 0 was expected"

((failures == 0)) && echo 'the live page shows, refuses and changes nothing'
exit "$((failures != 0))"
