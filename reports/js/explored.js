// Explorations: every flash operation with every torn model, decided without executing most of them.
const cellSum = (explored, key) => explored.cells.reduce((n, cell) => n + cell[key], 0);

function exploredCells(explored) {
  const total = cellSum(explored, 'total');
  const decided = cellSum(explored, 'decided');
  return `${num(decided)} of ${num(total)} cells` +
    `<div class="meter"><i style="width:${total ? 100 * decided / total : 0}%"></i></div>` +
    `<span class="muted">by ${plural(explored.executions, 'execution', 'executions')}</span>`;
}

const verdictNamed = (name) => verdicts.findIndex((each) => each.name === name);
const classOfRun = (run) => (run.verdict ? classOf(verdictNamed(run.verdict)) : 'no trial');

function exploredMap(explored) {
  const runs = explored.map || [];
  if (!runs.length) return '';
  const width = 960;
  const height = 260;
  const low = runs.reduce((n, run) => Math.min(n, run.from), Infinity);
  const high = runs.reduce((n, run) => Math.max(n, run.until), 0);
  const x = (op) => Number((84 + op / Math.max(1, explored.operations) * (width - 92)).toFixed(1));
  const y = (a) => Number((6 + (a - low) / Math.max(1, high - low) * (height - 32)).toFixed(1));
  const drawn = runs.slice().reverse().map((run) => {  // failing ones last, on top
    const kind = classOfRun(run);
    const x0 = x(run.first - 1);
    const said = `${run.operation}, ${run.model}, operation ${num(run.first)} to ` +
      `${num(run.last)}, ${hex(run.from)} to ${hex(run.until - 1)}: ${run.verdict || 'undecided'}`;
    return `<line class="cell ${cssClass(kind)}" x1="${x0}" y1="${y(run.from)}" ` +
      `x2="${Math.max(x(run.last), x0 + 1.5)}" y2="${y(run.until)}"><title>${esc(said)}</title></line>`;
  }).join('');
  const names = [low, high].map((a) =>
    `<text x="78" y="${y(a) + 4}" text-anchor="end">${hex(a)}</text>`).join('');
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Verdicts by operation and ` +
    `address">${names}${drawn}<text x="84" y="${height - 6}">operation 1</text>` +
    `<text x="${width - 8}" y="${height - 6}" text-anchor="end">${num(explored.operations)}</text></svg>`;
}

function exploredTable(explored) {
  const rows = explored.cells.map((cell) => `<tr><td>${esc(cell.operation)}</td>` +
    `<td>${esc(cell.model)}</td><td>${num(cell.decided)} of ${num(cell.total)}</td>` +
    `<td>${cell.failing ? `${mark('lost')} ${num(cell.failing)}` : 'none'}</td></tr>`).join('');
  return '<div class="scroll" tabindex="0"><table><thead><tr><th>Operation</th><th>What the cut ' +
    `leaves</th><th>Decided</th><th>Failing</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function exploredOne(campaign) {
  const explored = campaign.explored;
  return `<article><h3>${esc(campaign.row)}</h3><p><b>${esc(explored.says)}</b></p>` +
    `<p class="tally">${num(explored.executions)} recoveries executed · ${num(explored.classes)} ` +
    `classes by what they read · ${num(explored.behaviours)} behaviours by what they show</p>` +
    `${exploredTable(explored)}${exploredMap(explored)}<h4>What this says nothing about</h4>` +
    `<ul>${explored.not_covered.map((each) => `<li>${esc(each)}</li>`).join('')}</ul></article>`;
}

function explored() {
  const found = report.campaigns.filter((campaign) => campaign.explored);
  if (!found.length) return;
  reveal('explored');
  byId('explored-list').innerHTML = found.map(exploredOne).join('');
}
