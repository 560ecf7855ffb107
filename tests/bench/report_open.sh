#!/usr/bin/env bash
# How long a report takes to open: from the start of the navigation to the end of its script, in
# headless Chromium, five times. usage: report_open.sh FILE.html
# The pages that bench_otarig leaves in the build folder are meant: report-of-100000.html.
set -euo pipefail
(($# == 1)) && [[ -r $1 ]] || {
  echo "usage: report_open.sh FILE.html" >&2
  exit 2
}
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
  echo "report_open.sh: there is no chromium on this machine" >&2
  exit 2
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
{
  cat -- "$1"
  printf '<script>document.title = "opened " + Math.round(performance.now()) + " ms";</script>\n'
} >"$scratch/page.html"
for _ in 1 2 3 4 5; do
  "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
    --user-data-dir="$scratch/profile" --window-size=1400,1000 \
    --dump-dom "file://$scratch/page.html" 2>/dev/null | grep -oE 'opened [0-9]+ ms' | tail -n 1
done
