#!/usr/bin/env bash
# The report of a small night, opened in a headless browser: plots are drawn, filters filter, nothing
# is written to the console. usage: report_in_browser.sh OTARIG SOURCE
set -euo pipefail
otarig=$1
source=$2
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OTARIG_DB=$work/otarig.db OTARIG_FIXTURES=$source/fixtures XDG_STATE_HOME=$work

sweep() {  # BATCH SCENARIO EXIT-CODE POINTS
  local code=0
  "$otarig" sweep "electron/$2" --points "$4" --batch "$1" >"$work/said" || code=$?
  [[ $code -eq $3 ]] || {
    echo "report_in_browser.sh: the sweep of $2 ended with $code, $3 was expected" >&2
    exit 1
  }
}
sweep before 0.7.0-third-party-both 1 6
sweep page 0.7.0-third-party-both 1 16
sweep page 2.0.0-built-in-board 0 4
"$otarig" report --batch page --html "$work/report.html"

# A reader who filters and opens a failure; what came of it becomes part of the page.
{
  cat "$work/report.html"
  cat <<'HTML'
<pre id="tried"></pre>
<script>
(async () => {
  const said = [];
  const check = (what, good) => said.push(`${what}: ${good ? 'good' : 'BAD'}`);
  const shown = () => [...document.querySelectorAll('#failure-list > li')];
  const verdictsShown = () => shown().map((li) => li.querySelector('.badge').textContent.slice(1));
  const choose = (name, value) => {
    const control = document.querySelector(`#filters [name=${name}]`);
    control.value = value;
    control.dispatchEvent(new Event('input', {bubbles: true}));
  };
  const all = shown().length;
  check('several kinds of failure', all > 1);
  const select = document.querySelector('#filters [name=v]');
  const [, first] = select.options;
  choose('v', first.value);
  check('verdict filter', shown().length > 0 && shown().length < all &&
    verdictsShown().every((name) => name === first.textContent));
  choose('v', '');
  choose('text', 'no such finding');
  check('search without a hit', shown().length === 0);
  choose('text', '');
  check('filters undone', shown().length === all);
  choose('each', 'all');
  check('every failure', shown().length > all);
  choose('each', '');
  check('survival plots', document.querySelectorAll('#survival-list svg .step').length > 4 &&
    document.querySelectorAll('#survival-list figure').length === 2);
  check('map', document.querySelectorAll('#map-list svg .m').length >= 16);
  check('what changed', document.querySelectorAll('#changes-table tbody tr').length === 1 &&
    document.querySelector('#changes-lead').textContent.includes('before'));
  check('link', document.querySelectorAll('#links-list tbody tr').length === 4 &&
    [...document.querySelectorAll('#links-list td')].some((td) => td.textContent === 'exact') &&
    document.querySelector('#links-list h3').textContent.endsWith('gprs'));
  check('detection power', document.querySelectorAll('#detection-table td').length === 8);
  shown()[0].querySelector('button').click();
  for (let i = 0; i < 50 && !document.querySelector('.event-list div'); ++i) {
    await new Promise((done) => setTimeout(done, 50));
  }
  check('timeline', document.querySelectorAll('.event-list div').length > 5);
  check('no overflow', document.documentElement.scrollWidth <= innerWidth);
  document.getElementById('tried').textContent = said.concat('TRIED').join('\n');
})();
</script>
HTML
} >"$work/tried.html"
"$here/browser_check.sh" "$work/tried.html" TRIED 'several kinds of failure: good' \
  'verdict filter: good' 'search without a hit: good' 'filters undone: good' \
  'every failure: good' 'survival plots: good' 'map: good' 'what changed: good' \
  'detection power: good' 'link: good' 'timeline: good' 'no overflow: good' \
  'third-party SIM' 'unreachable' 'otarig replay' 'spark.telefonica.com' 'Clopper-Pearson'
# On a phone, nothing is wider than the screen.
BROWSER_WINDOW=400,800 "$here/browser_check.sh" "$work/tried.html" 'survival plots: good' \
  'no overflow: good'
