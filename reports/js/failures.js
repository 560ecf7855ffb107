const failures = report.campaigns.flatMap((campaign, ci) =>
  campaign.failures.map((failure) => ({...failure, ci})));
const pageOfFailures = 50;
let failuresShown = pageOfFailures;

function options(values, all) {
  return `<option value="">${all}</option>` + values.map(([value, text]) =>
    `<option value="${esc(value)}">${esc(text)}</option>`).join('');
}

function filters() {
  const used = [...new Set(failures.map((f) => f.v))].sort((a, b) => b - a);
  const phases = [...new Set(failures.map((f) => f.ph))];
  const rows = [...new Set(failures.map((f) => f.ci))];
  const boards = [...new Set(failures.map((f) => f.b).filter((b) => b))];
  byId('filters').innerHTML =
    `<label>Configuration<select name="ci">${options(rows.map((ci) =>
      [ci, report.campaigns[ci].row]), 'all')}</select></label>` +
    (boards.length > 1 ? `<label>Board<select name="b">${options(boards.map((b) => [b, b]),
      'all')}</select></label>` : '') +
    `<label>Verdict<select name="v">${options(used.map((v) => [v, verdicts[v].name]), 'all')}` +
    `</select></label><label>Phase<select name="ph">${options(phases.map((p) => [p, p]), 'all')}` +
    '</select></label><label>Show<select name="each"><option value="">first of each kind' +
    '</option><option value="all">every failure</option></select></label>' +
    '<label>Search<input name="text" type="search" ' +
    'placeholder="plan id, finding, 0x0808…"></label>';
  byId('filters').addEventListener('input', () => {
    failuresShown = pageOfFailures;
    listFailures();
  });
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
}

function matches(failure, wanted) {
  if (wanted.ci !== '' && failure.ci !== Number(wanted.ci)) return false;
  if (wanted.v !== '' && failure.v !== Number(wanted.v)) return false;
  if (wanted.b && failure.b !== wanted.b) return false;
  if (wanted.ph !== '' && failure.ph !== wanted.ph) return false;
  if (!wanted.text) return true;
  const text = `${planOf(report.campaigns[failure.ci], failure.p)} ${hex(failure.a)} ` +
    failure.f.map((finding) => finding[3]).join(' ');
  return text.toLowerCase().includes(wanted.text.toLowerCase());
}

function reasonOf(failure) {
  const worst = failure.f.find((finding) => finding[1] && finding[0] === failure.v);
  return worst ? worst[3] : verdicts[failure.v].meaning;
}

function placeOf(failure) {
  return failure.op ? `op ${num(failure.op)}` : clock(failure.t);
}

// One line per configuration, verdict and phase: its first cut, and how many there are.
function firstOfEachKind(found, narrowed) {
  const kinds = new Map();
  for (const failure of found) {
    const key = `${failure.ci}/${failure.v}/${failure.ph}`;
    if (kinds.has(key)) kinds.get(key).alike += 1;
    else kinds.set(key, {...failure, alike: 1});
  }
  // A long list is cut short; the campaign has counted all of them.
  for (const kind of narrowed ? [] : kinds.values()) {
    const phase = report.campaigns[kind.ci].phases.find((each) => each.name === kind.ph);
    if (phase) kind.alike = Math.max(kind.alike, phase.counts[kind.v]);
  }
  return [...kinds.values()].sort((a, b) => b.v - a.v || a.ci - b.ci);
}

function failureHead(failure, n) {
  return `<li><button type="button" class="failure-head" aria-expanded="false" data-n="${n}">` +
    `<span>${badge(failure.v)}${failure.alike > 1 ? ` × ${num(failure.alike)}` : ''}</span>` +
    `<span>${esc(report.campaigns[failure.ci].row)}</span>` +
    `<span>${esc(failure.ph)}<br><span class="muted">${failure.alike > 1 ? 'first at ' : ''}` +
    `${placeOf(failure)}</span></span>` +
    `<span class="why">${esc(reasonOf(failure))}</span>` +
    '<span class="chevron" aria-hidden="true">›</span></button></li>';
}

function failureBody(failure) {
  const campaign = report.campaigns[failure.ci];
  const sample = campaign.samples.find((each) => each.c === failure.c);
  const body = document.createElement('div');
  body.className = 'failure-body';
  const operation = failure.op ? `during flash operation ${num(failure.op)} ` +
    `(${esc(failure.k || 'write')} at <span class="mono">${hex(failure.a)}</span>` +
    `${failure.torn ? `, left behind: ${esc(failure.torn)}` : ''})` : 'between flash operations';
  body.innerHTML = `<p>Power lost ${clock(failure.t)} into the cycle, in phase ` +
    `<b>${esc(failure.ph)}</b>, ${operation}. Cycle ${failure.c}` +
    `${failure.b ? ` on board ${esc(failure.b)}` : ''}.</p><ul class="findings">` +
    failure.f.map(([v, holds, at, text]) => `<li class="${holds ? '' : 'remark'}">` +
      `<span class="mono">${(at / 1e6).toFixed(3)} s</span>${badge(v)}<span>${esc(text)}` +
      `${holds ? '' : ' (remark)'}</span></li>`).join('') + '</ul>' +
    `<p class="tally">Run this cycle again, event by event:</p>` +
    `${command(planOf(campaign, failure.p))}<div class="timeline-box">` +
    (sample ? '' : '<p class="muted">The timelines of the first failures of each kind are in ' +
      `this file; <code>otarig show ${failure.c}</code> prints this one.</p>`) + '</div>';
  if (sample) showTimeline(body.querySelector('.timeline-box'), campaign, sample);
  return body;
}

let listed = [];

function toggleFailure(head) {
  const item = head.parentElement;
  const open = head.getAttribute('aria-expanded') === 'true';
  head.setAttribute('aria-expanded', String(!open));
  if (open) item.querySelector('.failure-body').remove();
  else item.append(failureBody(listed[Number(head.dataset.n)]));
}

function listFailures() {
  const wanted = Object.fromEntries(new FormData(byId('filters')));
  const found = failures.filter((failure) => matches(failure, wanted));
  listed = wanted.each ? found : firstOfEachKind(found, wanted.text || wanted.b);
  const total = report.campaigns.reduce((n, c) => {
    const found = perClass(c.counts);
    return n + found.degraded + found.lost;
  }, 0);
  const short = failures.length < total ?
    ` The first ${num(failures.length)} of ${num(total)} can be listed; ` +
      'otarig report --csv writes all of them.' : '';
  const what = wanted.each ? plural(listed.length, 'failure', 'failures') :
    plural(listed.length, 'kind of failure', 'kinds of failure');
  byId('failure-count').textContent = failures.length ? `${what}.${short}` : 'No cycle failed.';
  byId('failure-list').innerHTML = listed.slice(0, failuresShown).map(failureHead).join('');
  byId('more-failures').hidden = listed.length <= failuresShown;
}

function failureSection() {
  if (failures.length) filters();
  listFailures();
  byId('failure-list').addEventListener('click', (event) => {
    const head = event.target.closest('.failure-head');
    if (head) toggleFailure(head);
  });
  byId('more-failures').addEventListener('click', () => {
    failuresShown += 200;
    listFailures();
  });
}
