// Shows one HTML view where Streamlit puts this component. A later run's HTML is morphed into what is on screen, so that focus, open
// details and drawn charts stay. `data` is JSON in bytes: html, figures by name, library (the address of Plotly), details (HTML of
// closed <details> and of suggestions, by name), ahead (figures of a view that comes later in the run), file (to be saved once). What the reader does is sent back as the trigger `action`: [event name, value].
import { Idiomorph } from "./idiomorph/idiomorph.esm.js";
import { drawAhead, forgetCharts, readTheme, updateCharts, watchCharts } from "./charts.js";
import { announce, focusHeading, onChange } from "./page_status.js";
import { close, commands, copy } from "./share.js";
import { dataBefore } from "./shown_before.js";
import { sortTables } from "./sort_tables.js";

const views = new Map(); // by parent element
const saved = new Set(); // ids of files

// Morph the view into this HTML. Elements with a data-name keep their node wherever they move: Idiomorph goes by ids.
function morph(view, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const element of template.content.querySelectorAll("[data-name]")) element.id = `${view.id}-${element.dataset.name}`;
  if (!view.html) return view.root.replaceChildren(template.content);
  Idiomorph.morph(view.root, [...template.content.childNodes], {
    morphStyle: "innerHTML",
    // What the reader types stays. Idiomorph would also keep the text of a button, and the rows of a table, that has the focus.
    ignoreActiveValue: Boolean(document.activeElement?.matches("input, textarea")),
    callbacks: {
      beforeAttributeUpdated: (name, _, change) => name !== "open" || change !== "remove", // the reader closes <details>
      beforeNodeMorphed(old, fresh) {
        if (old.isEqualNode(fresh)) return false; // most of a page: morphing it would take twice as long
        if (!old.matches?.(".plot, [data-details]")) return true;
        // What is inside of a plot is Plotly's; what is inside of a <details> is shown when it is opened.
        if (old.matches(".plot") !== fresh.matches(".plot")) return true;
        for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
        if (!fresh.hasAttribute("style")) old.removeAttribute("style");
        if (old.nodeName === "DETAILS") {
          const [summary, next] = [old, fresh].map((element) => element.firstElementChild);
          if (!summary.isEqualNode(next)) summary.replaceChildren(...next.childNodes); // it names what it is about, for screen readers
          showDetails(view, old);
        } else if (old.dataset.suggests) suggest(view, old);
        return false;
      },
    },
  });
}

function showDetails(view, element) {
  while (element.children.length > 1) element.lastChild.remove();
  if (element.open) element.insertAdjacentHTML("beforeend", view.details[element.dataset.details]);
}

// The names that a field suggests, hundreds of elements, are put in when the reader goes to the field.
function suggest(view, list) {
  const { details, suggests } = list.dataset;
  if (details === suggests) return;
  list.innerHTML = view.details[details];
  list.dataset.suggests = details;
}

// Controls show what the address says, except for the one that the reader is typing in. Fields of a form are the reader's until it is sent.
function resetControls(root) {
  for (const control of root.querySelectorAll(":is(select, input)[data-value]")) {
    if (control.type === "radio") control.checked = control.hasAttribute("checked");
    else if (control.nodeName === "SELECT" || control !== document.activeElement) control.value = control.dataset.value;
  }
}

// For every change of a view, Streamlit adds this script to the page again and waits until it is loaded. It is.
new MutationObserver((records) => {
  for (const script of records.flatMap(({ addedNodes }) => [...addedNodes])) if (script.src === import.meta.url) script.dispatchEvent(new Event("load"));
}).observe(document.head, { childList: true });

function create(parent) {
  const root = document.createElement("div");
  root.className = "html-view";
  const view = {
    root, id: `view${Math.random().toString(36).slice(2, 8)}`, html: "", figures: {}, details: {}, library: "", send: () => {},
    charts: new Map(), drawn: new Map(), far: new WeakSet(), sortAgain: sortTables(root),
  };
  watchCharts(view, parent.closest("[data-testid=stMain]"));
  // While the connection is down, the server's script (server/connection.js) holds the action back until it returns.
  const send = ({ dataset: { event: name } }, value) => {
    const run = () => view.send(name, value);
    window.dashboardConnection ? window.dashboardConnection.carryOut(run) : run();
  };
  root.addEventListener("click", (event) => {
    const target = event.target.closest("[data-command], a[data-event], button[data-event], button[data-copy]");
    if (!target || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (target.dataset.command) commands[target.dataset.command](target);
    else if (target.dataset.copy) copy(target, target.dataset.copy);
    else send(target, target.getAttribute("href") ?? true);
    if (target.dataset.event && target.closest(".share .menu")) {
      close(target);
      announce(`Making ${target.textContent}.`);
    }
    // On a phone the menu covers the page that was chosen from it.
    if (innerWidth < 768 && target.closest("nav")) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  });
  root.addEventListener("change", ({ target }) => {
    if (!target.dataset.event || !target.checkValidity()) return;
    send(target, target.value);
    if (target.type === "search") target.value = ""; // the next search starts empty
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, JSON.stringify(Object.fromEntries(new FormData(event.target))));
  });
  root.addEventListener("focusin", ({ target: { list } }) => {
    if (list?.dataset.details) suggest(view, list);
  });
  root.addEventListener("focusout", ({ target }) => {
    if (target.dataset.event && target.nodeName === "INPUT" && !target.checkValidity()) target.value = target.dataset.value;
  });
  root.addEventListener("toggle", ({ target }) => {
    if (target.dataset.details) showDetails(view, target);
    if (target.dataset.event && target.open !== target.hasAttribute("data-made")) send(target, target.open);
  }, true);
  parent.append(root);
  views.set(parent, view);
  return view;
}

// Text is a CSV file: the byte order mark makes Excel read it as UTF-8. Other files come as base64.
function save({ id, name, text, base64, type = "text/csv" }) {
  if (saved.has(id)) return;
  saved.add(id);
  const parts = base64 ? [Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))] : ["\ufeff", text];
  const href = URL.createObjectURL(new Blob(parts, { type }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  announce(`Saved ${name}.`);
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

// Show what the server sent for a view.
function show(view, data) {
  const { html, figures = {}, library: address, details = {}, ahead, file } = JSON.parse(new TextDecoder().decode(data));
  Object.assign(view, { data, figures, details, library: address });
  if (address) readTheme(view);
  if (html !== view.html) {
    const focused = document.activeElement;
    morph(view, html);
    if (focused.matches(".chip") && !focused.isConnected) focusHeading(); // of the last filter, which the reader has just removed
    view.sortAgain();
    view.html = html;
    onChange();
    const message = view.root.querySelector(".announced");
    if (message) {
      announce(message.textContent);
      message.scrollIntoView({ block: "nearest" });
    }
  }
  resetControls(view.root);
  updateCharts(view);
  if (ahead) drawAhead(ahead);
  if (file) save(file);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const view = views.get(parentElement) ?? create(parentElement);
  view.send = (name, value) => {
    setTriggerValue("action", [name, value]);
    for (const [each, before] of dataBefore([name, value], [...views.values()]) ?? []) show(each, before);
  };
  show(view, data);
  return () => {
    views.delete(parentElement);
    view.root.remove();
    forgetCharts(view);
  };
}
