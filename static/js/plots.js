// Draws the plots of a page anew with Chart.js: a scale, and the numbers under the pointer. Their numbers stand in the page already.
(() => {
  const drawings = [];

  const colours = () => {
    const probe = document.createElement("span");
    document.body.append(probe);
    const of = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
    const found = { bar: of("--tblr-primary"), words: of("--tblr-secondary"), line: of("--tblr-border-color") };
    probe.remove();
    return found;
  };

  const shortened = (label, most) => (label.length > most ? `${label.slice(0, most - 1)}…` : label);

  const settings = (plot) => {
    const { bar, words, line } = colours();
    const along = plot.lying ? "x" : "y";
    const labels = { ticks: { color: words, autoSkip: !plot.lying, maxRotation: 0 }, grid: { display: false }, border: { color: line } };
    if (plot.lying) labels.ticks.callback = function (_value, at) { return shortened(plot.labels[at], Math.max(12, this.chart.width / 15)); };
    const numbers = { beginAtZero: true, ticks: { color: words, precision: 0 }, grid: { color: line }, border: { display: false } };
    if (plot.scale) numbers.max = plot.scale;
    return {
      type: "bar",
      data: { labels: plot.labels, datasets: [{ label: plot.named, data: plot.numbers, backgroundColor: bar, borderRadius: 3, maxBarThickness: 28 }] },
      options: {
        indexAxis: plot.lying ? "y" : "x",
        animation: false,
        maintainAspectRatio: false,
        plugins: { legend: { display: false } },
        scales: plot.lying ? { [along]: numbers, y: labels } : { [along]: numbers, x: labels },
      },
    };
  };

  const draw = (place) => {
    const plot = JSON.parse(place.dataset.plot);
    const canvas = document.createElement("canvas");
    place.classList.add("plot-live");
    place.style.height = plot.lying ? `${plot.labels.length * 32 + 40}px` : "14rem";
    place.replaceChildren(canvas);
    drawings.push([new Chart(canvas, settings(plot)), plot]);
  };

  // The colours follow the theme, which may change while the page is open.
  const recolour = () => {
    for (const [chart, plot] of drawings) {
      const fresh = settings(plot);
      Object.assign(chart, { options: fresh.options });
      chart.data.datasets[0].backgroundColor = fresh.data.datasets[0].backgroundColor;
      chart.update();
    }
  };

  if (!window.Chart) return;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const place of document.querySelectorAll("[data-plot]")) draw(place);
  new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
