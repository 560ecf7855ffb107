const report = JSON.parse(document.getElementById('report-data').textContent);
const verdicts = report.verdicts;
const classes = ['pass', 'degraded', 'lost', 'no trial'];

const byId = (id) => document.getElementById(id);
const escapes = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
const esc = (text) => String(text).replace(/[&<>"']/g, (c) => escapes[c]);
const num = (n) => Number(n).toLocaleString('en-US');
const hex = (n) => '0x' + Number(n).toString(16).padStart(8, '0');
const plural = (n, one, many) => `${num(n)} ${n === 1 ? one : many}`;
const sum = (counts) => counts.reduce((a, b) => a + b, 0);
const cssClass = (name) => name.replace(' ', '-');
const classOf = (v) => verdicts[v].class;
const markOf = {pass: '✓', degraded: '▲', lost: '✕', 'no trial': '○'};

// Virtual time of a cycle: 83.4 s as 1:23.4
function clock(ms) {
  const minutes = Math.floor(ms / 60000);
  const seconds = (ms % 60000) / 1000;
  return `${minutes}:${seconds.toFixed(1).padStart(4, '0')}`;
}

function length(seconds) {
  if (seconds < 90) return `${seconds.toFixed(1)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

// Firmware with a planted bug shows that the rig sees bugs; its failures count for nobody.
const isTrial = (campaign) => campaign.role !== 'known-bad';

const planOf = (campaign, middle) => campaign.plan.prefix + middle + campaign.plan.suffix;

const badge = (v) => `<span class="badge ${cssClass(classOf(v))}">` +
  `<span aria-hidden="true">${verdicts[v].mark}</span>${esc(verdicts[v].name)}</span>`;

const mark = (name) => `<span class="mark ${cssClass(name)}" role="img" ` +
  `aria-label="${name}">${markOf[name]}</span>`;

// The counts that a campaign answers with: its cuts, or single runs without a cut.
function countsOf(campaign) {
  if (sum(campaign.counts)) return campaign.counts;
  return sum(campaign.runs) ? campaign.runs : campaign.controls;
}

function perClass(counts) {
  const found = {pass: 0, degraded: 0, lost: 0, 'no trial': 0};
  counts.forEach((n, v) => { found[classOf(v)] += n; });
  return found;
}

function command(plan) {
  const line = `otarig replay '${plan}'`;
  return `<div class="command"><code>${esc(line)}</code>` +
    `<button type="button" data-copy="${esc(line)}">Copy</button></div>`;
}

async function copyText(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch (refused) {  // a page opened as a file may have no clipboard: select the text instead
    const range = document.createRange();
    range.selectNodeContents(button.parentElement.querySelector('code'));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    if (!document.execCommand('copy')) { button.textContent = 'Selected'; return; }
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button) copyText(button);
});
