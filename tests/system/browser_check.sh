#!/usr/bin/env bash
# Opens an HTML file, or a page of this machine, in headless Chromium and demands that it works by
# itself: nothing on the JavaScript console, nothing fetched from elsewhere, and every TEXT given is
# in the finished page. BROWSER_WINDOW: its size, 1400,1000.
# usage: browser_check.sh FILE.html|http://127.0.0.1:PORT/.. [TEXT..]
# Exit codes: 0 good, 1 the page is broken, 2 usage, 77 skipped because there is no chromium.
set -euo pipefail

(($# >= 1)) && [[ -r $1 || $1 == http://127.0.0.1:* ]] || {
  echo "usage: browser_check.sh FILE.html|http://127.0.0.1:PORT/.. [TEXT..]" >&2
  exit 2
}
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[[ -n $browser ]] || {
  echo "browser_check.sh: SKIPPED, there is no chromium on this machine"
  exit 77
}
page=$1
[[ $page == http://* ]] || page=file://$(readlink -f -- "$page")
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

options=(
  --headless --no-sandbox --disable-gpu --disable-dev-shm-usage
  --disable-quic --no-first-run --disable-background-networking --disable-component-update
  --disable-sync --disable-default-apps --disable-extensions
  --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'
  --user-data-dir="$scratch/profile" --enable-logging=stderr --v=0
  --virtual-time-budget=10000 --window-size="${BROWSER_WINDOW:-1400,1000}"
)
timeout 120 "$browser" "${options[@]}" --dump-dom "$page" \
  >"$scratch/dom.html" 2>"$scratch/log" || {
  echo "browser_check.sh: chromium failed on $page" >&2
  tail -n 20 "$scratch/log" >&2
  exit 1
}

failed=0
if grep -E 'CONSOLE[(:]' "$scratch/log" >&2; then
  echo "browser_check.sh: $page writes to the console" >&2
  failed=1
fi
elsewhere='<(script|img|iframe|audio|video|source|embed)[^>]* src="?(https?:)?//'
elsewhere+='|<link[^>]* href="?(https?:)?//|url\(["'"'"']?(https?:)?//|@import'
if grep -oiE "$elsewhere" "$scratch/dom.html" >&2; then
  echo "browser_check.sh: $page fetches that from elsewhere" >&2
  failed=1
fi
for text in "$@"; do
  grep -qF -- "$text" "$scratch/dom.html" || {
    echo "browser_check.sh: $page shows no \"$text\"" >&2
    failed=1
  }
done
((failed == 0)) && echo "browser_check.sh: $page is good, $(wc -c <"$scratch/dom.html") bytes"
exit "$failed"
