// The lower end of the axis: as low as the lowest bound needs, so that 99.9 % and 100 % differ.
function survivalFloor(bins) {
  const lowest = bins.reduce((low, bin) => Math.min(low, bin.low), 1);
  return [0.99, 0.95, 0.9, 0.8, 0.5].find((floor) => lowest >= floor) || 0;
}

function survivalLayout(bins, width) {
  const left = 46;
  const top = 22;
  const height = 190;
  const bottom = height - 38;
  const floor = survivalFloor(bins);
  const step = (width - left - 6) / bins.length;
  return {left, top, bottom, height, width, floor, step,
    x: (i) => Number((left + i * step).toFixed(1)),
    y: (share) => Number((bottom - (share - floor) / (1 - floor) * (bottom - top)).toFixed(1))};
}

// [{phase, from, to}]: neighbouring bins of one phase.
function phaseRuns(bins) {
  const runs = [];
  bins.forEach((bin, i) => {
    const last = runs[runs.length - 1];
    if (last && last.phase === bin.phase) last.to = i + 1;
    else runs.push({phase: bin.phase, from: i, to: i + 1});
  });
  return runs;
}

// The runs are handed out as well: their names do not always fit, and go into a line below.
function phaseStrip(runs, at) {
  return runs.map((run, i) => {
    const x = at.x(run.from);
    const wide = at.x(run.to) - x;
    const shade = i % 2 ? `<rect class="band" x="${x}" y="${at.top}" width="${wide}" ` +
      `height="${at.bottom - at.top}"/>` : '';
    const text = wide > run.phase.length * 6.3 + 8 ? run.phase : String(i + 1);
    return `${shade}<rect class="band-strip" x="${x + 1}" y="0" rx="2" height="17" ` +
      `width="${Math.max(1, wide - 2).toFixed(1)}"/><text class="band-name" ` +
      `x="${(x + wide / 2).toFixed(1)}" y="12" text-anchor="middle">${esc(text)}</text>`;
  }).join('');
}

function survivalSteps(bins, at) {
  return bins.map((bin, i) => {
    const share = 1 - bin.failed / bin.n;
    const look = bin.failed ? 'some' : 'none';
    const x0 = at.x(i);
    const wide = (at.x(i + 1) - x0).toFixed(1);
    const said = `${bin.phase}, ${clock(bin.t0)} to ${clock(bin.t1)}` +
      `${bin.op0 ? `, op ${num(bin.op0)} to ${num(bin.op1)}` : ''}: ${num(bin.n - bin.failed)} ` +
      `of ${num(bin.n)} survived, between ${percent(bin.low)} and ${percent(bin.high)}`;
    return `<g class="step ${look}"><rect class="hold" x="${x0}" y="${at.top}" width="${wide}" ` +
      `height="${at.bottom - at.top}"/><rect class="spread" x="${x0}" y="${at.y(bin.high)}" ` +
      `width="${wide}" height="${(at.y(bin.low) - at.y(bin.high)).toFixed(1)}"/>` +
      `<line class="share" x1="${x0}" x2="${at.x(i + 1)}" y1="${at.y(share)}" ` +
      `y2="${at.y(share)}"/><title>${esc(said)}</title></g>`;
  }).join('');
}

function survivalSvg(bins, width) {
  const at = survivalLayout(bins, width);
  const grid = [at.floor, (1 + at.floor) / 2, 1].map((share) =>
    `<line class="grid" x1="${at.left}" x2="${width}" y1="${at.y(share)}" y2="${at.y(share)}"/>` +
    `<text x="${at.left - 6}" y="${at.y(share) + 4}" text-anchor="end">` +
    `${Number((share * 100).toFixed(1))} %</text>`).join('');
  const every = Math.ceil(bins.length / Math.max(2, Math.floor(width / 90)));
  const ticks = bins.map((bin, i) => (i % every ? '' :
    `<text x="${at.x(i)}" y="${at.height - 20}">${clock(bin.t0)}</text>`)).join('');
  return `<svg viewBox="0 0 ${width} ${at.height}" width="${width}" height="${at.height}" ` +
    `role="img" aria-label="Survival by position of the cut">${phaseStrip(phaseRuns(bins), at)}` +
    `${grid}${survivalSteps(bins, at)}${ticks}<text x="${at.left}" y="${at.height - 5}">` +
    'first cut of the step, into the cycle</text></svg>';
}

function drawSurvival(figure, campaign) {
  const plot = figure.querySelector('.plot');
  const width = Math.max(280, Math.round(plot.clientWidth || 540));
  plot.innerHTML = survivalSvg(campaign.survival, width);
}

function drawSurvivals() {
  document.querySelectorAll('#survival-list figure').forEach((figure) =>
    drawSurvival(figure, report.campaigns[Number(figure.dataset.i)]));
}

function survival() {
  const drawn = report.campaigns.map((campaign, i) => ({campaign, i}))
    .filter(({campaign}) => campaign.survival.length);
  if (!drawn.length) return;
  reveal('survival');
  byId('survival-list').innerHTML = drawn.map(({campaign, i}) => {
    const {failed, trials} = failingOf(campaign.counts);
    const names = phaseRuns(campaign.survival).map((run, k) => `${k + 1} ${run.phase}`).join(' · ');
    return `<figure data-i="${i}"><figcaption>${mark(campaign.worst)}<b>${esc(campaign.row)}</b>` +
      `<span class="tally">${num(trials - failed)} of ${num(trials)} cuts survived</span>` +
      `</figcaption><div class="plot"></div><p class="tally">Phases: ${esc(names)}</p></figure>`;
  }).join('');
  drawSurvivals();
}
