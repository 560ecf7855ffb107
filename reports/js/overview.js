const oneCampaign = {
  pass: 'The device survives every cut tried.',
  degraded: 'A power cut can cost data, but the device stays reachable.',
  lost: 'A power cut can lose the device for good.',
  'no trial': 'This campaign gave no answer.',
};

function headline() {
  const trials = report.campaigns.filter(isTrial);
  const total = trials.length;
  const worst = (name) => trials.filter((c) => c.worst === name).length;
  const said = [`${num(worst('pass'))} of ${num(total)} configurations ` +
    `${worst('pass') === 1 ? 'survives' : 'survive'} every cut tried`];
  if (worst('lost')) said.push(`${num(worst('lost'))} can lose the device for good`);
  if (worst('degraded')) {
    said.push(`${num(worst('degraded'))} can lose data, but the device stays reachable`);
  }
  if (worst('no trial')) said.push(`${num(worst('no trial'))} gave no answer`);
  byId('headline').textContent = total === 1 ? oneCampaign[trials[0].worst] :
    `${said.join('; ')}.`;
}

function stamp() {
  const cycles = report.campaigns.reduce((n, c) => n + sum(c.counts), 0);
  byId('stamp').textContent = `${plural(cycles, 'power cut', 'power cuts')} in ` +
    `${plural(report.campaigns.length, 'campaign', 'campaigns')} · written ` +
    `${report.generated.replace('T', ' ').replace('Z', ' UTC')} by otarig ${report.otarig}`;
  byId('footer').textContent = 'This file holds its data and asks no network for anything. ' +
    'Every cycle can be run again with the replay line beside it.';
}

function bar(counts) {
  const parts = counts.map((n, v) => ({n, v})).filter((each) => each.n);
  const label = parts.map((p) => `${num(p.n)} ${verdicts[p.v].name}`).join(', ');
  return `<div class="bar" role="img" aria-label="${esc(label)}" title="${esc(label)}">` +
    parts.map((p) => `<i class="${cssClass(classOf(p.v))}" style="flex:${p.n}"></i>`).join('') +
    '</div>';
}

function tally(counts) {
  const found = perClass(counts);
  return classes.filter((name) => found[name])
    .map((name) => `${markOf[name]} ${num(found[name])} ${name}`).join(' · ');
}

// A planted bug that shows is good news, one that does not is none.
function answerMark(campaign) {
  if (isTrial(campaign)) return mark(campaign.worst);
  return mark(['lost', 'degraded'].includes(campaign.worst) ? 'pass' : 'no trial');
}

function answers() {
  byId('answer-list').innerHTML = report.campaigns.map((campaign, i) => {
    const counts = countsOf(campaign);
    const said = campaign.sentence.slice(campaign.row.length + 2);
    const where = campaign.boards > 1 ? `, ${num(campaign.boards)} boards` :
      campaign.name ? `, ${esc(campaign.name)}` : '';
    return `<li>${answerMark(campaign)}<div><a class="row-name" href="#map-${i}">` +
      `${esc(campaign.row)}</a><span class="muted">${where}${isTrial(campaign) ? '' :
        ', firmware with a planted bug'}</span><br>` +
      `${esc(said.charAt(0).toUpperCase() + said.slice(1))}</div>` +
      `<div class="share">${bar(counts)}<p class="tally">${tally(counts)}</p></div></li>`;
  }).join('');
}

function matrix() {
  const used = verdicts.map((_, v) => v)
    .filter((v) => report.campaigns.some((c) => countsOf(c)[v]));
  const head = used.map((v) => `<th scope="col" class="${cssClass(classOf(v))}" ` +
    `title="${esc(verdicts[v].meaning)}"><span aria-hidden="true">${verdicts[v].mark}</span> ` +
    `${esc(verdicts[v].name).replace(/-/g, '-<wbr>')}</th>`).join('');
  const rows = report.campaigns.map((campaign, i) => {
    const counts = countsOf(campaign);
    const cells = used.map((v) => counts[v] ?
      `<td class="${cssClass(classOf(v))} some">${num(counts[v])}</td>` : '<td>·</td>').join('');
    return `<tr><th scope="row"><a href="#map-${i}">${esc(campaign.row)}</a>` +
      `${isTrial(campaign) ? '' : '<br><span class="muted">planted bug</span>'}</th>` +
      `<td>${num(sum(counts))}</td>${cells}</tr>`;
  }).join('');
  byId('matrix-table').innerHTML = '<table class="matrix"><thead><tr>' +
    `<th scope="col">Configuration</th><th scope="col">cycles</th>${head}</tr></thead>` +
    `<tbody>${rows}</tbody></table>`;
  byId('legend').innerHTML = '<dl class="legend">' + used.map((v) =>
    `<div><dt>${badge(v)}</dt><dd>${esc(verdicts[v].meaning)}</dd></div>`).join('') + '</dl>';
}
