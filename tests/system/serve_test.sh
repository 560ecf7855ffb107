#!/usr/bin/env bash
# The live page while a sweep runs, in a headless browser; who may see it; and that it changes
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
  "$otarig" serve --port 0 "$@" >"$work/$name.url" 2>"$work/$name.errors" &
  server=$!
  children+=("$server")
  for ((i = 0; i < 100; ++i)); do
    url=$(cat "$work/$name.url")
    [[ -n $url ]] && return
    sleep 0.1
  done
  fail "serve $* does not start: $(cat "$work/$name.errors")"
  return 1
}

refused() {  # CODE TEXT ARGS..: serve ends with that exit code and says that
  local code=$1 text=$2 got=0 said
  shift 2
  said=$(timeout 10 "$otarig" serve "$@" 2>&1) || got=$?
  [[ $got -eq $code ]] || fail "serve $*: exit $got, $code was expected: $said"
  grep -qF -- "$text" <<<"$said" || fail "serve $*: no word of '$text': $said"
}

# ask URL FIELD..: the status and the body, by the shell alone.
ask() {
  local url=$1 method=${METHOD:-GET} rest host
  shift
  rest=${url#http://}
  host=${rest%%/*}
  exec 3<>"/dev/tcp/${host%%:*}/${host##*:}"
  { printf '%s /%s HTTP/1.1\r\n' "$method" "${rest#*/}"; printf '%s\r\n' "${@:-Host: $host}" ''; } >&3
  cat <&3
  exec 3<&-
}

refused 2 'no such database'
"$otarig" run electron/no-cut -q >/dev/null
"$otarig" sweep electron/0.7.0-third-party-both --points 600 --batch tonight -j 1 >"$work/sweep" 2>&1 &
sweep=$!
children+=("$sweep")
serve plain
while ! ask "$url/state.json" | grep -q '"name":"tonight".*"phase"'; do
  kill -0 "$sweep" 2>/dev/null || break
  sleep 0.2
done

page=0
"$here/browser_check.sh" "$url" 'tonight' 'running' 'live-boards' 'otarig show' 'class="tail"' \
  'third-party SIM' 'power: board' || page=$?
[[ $page -eq 0 || $page -eq 77 ]] || fail "the page is broken"  # 77: no browser here
ask "$url/state.json" | grep -q '"state":"running"' || fail "the sweep was over too early to be seen"

port=${url##*:}
port=${port%/}
refused 3 'in use' --port "$port"
refused 2 'name a token' --listen 0.0.0.0
refused 2 '16 characters' --listen 0.0.0.0 --token short
ask "$url" 'Host: evil.example' | head -n 1 | grep -q ' 421 ' || fail "another site's name is answered"
METHOD=POST ask "$url/state.json" "Host: 127.0.0.1:$port" | head -n 1 | grep -q ' 405 ' ||
  fail "a POST is taken"

serve guarded --listen 0.0.0.0 --token 0123456789abcdef
guarded=http://127.0.0.1:${url##*:}
port=${guarded##*:}
port=${port%/}
ask "${guarded}state.json" "Host: 127.0.0.1:$port" | head -n 1 | grep -q ' 401 ' ||
  fail "shown without a token"
ask "${guarded}state.json" "Host: 127.0.0.1:$port" 'Authorization: Bearer 0123456789abcdef' |
  head -n 1 | grep -q ' 200 ' || fail "not shown with the token"
kill -TERM "$server"
code=0
wait "$server" || code=$?
[[ $code -eq 0 ]] || fail "SIGTERM: exit $code, 0 was expected"

((failures == 0)) && echo 'the live page shows, refuses and changes nothing'
exit "$((failures != 0))"
