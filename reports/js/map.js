// Regions of flash that cuts fell into, stacked; height by the logarithm of the size.
function rowsOf(campaign, height, kind) {
  const marks = campaign.marks;
  const within = (region, address) => address >= region.start &&
    address < region.start + region.size;
  const hit = marks.a.filter((address, i) => marks.op[i] !== 0);
  let regions = campaign.regions.filter((region) => hit.some((a) => within(region, a)));
  if (!regions.length && hit.length) {
    const low = hit.reduce((a, b) => Math.min(a, b));
    const high = hit.reduce((a, b) => Math.max(a, b));
    regions = [{name: 'flash', start: low, size: high - low + 1}];
  }
  const idle = kind === 't' && marks.op.some((op) => op === 0);
  const weights = regions.map((region) => Math.log2(region.size / 2048 + 2));
  const space = height - (idle ? 30 : 0) - 4 * regions.length;
  const unit = space / (sum(weights) || 1);
  let y = 0;
  const rows = regions.map((region, i) => {
    const row = {...region, y, height: weights[i] * unit};
    y += row.height + 4;
    return row;
  });
  if (idle) rows.push({name: 'no flash operation', start: 0, size: 0, y, height: 26});
  return rows;
}

function yOf(rows, op, address) {
  const row = rows.find((each) => (op === 0 ? each.size === 0 :
    each.size && address >= each.start && address < each.start + each.size));
  if (!row) return rows.length ? rows[rows.length - 1].y : 0;
  const inside = row.size ? (address - row.start) / row.size : 0.5;
  return row.y + 4 + inside * (row.height - 8);
}

function niceTicks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw || 1));
  const step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= raw) || 1;
  const ticks = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) ticks.push(at);
  return ticks;
}

function axisOf(campaign, kind) {
  const values = kind === 'op' ? campaign.marks.op.filter((op) => op) : campaign.marks.t;
  const low = kind === 'op' ? 0 : values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), kind === 'op' ? campaign.ops : 0);
  return {low, high: Math.max(high, low + 1),
    text: (value) => (kind === 'op' ? num(value) : clock(value))};
}

const shapes = {
  pass: (x, y, r) => `<circle class="m pass" cx="${x}" cy="${y}" r="${r}"/>`,
  degraded: (x, y, r) => `<path class="m degraded" d="M${x} ${y - r * 1.35}` +
    `l${(r * 1.25).toFixed(1)} ${(r * 2.2).toFixed(1)}h${(-r * 2.5).toFixed(1)}z"/>`,
  lost: (x, y, r) => `<path class="m lost" d="M${x - r} ${y - r}l${2 * r} ${2 * r}` +
    `m0 ${-2 * r}l${-2 * r} ${2 * r}"/>`,
  'no trial': (x, y, r) => `<circle class="m no-trial" cx="${x}" cy="${y}" r="${r}"/>`,
};

function bandsSvg(campaign, kind, place, bottom) {
  const bands = campaign.bands.filter((band) => kind === 't' || band.op0)
    .map((band) => ({phase: band.phase, from: kind === 't' ? band.t0 : band.op0,
      to: kind === 't' ? band.t1 : band.op1}));
  return bands.map((band, i) => {
    const before = bands[i - 1];
    const after = bands[i + 1];
    const x0 = place(before ? (before.to + band.from) / 2 : band.from);
    const x1 = Math.max(x0 + 2, place(after ? (band.to + after.from) / 2 : band.to));
    const shade = i % 2 ? `<rect class="band" x="${x0}" y="20" width="${x1 - x0}" ` +
      `height="${bottom - 20}"/>` : '';
    const fits = x1 - x0 > band.phase.length * 6.3 + 6;
    const name = fits ?
      `<text class="band-name" x="${x0 + 4}" y="12">${esc(band.phase)}</text>` : '';
    return `<g>${shade}<rect class="band-strip" x="${x0 + 1}" y="0" rx="2" ` +
      `width="${Math.max(1, x1 - x0 - 2)}" height="17"/>${name}` +
      `<title>${esc(band.phase)}</title></g>`;
  }).join('');
}

// Where everything stands; drawing and pointing share it.
function mapLayout(campaign, kind, width) {
  const narrow = width < 620;
  const left = narrow ? 4 : 128;
  const height = narrow ? 250 : 300;
  const rows = rowsOf(campaign, height - 46, kind);
  const axis = axisOf(campaign, kind);
  const place = (value) => Number((left + 8 + (value - axis.low) / (axis.high - axis.low) *
    (width - left - 16)).toFixed(1));
  const points = campaign.marks.v.map((v, i) => ({
    i, v, hidden: kind === 'op' && campaign.marks.op[i] === 0,
    x: place(kind === 'op' ? campaign.marks.op[i] : campaign.marks.t[i]),
    y: Number((24 + yOf(rows, campaign.marks.op[i], campaign.marks.a[i])).toFixed(1)),
    r: Math.min(6, (classOf(v) === 'pass' ? 2.6 : 3.6) +
      Math.log2(campaign.marks.n[i]) * 0.35)}));
  return {narrow, left, height, width, rows, axis, place, kind,
    points: points.filter((point) => !point.hidden)};
}

function mapSvg(campaign, layout) {
  const {left, height, width, narrow} = layout;
  const bottom = height - 22;
  const rows = layout.rows.map((row) =>
    `<rect class="region" x="${left}" y="${24 + row.y}" width="${width - left}" ` +
    `height="${row.height}" rx="2"/><text class="region-name" x="${narrow ? left + 4 : 0}" ` +
    `y="${24 + row.y + (narrow ? 11 : row.height / 2 + 4)}">${esc(row.name)}</text>`).join('');
  const ticks = niceTicks(layout.axis.low, layout.axis.high, width / 130).map((value) => {
    const x = layout.place(value);
    return `<line class="grid" x1="${x}" x2="${x}" y1="20" y2="${bottom}"/>` +
      `<text x="${x}" y="${height - 6}" text-anchor="${x > width - 40 ? 'end' : 'middle'}">` +
      `${layout.axis.text(value)}</text>`;
  }).join('');
  const order = {pass: 0, 'no trial': 1, degraded: 2, lost: 3};
  const marks = [...layout.points].sort((a, b) => order[classOf(a.v)] - order[classOf(b.v)])
    .map((p) => shapes[classOf(p.v)](p.x, p.y, p.r)
      .replace('class="m ', `class="${cssClass(classOf(p.v))} m `)).join('');
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `aria-label="Map of ${num(campaign.marks.cuts)} cuts">${rows}` +
    `${bandsSvg(campaign, layout.kind, layout.place, bottom)}${ticks}${marks}` +
    '<circle class="cursor" r="8" cx="-20" cy="-20"/></svg>';
}

function readout(campaign, layout, point) {
  const {marks} = campaign;
  const near = layout.points.filter((p) => Math.hypot(p.x - point.x, p.y - point.y) < 3);
  const others = near.reduce((n, p) => n + marks.n[p.i], 0) - 1;
  const where = marks.op[point.i] ?
    `op ${num(marks.op[point.i])} at <span class="mono">${hex(marks.a[point.i])}</span>` :
    'no flash operation';
  const more = others > 0 ? ` · ${plural(others, 'more cut', 'more cuts')} here` : '';
  return `${badge(point.v)} &nbsp;${where} · ${clock(marks.t[point.i])} into the cycle${more}` +
    command(planOf(campaign, marks.p[point.i]));
}

function drawMap(body, campaign, kind) {
  const plot = body.querySelector('.plot');
  const info = body.querySelector('.map-readout');
  const layout = mapLayout(campaign, kind, Math.max(300, Math.round(plot.clientWidth || 1100)));
  plot.innerHTML = mapSvg(campaign, layout);
  const svg = plot.firstElementChild;
  const cursor = svg.querySelector('.cursor');
  const point = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = layout.width / box.width;
    const x = (event.clientX - box.left) * scale;
    const y = (event.clientY - box.top) * scale;
    let best = null;
    let nearest = 18;
    for (const each of layout.points) {
      const distance = Math.hypot(each.x - x, each.y - y) - (classOf(each.v) === 'pass' ? 0 : 1.5);
      if (distance < nearest) { nearest = distance; best = each; }
    }
    if (!best) return;
    cursor.setAttribute('cx', best.x);
    cursor.setAttribute('cy', best.y);
    info.innerHTML = readout(campaign, layout, best);
  };
  svg.addEventListener('pointermove', (event) => event.pointerType === 'mouse' && !event.buttons &&
    !info.dataset.held && point(event));
  svg.addEventListener('click', (event) => { info.dataset.held = '1'; point(event); });
  svg.addEventListener('pointerleave', () => { delete info.dataset.held; });
}

function mapBody(details, campaign) {
  const body = details.querySelector('.map-body');
  if (!campaign.marks.cuts) {
    body.innerHTML = '<p class="muted">No cut landed in this campaign.</p>';
    return;
  }
  const hasOps = campaign.marks.op.some((op) => op);
  const idle = campaign.marks.op.filter((op) => op === 0).length;
  const beside = hasOps && idle ?
    `<span>${plural(idle, 'cut', 'cuts')} between flash operations: see time</span>` : '';
  const merged = campaign.marks.v.length < campaign.marks.cuts ?
    `<span>${num(campaign.marks.cuts)} cuts; one mark for neighbours of one verdict</span>` : '';
  body.innerHTML = `<div class="axis-choice">Across:` +
    `<button type="button" data-axis="op"${hasOps ? '' : ' disabled'}>flash operation</button>` +
    `<button type="button" data-axis="t">time</button>${beside}${merged}</div>` +
    '<div class="plot"></div>' +
    `<div class="map-readout"><span class="muted">Point at a mark, or tap it.</span></div>`;
  const choose = (kind) => {
    body.querySelectorAll('[data-axis]').forEach((button) =>
      button.setAttribute('aria-pressed', String(button.dataset.axis === kind)));
    details.dataset.kind = kind;
    drawMap(body, campaign, kind);
  };
  body.addEventListener('click', (event) => {
    const button = event.target.closest('[data-axis]');
    if (button) choose(button.dataset.axis);
  });
  choose(hasOps ? 'op' : 't');
}

function maps() {
  byId('map-list').innerHTML = report.campaigns.map((campaign, i) =>
    `<details class="campaign" id="map-${i}"><summary>${mark(campaign.worst)}` +
    `<b>${esc(campaign.row)}</b><span class="tally">${tally(countsOf(campaign))}</span></summary>` +
    '<div class="map-body"></div></details>').join('');
  report.campaigns.forEach((campaign, i) => {
    const details = byId(`map-${i}`);
    details.addEventListener('toggle', () => {
      if (!details.open || details.dataset.kind) return;
      mapBody(details, campaign);
    });
  });
  const badness = {lost: 2, degraded: 1, pass: 0, 'no trial': 0};
  const worstFirst = report.campaigns.map((campaign, i) => ({i, bad: badness[campaign.worst]}))
    .filter((each) => each.bad || report.campaigns.length === 1).sort((a, b) => b.bad - a.bad);
  worstFirst.slice(0, 3).forEach((each) => { byId(`map-${each.i}`).open = true; });
}
