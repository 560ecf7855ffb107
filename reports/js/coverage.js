function covered(campaign) {
  if (campaign.explored) return exploredCells(campaign.explored);
  const done = sum(campaign.counts);
  if (!campaign.planned) return done ? plural(done, 'cut', 'cuts') : 'no cut planned';
  const share = Math.min(100, 100 * done / campaign.planned);
  return `${num(done)} of ${num(campaign.planned)} planned cuts` +
    `<div class="meter"><i style="width:${share}%"></i></div>` +
    (campaign.ops ?
      `<span class="muted">update of ${num(campaign.ops)} flash operations</span>` : '');
}

// Everything that keeps this campaign from being a full answer.
function gaps(campaign) {
  const found = [];
  campaign.counts.forEach((n, v) => {
    if (n && classOf(v) === 'no trial') found.push(`${num(n)} ${verdicts[v].name}`);
  });
  if (campaign.open) found.push(`${num(campaign.open)} begun, never ended`);
  if (campaign.state !== 'finished') found.push(campaign.state);
  return found.length ? esc(found.join(', ')) : 'none';
}

function controlText(campaign) {
  const used = verdicts.map((_, v) => v).filter((v) => campaign.controls[v]);
  if (!used.length) return sum(campaign.runs) ? 'not needed' : 'not run';
  return used.map((v) => `${badge(v)} ${campaign.controls[v] > 1 ? num(campaign.controls[v]) : ''}`)
    .join(' ');
}

function origin(campaign) {
  const images = Object.entries(campaign.images);
  return `${esc(campaign.firmware)} <span class="mono">${esc(campaign.hash)}</span><br>` +
    `<span class="muted">seed ${esc(campaign.seed)} · board ${esc(campaign.board)} · otarig ` +
    `${esc(campaign.otarig)}<br>${esc(campaign.started.replace('T', ' ').replace('Z', ' UTC'))}, ` +
    `${length(campaign.host_s)} of work<br>scenario ${esc(campaign.scenario)}</span>` +
    (images.length ? `<details><summary>${plural(images.length, 'image', 'images')}</summary>` +
      images.map(([name, hash]) => `${esc(name)} <span class="mono">${esc(hash)}</span>`)
        .join('<br>') + '</details>' : '');
}

function coverage() {
  const rows = report.campaigns.map((campaign) => `<tr><th scope="row">${esc(campaign.row)}</th>` +
    `<td>${covered(campaign)}</td><td>${Object.entries(campaign.torn).map(([name, n]) =>
      `${esc(name)} ${num(n)}`).join('<br>') || '–'}</td><td>${gaps(campaign)}</td>` +
    `<td>${controlText(campaign)}</td><td>${origin(campaign)}</td></tr>`).join('');
  byId('coverage-list').innerHTML = '<div class="scroll" tabindex="0"><table class="coverage">' +
    '<thead><tr><th>Configuration</th><th>Covered</th><th>Torn models</th><th>Gaps</th>' +
    `<th>Control run</th><th>Made from</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  byId('limits').hidden = !report.campaigns.some((campaign) => campaign.board === 'sim');
}
