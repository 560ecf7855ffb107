const percent = (share) => {
  const value = share * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value > 99.9) return `${value.toFixed(3)} %`;
  return value < 1 ? `${value.toPrecision(2)} %` : `${value.toFixed(1)} %`;
};

function failingOf(counts) {
  const found = perClass(counts);
  const failed = found.degraded + found.lost;
  return {failed, trials: found.pass + failed};
}

function reveal(id) {
  byId(id).hidden = false;
  const link = document.querySelector(`nav a[href="#${id}"]`);
  if (link) link.hidden = false;
}

function table(name, head, rows) {
  return `<table class="facts ${name}"><thead><tr>${head.map((text) =>
    `<th scope="col">${text}</th>`).join('')}</tr></thead><tbody>${rows.map((cells) =>
    `<tr><th scope="row">${cells[0]}</th>${cells.slice(1).map((cell) =>
      `<td>${cell}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
}

function gate() {
  if (!report.gate) return;
  const look = {accepted: 'pass', rejected: 'lost', undecided: 'no trial'}[report.gate.outcome];
  const box = byId('gate');
  box.hidden = false;
  box.classList.add(cssClass(look));
  box.innerHTML = `<p class="gate-answer">${mark(look)}<b>${esc(report.gate.headline)}</b></p>` +
    `<ul>${report.gate.lines.map((line) => `<li>${esc(line)}</li>`).join('')}</ul>`;
}

function ratio(counts) {
  const {failed, trials} = failingOf(counts);
  if (!trials) return 'no trial';
  return `${num(failed)} of ${num(trials)} fail <span class="muted">(${percent(failed / trials)})` +
    '</span>';
}

// Below 5 % a difference like this is rare between equals; between many rows one may be rare anyhow.
function changeWords(row) {
  const before = failingOf(row.before);
  const now = failingOf(row.now);
  if (!before.trials || !now.trials) return 'not comparable: one side has no trial';
  const rare = row.chance < 0.05;
  const worse = now.failed / now.trials - before.failed / before.trials;
  if (!worse) return 'the same share';
  const p = row.chance < 0.001 ? 'p &lt; 0.001' : `p = ${row.chance.toFixed(3)}`;
  return `<b class="${rare ? (worse > 0 ? 'lost' : 'pass') : 'no-trial'} word">` +
    `${worse > 0 ? 'worse' : 'better'}${rare ? '' : ', could be chance'}</b> (${p})`;
}

// Verdicts that one night had and the other had not: news even where shares are equal.
function newVerdicts(row) {
  const only = (some, other) => some.map((n, v) => ({n, v}))
    .filter(({n, v}) => n && !other[v] && ['degraded', 'lost'].includes(classOf(v)));
  const said = only(row.now, row.before).map(({n, v}) => `${badge(v)} × ${num(n)} is new`);
  only(row.before, row.now).forEach(({v}) => said.push(`${badge(v)} is gone`));
  return said.join('<br>') || '–';
}

function changes() {
  const change = report.change;
  if (!change) return;
  reveal('changes');
  byId('changes-lead').textContent = `Since batch ${change.batch}, begun ` +
    `${change.started.replace('T', ' ').replace('Z', ' UTC')}. p is the chance of a difference ` +
    'this large between equals (Fisher, two-sided, each row by itself).';
  const lists = (names, what) => (names.length ?
    `<p>${what}: ${names.map(esc).join('; ')}.</p>` : '');
  byId('changes-table').innerHTML = table('changes',
    ['Configuration', 'before', 'now', 'difference', 'verdicts', 'firmware'],
    change.rows.map((row) => [esc(row.row), ratio(row.before), ratio(row.now), changeWords(row),
      newVerdicts(row), row.other ? 'another one' : 'the same'])) +
    lists(change.onlyNow, 'Not run in the earlier night') +
    lists(change.onlyBefore, 'Run only in the earlier night');
}

function boards() {
  if (report.boards.length < 2 && !report.campaigns.some((c) => c.name)) return;
  reveal('boards');
  const used = classes.filter((name) => report.boards.some((b) => perClass(b.counts)[name]));
  byId('boards-table').innerHTML = table('boards',
    ['Board', 'cuts', ...used.map((name) => `${markOf[name]} ${name}`), 'failing, 95 % bounds',
      'control runs', 'back online', 'work'],
    report.boards.map((board) => {
      const found = perClass(board.counts);
      const controls = perClass(board.controls);
      const bad = controls.degraded + controls.lost + controls['no trial'];
      const trials = failingOf(board.counts).trials;
      return [`${esc(board.name)}<br><span class="muted">${esc(board.kind)}</span>`,
        num(sum(board.counts)), ...used.map((name) => `<span class="${found[name] ?
          cssClass(name) : ''} word">${found[name] ? num(found[name]) : '·'}</span>`),
        trials ? `${percent(board.low)} – ${percent(board.high)}` : '–',
        bad ? `<b class="lost word">${num(bad)} of ${num(sum(board.controls))} fail</b>` :
          `${num(sum(board.controls))} pass`,
        board.recovery_s === undefined ? '–' : `${length(board.recovery_s)}<br>` +
          `<span class="muted">95 % within ${length(board.slow_s)}</span>`,
        length(board.host_s)];
    }));
}

// Causes of the same text are one line, whichever boards saw them.
function causes() {
  const known = new Map();
  for (const cause of report.health.causes) {
    const key = `${cause.v}/${cause.text}`;
    const entry = known.get(key) || {...cause, n: 0, boards: new Set()};
    entry.n += cause.n;
    entry.boards.add(cause.board);
    known.set(key, entry);
  }
  return [...known.values()].sort((a, b) => b.n - a.n);
}

function health() {
  const total = report.campaigns.reduce((all, campaign) => {
    const found = perClass(campaign.counts);
    return {cuts: all.cuts + sum(campaign.counts), none: all.none + found['no trial']};
  }, {cuts: 0, none: 0});
  const landed = total.cuts - total.none;
  const said = total.cuts ? `<p>${num(landed)} of ${num(total.cuts)} cuts landed and are trials ` +
    `(${percent(landed / total.cuts)}); the others count neither for nor against the device.</p>` :
    '';
  const found = causes();
  const list = found.length ? table('causes', ['What', 'cycles', 'boards', 'look at'],
    found.map((cause) => [`${badge(cause.v)} ${esc(cause.text)}`, num(cause.n),
      [...cause.boards].map(esc).join(', '), `<code>otarig show ${cause.c}</code>`])) :
    '<p>No fault of the rig, and no cut that proved nothing.</p>';
  const wear = report.health.wear.length ? '<h3>Contacts</h3>' + table('wear',
    ['Board', 'contact', 'closed'], report.health.wear.map((each) =>
      [esc(each.board), esc(each.contact), `${num(each.closed)} times`])) : '';
  const out = report.health.out.length ? '<h3>Boards in quarantine</h3>' + table('out',
    ['Board', 'why', 'since', 'bring it back'], report.health.out.map((each) => [esc(each.board),
      esc(each.reason), each.since.replace('T', ' ').replace('Z', ' UTC'),
      `<code>otarig boards release ${esc(each.board)}</code>`])) : '';
  byId('health-list').innerHTML = `${said}<div class="scroll" tabindex="0">${list}</div>${out}${wear}`;
}

function detection() {
  const rows = report.campaigns.filter((campaign) => campaign.hits.length);
  if (!rows.length) return;
  byId('detection').hidden = false;
  byId('detection-table').innerHTML = table('detection',
    ['Configuration', ...rows[0].hits.map(([ms]) => `${ms} ms`)],
    rows.map((campaign) => [esc(campaign.row), ...campaign.hits.map(([, q]) => percent(q))]));
}
