// The charts of the HTML views: Plotly draws those near the window, and all of them before the page is printed or searched.
import { pick, useKeys } from "./chart_keys.js";
import { withLabels, withRoom, withWideNames } from "./chart_labels.js";

const views = new Set();
const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };
const MAX_DRAWN = 40; // drawn charts in memory, for readers who return to an earlier choice
const [LETTER, TICK_GAP] = [6.5, 4]; // pixels: the width of a letter of a tick's label, and between two labels
const NEAR = "50%"; // of the window's height: charts this close to the window are drawn before the reader gets there
const LIGHT = { family: "Calibri, Arial, sans-serif", ink: "#16202c", line: "#dde2e8", page: "#ffffff" }; // of images
const paper = matchMedia("print");
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50)); // Safari has none
let library = null;

// What a chart is drawn in. Its place has the text alternative: the marks and labels inside of it would be read as well.
function drawing() {
  const canvas = document.createElement("div");
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

// After the next frame: the text and numbers of a page are painted before the big script runs.
const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

function append(tag, attributes) {
  const element = Object.assign(document.createElement(tag), attributes);
  document.head.append(element);
  return element;
}

// Plotly, requested once by the first chart.
function plotly(address) {
  const src = new URL(address, document.baseURI).href;
  library ??= new Promise((done, fail) => {
    append("link", { rel: "preload", as: "script", href: src });
    painted().then(() => append("script", { src, async: true, onload: () => done(window.Plotly), onerror: fail }));
  }).catch((error) => { library = null; throw error; });
  return library;
}

// The fonts and colors of the reader's theme, which figures do not repeat.
function themeOf(place) {
  const style = getComputedStyle(place);
  const of = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return { family: of("font"), ink: of("text-color"), line: of("border-color"), page: of("background-color") };
}

// An axis of a narrow chart without the ticks whose labels would touch the one before.
function thinned(axis, room) {
  if (!axis?.ticktext) return axis;
  const widest = Math.max(...axis.ticktext.map((text) => text.length)) * LETTER + TICK_GAP;
  const step = Math.ceil((axis.ticktext.length * widest) / room);
  const every = (_, position) => position % step === 0;
  return step < 2 ? axis : { ...axis, tickvals: axis.tickvals.filter(every), ticktext: axis.ticktext.filter(every) };
}

// A figure as Plotly draws it at this size.
const drawable = ({ data, layout }, theme, width, height) => withLabels(data, layoutOf(withRoom(withWideNames(layout, width), width), theme, width, height));

// The layout for Plotly. No template: Plotly would look through it for every mark of every chart.
function layoutOf(layout, { family, ink, line, page }, width, height) {
  const axis = { gridcolor: line, zerolinecolor: line, tickcolor: line, ticklabeloverflow: "allow", automargin: false };
  const room = width - layout.margin.l - layout.margin.r;
  return {
    ...layout, width, height, template: null,
    annotations: layout.annotations?.filter(({ name }) => !name || room >= Number(name)), // a name is the width that a label needs
    font: { family, color: ink, size: 12, ...layout.font },
    hoverlabel: { bgcolor: page, bordercolor: line, font: { family, color: ink, size: 13 }, ...layout.hoverlabel },
    xaxis: { ...axis, showgrid: false, zeroline: false, ...thinned(layout.xaxis, room) },
    yaxis: { ...axis, ...layout.yaxis },
  };
}

// Watch the places of a view's charts. Charts that come near the window are drawn one at a time, so that a click waits for one at
// most. Charts whose place has another size are drawn again. scroller: what scrolls the view.
export function watchCharts(view, scroller) {
  const drawSoon = (place) => whenIdle(() => drawCharts(view, [place], true), { timeout: 100 });
  view.nearness = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        view.far[isIntersecting ? "delete" : "add"](target);
        if (isIntersecting) drawSoon(target);
      }
    },
    { root: scroller, rootMargin: `${NEAR} 0px` },
  );
  const isResized = (place, chart) => place.clientWidth !== chart?.width || place.clientHeight !== chart?.height;
  view.sizes = new ResizeObserver((entries) => {
    const places = entries.map((entry) => entry.target).filter((place) => isResized(place, view.charts.get(place)));
    for (const place of places) view.charts.set(place, {});
    drawCharts(view, places);
  });
  useKeys(view);
  views.add(view);
}

export function forgetCharts(view) {
  views.delete(view);
  view.nearness.disconnect();
  view.sizes.disconnect();
  for (const canvas of view.drawn.values()) window.Plotly?.purge(canvas);
}

const keyOf = (view, place, width, height, figure = view.figures[place.dataset.plot]) =>
  JSON.stringify([place.dataset.plot, width, height, view.theme, figure]);

// Put the chart that was drawn for a figure back into its place, if there is one of the size that the place had last. If the place has
// another size now, the observer of sizes has it drawn again before the next frame.
function isReused(view, place) {
  const { width, height, key: shown } = view.charts.get(place);
  const key = keyOf(view, place, width, height);
  if (place.firstChild && shown === key) return true;
  if (!view.drawn.has(key)) return false;
  view.charts.set(place, { key, width, height });
  draw(view, place, key);
  return true;
}

// Draw the charts of these places that are in the window, or all of them. The others wait: those near the window until
// the browser is idle, the rest until they come near. A chart that is out of date is removed. What can be told without measuring is, since
// that would lay out the page, which is not final yet.
function drawCharts(view, places, isAll = paper.matches) {
  if (!places.length) return;
  if (!window.Plotly) {
    plotly(view.library).then(() => updateCharts(view), (error) => console.warn("No chart can be drawn", error));
    return;
  }
  const isFar = (place) => !isAll && view.far.has(place);
  const changed = isAll ? places : places.filter((place) => !isReused(view, place));
  for (const place of changed.filter(isFar)) drawLater(view, place, { ...view.charts.get(place), key: "" });
  // All places are measured before the first chart is put in: each measurement in between would lay out the page again.
  const measured = changed.filter((place) => !isFar(place)).map((place) => [place, place.clientWidth, place.clientHeight, place.getBoundingClientRect()]);
  for (const [place, width, height, { top, bottom }] of measured) {
    const figure = view.figures[place.dataset.plot];
    if (!figure || !width || !height) continue;
    const key = keyOf(view, place, width, height);
    if (place.firstChild && view.charts.get(place)?.key === key) continue;
    const chart = { key, width, height };
    if (!isAll && (top >= innerHeight || bottom <= 0)) drawLater(view, place, chart);
    else {
      view.charts.set(place, chart);
      draw(view, place, key, drawable(figure, view.theme, width, height));
    }
  }
}

// Leave a place empty until it comes near the window, or is known to be near.
function drawLater(view, place, chart) {
  view.charts.set(place, chart);
  place.replaceChildren();
  view.nearness.unobserve(place);
  view.nearness.observe(place);
}

// Put a chart in its place: the one that was drawn before for the same figure, size and theme, or a new one.
function draw(view, place, key, figure) {
  const canvas = view.drawn.get(key) ?? drawing();
  place.replaceChildren(canvas);
  if (!view.drawn.has(key)) plot(view, place, key, canvas, figure);
  view.drawn.delete(key);
  view.drawn.set(key, canvas); // the newest
}

// Draw a new chart for a place into a canvas.
function plot(view, place, key, canvas, { data, layout }) {
  view.drawn.set(key, canvas);
  const plotted = new Promise((done) => done(window.Plotly.newPlot(canvas, data, layout, CONFIG)));
  // What Plotly measures text in, outside of the window, is no picture for a reader.
  plotted.then(() => document.querySelector("#js-plotly-tester")?.setAttribute("aria-hidden", "true")).catch((error) => {
    view.drawn.delete(key);
    canvas.remove(); // the next run tries again
    console.warn("A chart could not be drawn", error);
  });
  canvas.on?.("plotly_click", ({ points }) => {
    pick(view, place, points[0]?.customdata);
  });
  for (const [oldest, element] of view.drawn) {
    if (view.drawn.size <= MAX_DRAWN) break;
    if (element.isConnected) continue;
    window.Plotly.purge(element);
    view.drawn.delete(oldest);
  }
}

// Draw charts that the server sends ahead of the HTML they belong in, while it computes the rest: for the places of the same names that are on
// screen, which rarely change their size. They are put in with the HTML.
export async function drawAhead(figures) {
  await painted(); // what came with them
  for (const view of views)
    for (const [place, { width, height }] of view.charts) {
      const figure = figures[place.dataset.plot];
      if (!figure || !width || !height || view.far.has(place) || !window.Plotly) continue;
      const key = keyOf(view, place, width, height, figure);
      if (view.drawn.has(key)) continue;
      const canvas = drawing();
      canvas.className = "visually-hidden";
      document.body.append(canvas); // Plotly measures
      plot(view, place, key, canvas, drawable(figure, view.theme, width, height));
      canvas.remove();
      canvas.classList.remove("visually-hidden");
    }
}

let theme = null; // what the views of one run share
// Read the fonts and colors of the reader's theme. Before the first view of a run changes, this costs nothing; after it, the styles of the
// page are due.
export function readTheme(view) {
  if (!theme) setTimeout(() => { theme = null; }, 20);
  view.theme = theme ??= themeOf(view.root);
}

// Forget the charts that are gone, and draw or update those that are there.
export function updateCharts(view, isAll) {
  for (const place of view.charts.keys())
    if (!place.isConnected) {
      view.nearness.unobserve(place);
      view.sizes.unobserve(place);
      view.charts.delete(place);
    }
  const places = [...view.root.querySelectorAll(".plot")];
  for (const place of places.filter((place) => !view.charts.has(place))) {
    view.charts.set(place, {});
    view.sizes.observe(place);
  }
  drawCharts(view, places, isAll);
}

// Draw a copy of the chart of a place into an element of this size, with larger text: as if it were drawn smaller and magnified.
export async function drawCopy(place, element, { width, height, scale }) {
  const view = [...views].find(({ root }) => root.contains(place));
  const figure = view?.figures[place.dataset.plot];
  if (!figure) return;
  await plotly(view.library);
  const { data, layout } = drawable(figure, themeOf(view.root), width / scale, height / scale);
  const canvas = element.appendChild(drawing());
  await window.Plotly.newPlot(canvas, data, layout, { ...CONFIG, staticPlot: true });
  canvas.style.cssText = `transform: scale(${scale}); transform-origin: 0 0`; // later than Plotly's measurements
}

// The chart of a place as SVG, in the colors of light mode whatever the reader's theme. Undefined where there is no chart.
export async function drawingOf(place, width, height) {
  const view = [...views].find(({ root }) => root.contains(place));
  const figure = view?.figures[place.dataset.plot];
  if (!figure) return undefined;
  await plotly(view.library);
  const { data, layout: clear } = drawable(figure, LIGHT, width, height);
  const layout = { ...clear, paper_bgcolor: LIGHT.page, plot_bgcolor: LIGHT.page };
  return window.Plotly.toImage({ data, layout, config: CONFIG }, { format: "svg", width, height, imageDataOnly: true });
}

export const purgeCopies = (root) => root.querySelectorAll(".js-plotly-plot").forEach((canvas) => window.Plotly.purge(canvas));

// Paper has another width than the window. All charts are drawn for it, and before the browser searches the page for text.
const updateAll = (isAll) => views.forEach((view) => {
  view.theme = themeOf(view.root);
  for (const place of view.charts.keys()) view.charts.set(place, {}); // back from paper, no observer of sizes tells of another size
  updateCharts(view, isAll);
});
addEventListener("beforeprint", () => {
  document.documentElement.classList.add("on-paper");
  updateAll(true);
});
addEventListener("afterprint", () => document.documentElement.classList.remove("on-paper"));
paper.addEventListener("change", () => updateAll(paper.matches));
addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
  if (key === "F3" || ((ctrlKey || metaKey) && key === "f")) updateAll(true);
});
