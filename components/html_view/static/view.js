// Shows one HTML view where Streamlit puts this component. A later run's HTML is morphed into what is on screen, so that focus, open
// details and drawn charts stay. `data` is JSON in bytes: html, figures by name, library (the address of Plotly), details (HTML of
// closed <details>, by name), file (to be saved once). What the reader does is sent back as the trigger `action`: [event name, value].
import { Idiomorph } from "./idiomorph/idiomorph.esm.js";

const views = new Map(); // by parent element
const saved = new Set(); // ids of files
const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };
const MAX_DRAWN = 40; // drawn charts in memory, for readers who return to an earlier choice
const NEAR = "50%"; // of the window's height: charts this close to the window are drawn before the reader gets there
const paper = matchMedia("print");
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50)); // Safari has none
let library = null;

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

// The layout for Plotly. No template: Plotly would look through it for every mark of every chart.
function layoutOf(layout, { family, ink, line, page }, width, height) {
  const axis = { gridcolor: line, zerolinecolor: line, tickcolor: line, ticklabeloverflow: "allow", automargin: false };
  return {
    ...layout, width, height, template: null,
    font: { family, color: ink, size: 12, ...layout.font },
    hoverlabel: { bgcolor: page, bordercolor: line, font: { color: ink, size: 12 }, ...layout.hoverlabel },
    xaxis: { ...axis, showgrid: false, zeroline: false, ...layout.xaxis },
    yaxis: { ...axis, ...layout.yaxis },
  };
}

// Morph the view into this HTML. Elements with a data-name keep their node wherever they move: Idiomorph goes by ids.
function morph(view, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const element of template.content.querySelectorAll("[data-name]")) element.id = `${view.id}-${element.dataset.name}`;
  if (!view.html) return view.root.replaceChildren(template.content);
  Idiomorph.morph(view.root, [...template.content.childNodes], {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeAttributeUpdated: (name, _, change) => name !== "open" || change !== "remove", // the reader closes <details>
      beforeNodeMorphed(old, fresh) {
        if (old.isEqualNode(fresh)) return false; // most of a page: morphing it would take twice as long
        if (!old.matches?.(".plot, [data-details]")) return true;
        // What is inside of a plot is Plotly's; what is inside of a <details> is shown when it is opened.
        if (old.matches(".plot") !== fresh.matches(".plot")) return true;
        for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
        if (!fresh.hasAttribute("style")) old.removeAttribute("style");
        if (old.dataset.details) showDetails(view, old);
        return false;
      },
    },
  });
}

function showDetails(view, element) {
  while (element.children.length > 1) element.lastChild.remove();
  if (element.open) element.insertAdjacentHTML("beforeend", view.details[element.dataset.details]);
}

// Controls show what the address says, except for the one that the reader is typing in.
function resetControls(root) {
  for (const control of root.querySelectorAll("select, input")) {
    if (control.type === "radio") control.checked = control.hasAttribute("checked");
    else if (control.nodeName === "SELECT" || control !== document.activeElement) control.value = control.dataset.value;
  }
}

function create(parent) {
  const root = document.createElement("div");
  root.className = "html-view";
  const view = {
    root, id: `view${Math.random().toString(36).slice(2, 8)}`, html: "", figures: {}, details: {}, library: "", send: () => {},
    charts: new Map(), drawn: new Map(),
  };
  // Charts that come near the window: one at a time, so that a click waits for one at most. And charts whose place has another size.
  const drawSoon = (place) => whenIdle(() => drawCharts(view, [place], true), { timeout: 100 });
  view.nearness = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => drawSoon(entry.target)),
    { root: parent.closest("[data-testid=stMain]"), rootMargin: `${NEAR} 0px` },
  );
  const isResized = (place, chart) => place.clientWidth !== chart?.width || place.clientHeight !== chart?.height;
  view.sizes = new ResizeObserver((entries) => {
    drawCharts(view, entries.map((entry) => entry.target).filter((place) => isResized(place, view.charts.get(place))));
  });
  // While the connection is down, the server's script (server/connection.js) holds the action back until it returns.
  const send = ({ dataset: { event: name } }, value) => {
    const run = () => view.send("action", [name, value]);
    window.dashboardConnection ? window.dashboardConnection.carryOut(run) : run();
  };
  root.addEventListener("click", (event) => {
    const target = event.target.closest("a[data-event], button[data-event], button[data-copy]");
    if (!target || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (target.dataset.copy) copy(target);
    else send(target, target.getAttribute("href") ?? true);
    // On a phone the menu covers the page that was chosen from it.
    if (innerWidth < 768 && target.closest("nav")) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  });
  root.addEventListener("change", ({ target }) => target.dataset.event && target.checkValidity() && send(target, target.value));
  root.addEventListener("focusout", ({ target }) => {
    if (target.nodeName === "INPUT" && !target.checkValidity()) target.value = target.dataset.value;
  });
  root.addEventListener("toggle", ({ target }) => {
    if (target.dataset.details) showDetails(view, target);
    if (target.dataset.event && target.open !== target.hasAttribute("data-made")) send(target, target.open);
  }, true);
  parent.append(root);
  views.set(parent, view);
  return view;
}

// Copy the sentence next to a button, and say so on the button for a moment.
function copy(button) {
  const label = button.textContent;
  navigator.clipboard?.writeText(button.dataset.copy).then(() => {
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  });
}

function save({ id, name, text }) {
  if (saved.has(id)) return;
  saved.add(id);
  const href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  const link = append("a", { href, download: name });
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

// Draw the charts of these places that are in the window, or all of them. The others wait: those near the window until
// the browser is idle, the rest until they come near. A chart that is out of date is removed.
function drawCharts(view, places, isAll = paper.matches) {
  if (!places.length) return;
  if (!window.Plotly) {
    plotly(view.library).then(() => updateCharts(view), (error) => console.warn("No chart can be drawn", error));
    return;
  }
  // All places are measured before the first chart is put in: each measurement in between would lay out the page again.
  const theme = themeOf(view.root);
  const measured = places.map((place) => [place, place.clientWidth, place.clientHeight, place.getBoundingClientRect()]);
  for (const [place, width, height, { top, bottom }] of measured) {
    const name = place.dataset.plot;
    const figure = view.figures[name];
    if (!figure || !width || !height) continue;
    const key = JSON.stringify([name, width, height, theme, figure]);
    if (place.firstChild && view.charts.get(place)?.key === key) continue;
    view.charts.set(place, { key, width, height });
    if (isAll || (top < innerHeight && bottom > 0)) draw(view, place, key, layoutOf(figure.layout, theme, width, height));
    else {
      place.replaceChildren();
      view.nearness.unobserve(place);
      view.nearness.observe(place);
    }
  }
}

// Put a chart in its place: the one that was drawn before for the same figure, size and theme, or a new one.
function draw(view, place, key, layout) {
  const name = place.dataset.plot;
  const earlier = view.drawn.get(key);
  const canvas = earlier ?? document.createElement("div");
  place.replaceChildren(canvas);
  view.drawn.delete(key);
  view.drawn.set(key, canvas); // the newest
  if (earlier) return;
  const plotted = new Promise((done) => done(window.Plotly.newPlot(canvas, view.figures[name].data, layout, CONFIG)));
  plotted.catch((error) => {
    view.drawn.delete(key);
    canvas.remove(); // the next run tries again
    console.warn("A chart could not be drawn", error);
  });
  for (const [oldest, element] of view.drawn) {
    if (view.drawn.size <= MAX_DRAWN) break;
    if (element.isConnected) continue;
    window.Plotly.purge(element);
    view.drawn.delete(oldest);
  }
}

// Forget the charts that are gone, and draw or update those that are there.
function updateCharts(view, isAll) {
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

// Paper has another width than the window. All charts are drawn for it, and before the browser searches the page for text.
const updateAll = (isAll) => views.forEach((view) => updateCharts(view, isAll));
addEventListener("beforeprint", () => updateAll(true));
paper.addEventListener("change", () => updateAll(paper.matches));
addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
  if (key === "F3" || ((ctrlKey || metaKey) && key === "f")) updateAll(true);
});

export default function ({ data, parentElement, setTriggerValue }) {
  const view = views.get(parentElement) ?? create(parentElement);
  const { html, figures = {}, library: address, details = {}, file } = JSON.parse(new TextDecoder().decode(data));
  Object.assign(view, { send: setTriggerValue, figures, details, library: address });
  if (html !== view.html) {
    morph(view, html);
    view.html = html;
  }
  resetControls(view.root);
  updateCharts(view);
  if (file) save(file);
  return () => {
    views.delete(parentElement);
    view.root.remove();
    view.nearness.disconnect();
    view.sizes.disconnect();
    for (const canvas of view.drawn.values()) window.Plotly?.purge(canvas);
  };
}
