const byId = (id) => document.getElementById(id);
const escapes = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
const esc = (text) => String(text).replace(/[&<>"']/g, (c) => escapes[c]);
const num = (n) => Number(n).toLocaleString('en-US');
const cssClass = (name) => name.replace(' ', '-');
const sum = (counts) => counts.reduce((a, b) => a + b, 0);
const classes = ['pass', 'degraded', 'lost', 'no trial'];
let state = null;
let misses = 0;

const badge = (v) => `<span class="badge ${cssClass(state.verdicts[v].class)}">` +
  `<span aria-hidden="true">${state.verdicts[v].mark}</span>${esc(state.verdicts[v].name)}</span>`;

function perClass(counts) {
  const found = {};
  counts.forEach((n, v) => {
    const name = state.verdicts[v].class;
    found[name] = (found[name] || 0) + n;
  });
  return found;
}

function tally(counts) {
  const found = perClass(counts);
  return classes.filter((name) => found[name]).map((name) =>
    `<span class="word ${cssClass(name)}">${num(found[name])} ${name}</span>`).join(' · ');
}

function age(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

const rowOf = (id) => {
  const campaign = state.campaigns.find((each) => each.id === id);
  return campaign ? campaign.row : '';
};

function powerText(power) {
  const said = Object.entries(power || {}).map(([domain, on]) => `${domain} ${on ? 'on' : 'off'}`);
  return said.length ? `power: ${said.join(', ')}` : '';
}

function boardItem(board) {
  const last = board.last;
  const look = last ? cssClass(state.verdicts[last.v].class) : 'no-trial';
  const open = board.open ? `cycle ${board.open.cycle}, since ` +
    `${age(state.now - board.open.started)}: <span class="mono">${esc(board.open.plan)}</span>` :
    'nothing under way';
  const tail = (board.tail || []).map(([ms, lane, text]) => `<span class="${lane}">` +
    `${(ms / 1000).toFixed(1).padStart(8)} ${esc(text)}</span>`).join('\n');
  const facts = [powerText(board.power), board.link ? `link: ${board.link}` : '']
    .filter((text) => text).map(esc).join(' · ');
  const out = board.quarantined === undefined ? '' :
    `<p class="board-facts stale">quarantined: ${esc(board.quarantined)}</p>`;
  return `<li class="${look}"><p class="board-name"><b>${esc(board.name)}</b>` +
    `<span class="muted">${esc(board.kind)}</span>${last ? badge(last.v) : ''}</p>` +
    `<p class="board-facts">${esc(rowOf(board.campaign))}</p>` +
    `${out}<p class="board-facts">${open}</p>` +
    (last ? `<p class="board-facts">last: cycle ${last.cycle}, ` +
      `${age(state.now - last.ended)} ago, cut in phase ${esc(last.phase)}</p>` : '') +
    (facts ? `<p class="board-facts">${facts}</p>` : '') +
    (tail ? `<div class="tail" tabindex="0" aria-label="Console of ${esc(board.name)}">${tail}` +
      '</div>' : '') + '</li>';
}

function recentItem(cycle) {
  const time = new Date(cycle.ended).toLocaleTimeString('en-GB');
  return `<li><span>${time}</span>${badge(cycle.v)}<span>${esc(cycle.phase)}</span>` +
    `<span class="why">${esc(rowOf(cycle.campaign))}<br>${esc(cycle.why)} ` +
    `<code>otarig show ${cycle.cycle}</code></span></li>`;
}

function campaignRow(campaign) {
  const done = sum(campaign.counts);
  const planned = campaign.planned ? ` of ${num(campaign.planned)}` : '';
  return `<tr><th scope="row">${esc(campaign.row)}</th><td>${esc(campaign.name ||
    campaign.board)}</td><td>${esc(campaign.state)}</td><td>${num(done)}${planned}</td>` +
    `<td>${tally(campaign.counts)}</td></tr>`;
}

function draw() {
  const night = state.night;
  byId('night').textContent = night ? night.name : 'Nothing has run yet';
  if (!night) return;
  byId('headline').innerHTML = `${esc(night.state)}: ${num(night.done)} cuts done` +
    `${night.planned ? ` of ${num(night.planned)}` : ''}. ${tally(night.counts)}`;
  const time = night.for_s ? ` · ${age(night.ran_s * 1000)} of ${age(night.for_s * 1000)}` : '';
  byId('stamp').textContent = `${num(Math.round(night.per_minute))} per minute · since ` +
    `${age(state.now - night.started)}${time} · ${state.database}`;
  // What the reader scrolled to or selected stays: an unchanged board is not drawn again.
  const list = byId('boards');
  state.boards.forEach((board, i) => {
    const html = boardItem(board);
    const item = list.children[i];
    if (item && item.dataset.html === html) return;
    const fresh = document.createElement('template');
    fresh.innerHTML = html;
    const element = fresh.content.firstElementChild;
    element.dataset.html = html;
    if (item) item.replaceWith(element);
    else list.append(element);
    const tail = element.querySelector('.tail');
    if (tail) tail.scrollTop = tail.scrollHeight;
  });
  while (list.children.length > state.boards.length) list.lastElementChild.remove();
  drawRecent();
  byId('campaigns').innerHTML = '<table class="facts"><thead><tr><th>Configuration</th>' +
    '<th>board</th><th>state</th><th>cuts</th><th>verdicts</th></tr></thead><tbody>' +
    `${state.campaigns.map(campaignRow).join('')}</tbody></table>`;
}

function drawRecent() {
  if (!state) return;
  const only = byId('failing').checked;
  byId('recent').innerHTML = state.recent.filter((cycle) =>
    !only || state.verdicts[cycle.v].class !== 'pass').map(recentItem).join('');
}

async function ask() {
  try {
    const answer = await fetch('state.json', {cache: 'no-store'});
    if (!answer.ok) throw new Error(await answer.text());
    state = await answer.json();
    misses = 0;
    draw();
  } catch (trouble) {
    misses += 1;
    byId('stamp').innerHTML = `<span class="stale">No news since ${num(misses)} ` +
      `${misses === 1 ? 'try' : 'tries'}: ${esc(trouble.message)}</span>`;
  }
  setTimeout(ask, document.hidden ? 10000 : 1000);
}

byId('failing').addEventListener('change', drawRecent);
ask();
