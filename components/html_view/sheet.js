// Draws one sheet where Streamlit puts this component, and keeps it: what a run brings is compared with what stands there, and
// only what differs is changed; charts drawn before are put back. `data` is JSON in bytes: html, figures by name, library (the
// address of Plotly), bodies (what folds say, by name), file (to be saved).
const sheets = new WeakMap();
const bodies = new WeakMap(); // of each sheet's root
const saved = new Set();
const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };
const MOST_DRAWN = 40; // charts kept after their figures have gone
let library = null;

// Two frames later: the words and numbers of a page are painted before the big script is run.
const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

function append(tag, attributes) {
  const element = Object.assign(document.createElement(tag), attributes);
  document.head.append(element);
  return element;
}

// Plotly, asked for once by whichever chart is first.
function plotly(address) {
  const src = new URL(address, document.baseURI).href;
  library ??= new Promise((done, fail) => {
    append("link", { rel: "preload", as: "script", href: src });
    painted().then(() => append("script", { src, async: true, onload: () => done(window.Plotly), onerror: fail }));
  }).catch((error) => { library = null; throw error; });
  return library;
}

// What figures need not say: fonts and colors of the reader's theme.
function look(place) {
  const style = getComputedStyle(place);
  const of = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return { family: of("font"), ink: of("text-color"), line: of("border-color"), page: of("background-color") };
}

// The layout Plotly gets. Said outright: a template would be looked through for every mark of every chart.
function layout(said, { family, ink, line, page }, width, height) {
  const axis = { gridcolor: line, zerolinecolor: line, tickcolor: line, ticklabeloverflow: "allow", automargin: false };
  return {
    ...said, width, height, template: null,
    font: { family, color: ink, size: 12, ...said.font },
    hoverlabel: { bgcolor: page, bordercolor: line, font: { color: ink, size: 12 }, ...said.hoverlabel },
    xaxis: { ...axis, showgrid: false, zeroline: false, ...said.xaxis },
    yaxis: { ...axis, ...said.yaxis },
  };
}

// Make `old` read like `now`, keeping nodes that stand for the same: those with one data-name, the others in their order.
function change(old, now) {
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.dataset.body) return unfold(old);
  const named = new Map([...old.children].flatMap((child) => (child.dataset.name ? [[child.dataset.name, child]] : [])));
  const kept = new Set();
  const isFree = (node) => !kept.has(node) && !node.dataset?.name;
  let at = old.firstChild;
  for (const fresh of [...now.childNodes]) {
    let there = named.get(fresh.dataset?.name);
    if (!fresh.dataset?.name) {
      there = at;
      while (there && !isFree(there)) there = there.nextSibling;
    }
    if (there?.nodeName !== fresh.nodeName) there = null;
    const child = there ?? fresh;
    kept.add(child);
    if (child === at) at = at.nextSibling;
    else old.insertBefore(child, at);
    if (!there || there.isEqualNode(fresh)) continue;
    if (fresh.nodeType !== Node.ELEMENT_NODE) there.data = fresh.data;
    else if (fresh.matches(".plot")) size(there, fresh);
    else change(there, fresh);
  }
  for (const child of [...old.childNodes]) if (!kept.has(child)) child.remove();
}

// What a fold says is made into a page's when it is opened.
function unfold(fold) {
  while (fold.children.length > 1) fold.lastChild.remove();
  if (fold.open) fold.insertAdjacentHTML("beforeend", bodies.get(fold.closest(".sheet"))[fold.dataset.body]);
}

// A chart's place: what is in it is Plotly's.
function size(place, fresh) {
  place.setAttribute("aria-label", fresh.getAttribute("aria-label"));
  place.style.height = fresh.style.height;
}

// What a reader typed or chose gives way to what the address says, but not under their fingers.
function settle(root) {
  for (const one of root.querySelectorAll("select, input")) {
    if (one.type === "radio") one.checked = one.hasAttribute("checked");
    else if (one.nodeName === "SELECT" || one !== document.activeElement) one.value = one.dataset.value;
  }
}

function begin(parent) {
  const root = document.createElement("div");
  root.className = "sheet";
  const sheet = {
    root, html: "", figures: {}, library: "", say: () => {}, charts: new Map(), drawn: new Map(), busy: Promise.resolve(),
  };
  // Where the connection is down, the server's script (server/connection.js) does it when it is back.
  const tell = ({ dataset: { say: name } }, value) => {
    const run = () => sheet.say("said", [name, value]);
    window.dashboardConnection ? window.dashboardConnection.carryOut(run) : run();
  };
  root.addEventListener("click", (event) => {
    const one = event.target.closest("a[data-say], button[data-say], button[data-copy]");
    if (!one || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (one.dataset.copy) copy(one);
    else tell(one, one.getAttribute("href") ?? true);
    // On a phone the menu lies over the page that was chosen from it.
    if (innerWidth < 768 && one.closest("nav")) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  });
  root.addEventListener("change", ({ target }) => target.dataset.say && target.checkValidity() && tell(target, target.value));
  root.addEventListener("focusout", ({ target }) => {
    if (target.nodeName === "INPUT" && !target.checkValidity()) target.value = target.dataset.value;
  });
  root.addEventListener("toggle", ({ target }) => {
    if (target.dataset.body) unfold(target);
    if (target.dataset.say && target.open !== target.hasAttribute("data-made")) tell(target, target.open);
  }, true);
  parent.append(root);
  sheets.set(parent, sheet);
  return sheet;
}

// The sentence a button stands beside, and for a moment the button says so.
function copy(button) {
  const words = button.textContent;
  navigator.clipboard?.writeText(button.dataset.copy).then(() => {
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = words), 1500);
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

// Draw a chart as it is to be now: what was drawn before is put back, the rest is drawn by Plotly, one after another.
function draw(sheet, place, width, height, theme) {
  const figure = sheet.figures[place.dataset.plot];
  if (!figure || !width || !height) return;
  const key = JSON.stringify([place.dataset.plot, width, height, theme, figure]);
  const chart = sheet.charts.get(place);
  if (chart.wanted === key) return;
  chart.wanted = key;
  const drawn = sheet.drawn.get(key);
  if (drawn) {
    sheet.drawn.delete(key);
    sheet.drawn.set(key, drawn); // the last to be let go
    place.replaceChildren(drawn);
    return;
  }
  sheet.busy = sheet.busy.then(async () => {
    const Plotly = window.Plotly ?? (await plotly(sheet.library));
    if (chart.wanted !== key || !place.isConnected) return;
    const canvas = document.createElement("div");
    place.replaceChildren(canvas);
    await Plotly.newPlot(canvas, figure.data, layout(figure.layout, theme, width, height), CONFIG);
    canvas.on("plotly_click", ({ points }) => {
      const picked = points[0]?.customdata;
      if (picked) sheet.say("said", [`pick:${place.dataset.plot}`, picked]);
    });
    keep(sheet, key, canvas);
  }).catch((error) => {
    chart.wanted = ""; // the next run tries again
    console.warn("A chart could not be drawn", error);
  });
}

// Charts drawn before, for readers who go to and fro.
function keep(sheet, key, canvas) {
  sheet.drawn.set(key, canvas);
  for (const [old, one] of sheet.drawn) {
    if (sheet.drawn.size <= MOST_DRAWN) break;
    if (one.isConnected) continue;
    window.Plotly.purge(one);
    sheet.drawn.delete(old);
  }
}

// Charts that went are let go, those that came are begun, all are drawn.
function drawAll(sheet) {
  const places = [...sheet.root.querySelectorAll(".plot")];
  for (const [place, chart] of sheet.charts)
    if (!place.isConnected) {
      chart.observer.disconnect();
      sheet.charts.delete(place);
    }
  if (!places.length) return;
  // All places are measured before the first chart is put: a browser asked in between lays the page out anew each time.
  const theme = look(sheet.root);
  const measured = places.map((place) => [place, place.clientWidth, place.clientHeight]);
  for (const [place, width, height] of measured) {
    if (!sheet.charts.has(place)) {
      const observer = new ResizeObserver(() => draw(sheet, place, place.clientWidth, place.clientHeight, look(place)));
      sheet.charts.set(place, { wanted: "", observer });
      observer.observe(place);
    }
    draw(sheet, place, width, height, theme);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const sheet = sheets.get(parentElement) ?? begin(parentElement);
  const { html, figures, library: address, bodies: said, file } = JSON.parse(new TextDecoder().decode(data));
  Object.assign(sheet, { say: setTriggerValue, figures: figures ?? {}, library: address });
  bodies.set(sheet.root, said ?? {});
  if (html !== sheet.html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = `<div class="sheet">${html}</div>`;
    if (sheet.html) change(sheet.root, fresh.content.firstChild);
    else sheet.root.replaceChildren(...fresh.content.firstChild.childNodes);
    sheet.html = html;
  }
  settle(sheet.root);
  drawAll(sheet);
  if (file) save(file);
  return () => {
    sheets.delete(parentElement);
    sheet.root.remove();
    drawAll(sheet);
    for (const canvas of sheet.drawn.values()) window.Plotly?.purge(canvas);
  };
}
