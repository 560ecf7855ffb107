const microseconds = (us) => (us < 10000 ? `${num(us)} µs` : `${num(Math.round(us / 1000))} ms`);

// Shares of a lossy path are small: two digits that count.
const lossShare = (share) => (share ? `${Number((share * 100).toPrecision(2))} %` : '0 %');

// Losses that are nobody's chance: a full queue, an outage, an impairment by its name.
function otherLosses(way) {
  const others = Object.entries(way.dropped).filter(([reason]) => reason !== 'loss');
  return others.map(([reason, n]) => `${esc(reason)} ${num(n)}`).join(', ') || '·';
}

// Where the kernel shapes, packets pass nobody who could count them.
function linkRow(name, way, exact) {
  if (!way.packets) return [name, '–', '–', '–', '–', '–', '–', '–'];
  const late = exact ? ['exact', 'exact'] : [
    [way.late_p50_us, way.late_p99_us, way.late_max_us].map(microseconds).join(' / '),
    `${way.rate_error_ppm > 0 ? '+' : ''}${(way.rate_error_ppm / 10000).toFixed(4)} %`];
  return [name, num(way.packets), num(way.bytes), lossShare(way.loss_applied),
    lossShare(way.loss_asked), otherLosses(way), ...late];
}

function linkBlock(campaign, link) {
  const exact = link.engine === 'virtual';
  const rows = [linkRow('up', link.up, exact), linkRow('down', link.down, exact)];
  const files = link.pcap.map((each) => `<li>packets of cycle ${num(each.cycle)}: ` +
    `<code>${esc(each.file)}</code></li>`).join('');
  return `<h3>${esc(campaign.row)}${campaign.name ? `, ${esc(campaign.name)}` : ''}: ` +
    `${esc(link.profile)}</h3><p class="tally">${exact ? 'in virtual time' :
      `engine ${esc(link.engine)}`}, read from ${plural(link.cycles, 'cycle', 'cycles')}</p>` +
    `<div class="scroll" tabindex="0">${table('links', ['', 'packets', 'bytes delivered',
      'loss applied', 'loss asked', 'lost besides', 'departures late, p50 / p99 / max',
      'mean rate off by'], rows)}</div>` +
    (link.tcp ? `<p>TCP is ${esc(link.tcp)}.</p>` : '') + (files ? `<ul>${files}</ul>` : '');
}

function links() {
  const blocks = report.campaigns.flatMap((campaign) =>
    campaign.links.map((link) => linkBlock(campaign, link)));
  if (!blocks.length) return;
  reveal('links');
  byId('links-list').innerHTML = blocks.join('');
}
