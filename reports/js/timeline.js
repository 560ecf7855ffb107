const laneNames = ['rig', 'power', 'console', 'cpu', 'flash', 'modem', 'link', 'server'];
const laneOf = (event) => (event[1] === 'device' ? 'console' : event[1]);
const badKinds = ['cut_landed', 'cut_missed', 'torn', 'refused', 'fault', 'rig_fault', 'deadline'];
const unpackedTrunks = new Map();

async function inflate(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return JSON.parse(await new Response(stream).text());
}

async function eventsOf(campaign, sample) {
  const packed = campaign.trunks[sample.trunk];
  if (packed && !unpackedTrunks.has(packed)) unpackedTrunks.set(packed, inflate(packed));
  const trunk = packed ? await unpackedTrunks.get(packed) : [];
  return trunk.slice(0, sample.shared).concat(await inflate(sample.events));
}

function eventText(event) {
  const [, lane, kind, address, value, text] = event;
  if (kind === 'line' || kind === 'observed') return text;
  if (lane === 'flash') {
    const amount = kind === 'erase' ? `${num(value)} bytes` : `${plural(value, 'word', 'words')}`;
    return `${kind} ${hex(address)} ${value ? amount : ''} ${text}`.trim();
  }
  if (lane === 'cpu' && kind === 'pin') return `${text} ${value ? 'high' : 'low'}`;
  if (lane === 'cpu' && kind === 'fault') return `fault at ${hex(address)}: ${text}`;
  const amount = value && kind !== 'cycle_begin' ? `${num(value)} ` : '';
  return `${kind.replace('_', ' ')} ${amount}${text}`;
}

// [{domain, from, to}] of every loss of power.
function offTimes(events, end) {
  const since = {};
  const found = [];
  for (const [at, lane, kind, , , text] of events) {
    if (lane !== 'power') continue;
    for (const domain of text.split('+')) {
      if (kind === 'off') since[domain] ??= at;
      if (kind === 'on' && since[domain] !== undefined) {
        found.push({domain, from: since[domain], to: at});
        delete since[domain];
      }
    }
  }
  for (const domain of Object.keys(since)) found.push({domain, from: since[domain], to: end});
  return found;
}

// One tick per pixel column, however many events fall into it.
function ticksSvg(view, lane, y) {
  const columns = new Map();
  for (const event of view.events) {
    if (laneOf(event) !== lane || event[0] < view.from || event[0] > view.to) continue;
    if (lane === 'power') continue;
    const x = Math.round(view.place(event[0]));
    const kind = badKinds.includes(event[2]) ? 'bad' : event[1] === 'device' ? 'device' : '';
    if (columns.get(x) === 'bad' || (columns.has(x) && !kind)) continue;
    columns.set(x, kind);
  }
  return [...columns].map(([x, kind]) => `<rect class="tick ${kind}" x="${x - 0.75}" ` +
    `y="${y + (kind ? 4 : 8)}" width="${kind === 'bad' ? 2.5 : 1.5}" height="${kind ? 22 : 14}"/>`)
    .join('');
}

function powerSvg(view, y) {
  const offs = view.offs.filter((off) => off.to >= view.from && off.from <= view.to);
  return offs.map((off) => {
    const x0 = Math.max(view.left, view.place(off.from));
    const x1 = Math.min(view.width, Math.max(x0 + 2, view.place(off.to)));
    const top = y + (off.domain === 'modem' ? 16 : 3);
    const name = x1 - x0 > 62 ?
      `<text class="off-name" x="${x0 + 4}" y="${top + 9}">${esc(off.domain)} off</text>` : '';
    return `<g><rect class="off" x="${x0}" y="${top}" width="${x1 - x0}" height="11"/>${name}` +
      `<title>${esc(off.domain)} off, ${((off.to - off.from) / 1e6).toFixed(3)} s</title></g>`;
  }).join('');
}

function lanesSvg(view) {
  const lanes = laneNames.filter((lane) => view.shown.has(lane));
  const height = lanes.length * 34 + 44;
  const rows = lanes.map((lane, i) => {
    const y = 18 + i * 34;
    return `<text x="0" y="${y + 20}">${lane}</text><line class="lane-line" x1="${view.left}" ` +
      `x2="${view.width}" y1="${y + 32}" y2="${y + 32}"/>` +
      (lane === 'power' ? powerSvg(view, y) : ticksSvg(view, lane, y));
  }).join('');
  const ticks = niceTicks(view.from / 1000, view.to / 1000, view.width / 120).map((ms) => {
    const x = view.place(ms * 1000);
    return `<line class="grid" x1="${x}" x2="${x}" y1="18" y2="${height - 24}"/>` +
      `<text x="${Math.min(x, view.width - 24)}" y="${height - 8}" text-anchor="middle">` +
      `${clock(ms)}</text>`;
  }).join('');
  const cut = view.cut !== null && view.cut >= view.from && view.cut <= view.to ?
    `<line class="cut" x1="${view.place(view.cut)}" x2="${view.place(view.cut)}" y1="14" ` +
    `y2="${height - 24}"/><text class="cut-name" x="${view.place(view.cut)}" y="11" ` +
    `text-anchor="${view.place(view.cut) > view.width - 60 ? 'end' : 'start'}">cut</text>` : '';
  return `<svg viewBox="0 0 ${view.width} ${height}" width="${view.width}" height="${height}" ` +
    `role="img" aria-label="Timeline by lane">${ticks}${rows}${cut}</svg>`;
}

const longestList = 1500;

function listHtml(view) {
  const visible = view.events.filter((event) => event[0] >= view.from && event[0] <= view.to &&
    view.shown.has(laneOf(event)));
  // Too many: keep what surrounds the cut, else the beginning.
  const cutAt = visible.findIndex((event) => event[0] >= view.cut);
  const start = visible.length <= longestList || cutAt < 0 ? 0 :
    Math.max(0, Math.min(cutAt - 300, visible.length - longestList));
  const rows = visible.slice(start, start + longestList).map((event) => {
    const kind = badKinds.includes(event[2]) ? 'bad' :
      event[1] === 'power' ? event[2] : event[1] === 'device' ? 'device' : '';
    return `<div class="${kind}"><span class="t">${(event[0] / 1e6).toFixed(6)}</span>` +
      `<span class="lane">${event[1]}</span><span>${esc(eventText(event))}</span></div>`;
  }).join('');
  const shown = Math.min(longestList, visible.length);
  return {rows, note: `${plural(shown, 'event', 'events')}` + (shown < visible.length ?
    ` of ${num(visible.length)}; zoom in for the others` : ' in view')};
}

function drawTimeline(box, view) {
  const lanes = box.querySelector('.lanes');
  view.width = Math.max(280, Math.round(lanes.clientWidth || 600));
  view.left = 62;
  view.place = (at) => Number((view.left + (at - view.from) / (view.to - view.from) *
    (view.width - view.left - 4)).toFixed(1));
  lanes.innerHTML = lanesSvg(view);
  const list = listHtml(view);
  const element = box.querySelector('.event-list');
  element.innerHTML = list.rows;
  box.querySelector('.timeline-note').textContent = list.note;
  const cut = element.querySelector('.bad');
  if (cut) element.scrollTop = cut.offsetTop - element.offsetTop - 80;
}

function zoomTo(box, view, from, to) {
  const whole = [view.events[0][0], view.events[view.events.length - 1][0]];
  view.from = Math.max(whole[0], from);
  view.to = Math.min(whole[1] + 1000, Math.max(to, view.from + 100));
  drawTimeline(box, view);
}

function zoomBy(box, view, factor, around) {
  const middle = around ?? (view.cut >= view.from && view.cut <= view.to ? view.cut :
    (view.from + view.to) / 2);
  zoomTo(box, view, middle - (middle - view.from) * factor, middle + (view.to - middle) * factor);
}

// Drag across the lanes to zoom into that stretch.
function dragToZoom(box, view) {
  const lanes = box.querySelector('.lanes');
  let began = null;
  const timeAt = (event) => {
    const area = lanes.getBoundingClientRect();
    const x = (event.clientX - area.left) * view.width / area.width;
    return view.from + (x - view.left) / (view.width - view.left - 4) * (view.to - view.from);
  };
  lanes.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse') began = timeAt(event);
  });
  lanes.addEventListener('pointerup', (event) => {
    if (began === null) return;
    const [from, to] = [began, timeAt(event)].sort((a, b) => a - b);
    if (to - from > (view.to - view.from) / 60) zoomTo(box, view, from, to);
    began = null;
  });
  lanes.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    zoomBy(box, view, event.deltaY > 0 ? 1.4 : 0.7, timeAt(event));
  }, {passive: false});
}

async function showTimeline(box, campaign, sample) {
  let events;
  try {
    events = await eventsOf(campaign, sample);
  } catch (old) {
    box.innerHTML = '<p class="muted">This browser cannot unpack the timeline; ' +
      `<code>otarig show ${sample.c}</code> prints it.</p>`;
    return;
  }
  if (!events.length) return;
  const end = events[events.length - 1][0];
  const landed = events.find((event) => event[2] === 'cut_landed');
  const view = {events, cut: landed ? landed[0] : null, from: events[0][0], to: end + 1000,
    offs: offTimes(events, end), shown: new Set(events.map(laneOf))};
  const lanes = laneNames.filter((lane) => view.shown.has(lane));
  box.innerHTML = '<div class="timeline-tools">' +
    '<button type="button" data-zoom="whole">Whole cycle</button>' +
    '<button type="button" data-zoom="cut">Around the cut</button>' +
    '<button type="button" data-zoom="in" aria-label="Zoom in">+</button>' +
    '<button type="button" data-zoom="out" aria-label="Zoom out">−</button>' +
    lanes.map((lane) => `<button type="button" data-lane="${lane}" aria-pressed="true">${lane}` +
      '</button>').join('') + '</div><div class="timeline"><div><div class="lanes"></div>' +
    '<p class="timeline-note"></p></div><div class="event-list" tabindex="0" ' +
    'aria-label="Events in view"></div></div>';
  const zooms = {whole: () => zoomTo(box, view, 0, end + 1000), in: () => zoomBy(box, view, 0.5),
    out: () => zoomBy(box, view, 2),
    cut: () => zoomTo(box, view, view.cut - 3e6, view.cut + 12e6)};
  box.querySelector('[data-zoom="cut"]').disabled = view.cut === null;
  box.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button && button.dataset.zoom) zooms[button.dataset.zoom]();
    if (!button || !button.dataset.lane) return;
    const on = !view.shown.has(button.dataset.lane);
    view.shown[on ? 'add' : 'delete'](button.dataset.lane);
    button.setAttribute('aria-pressed', String(on));
    drawTimeline(box, view);
  });
  dragToZoom(box, view);
  drawTimeline(box, view);
}
