gate();
headline();
stamp();
answers();
changes();
matrix();
survival();
maps();
boards();
links();
health();
failureSection();
coverage();
explored();
detection();

function openTarget() {
  const target = location.hash.startsWith('#map-') && byId(location.hash.slice(1));
  if (target) target.open = true;
}
openTarget();
addEventListener('hashchange', openTarget);

// Plots are drawn for a width; after a change of it, draw again.
let resizing = 0;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => {
    drawSurvivals();
    report.campaigns.forEach((campaign, i) => {
      const details = byId(`map-${i}`);
      if (details.open && details.dataset.kind && campaign.marks.cuts) {
        drawMap(details.querySelector('.map-body'), campaign, details.dataset.kind);
      }
    });
  }, 150);
});

addEventListener('beforeprint', () => {
  report.campaigns.forEach((campaign, i) => {
    const details = byId(`map-${i}`);
    details.open = true;
    if (!details.dataset.kind) mapBody(details, campaign);
  });
});
