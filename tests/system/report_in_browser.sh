#!/usr/bin/env bash
# The report of a small sweep, opened in a headless browser. usage: report_in_browser.sh OTARIG SOURCE
set -euo pipefail
otarig=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OTARIG_DB=$work/otarig.db OTARIG_FIXTURES=$source/fixtures

code=0
"$otarig" sweep electron/0.7.0-third-party-both --points 12 --batch page >"$work/said" || code=$?
[[ $code -eq 1 ]] || {
  echo "report_in_browser.sh: the sweep ended with $code, 1 was expected" >&2
  exit 1
}
"$otarig" report --batch page --html "$work/report.html"
"$(dirname -- "${BASH_SOURCE[0]}")/browser_check.sh" "$work/report.html" \
  'third-party SIM' 'unreachable' 'otarig replay' 'spark.telefonica.com' '<svg'
