// Tells readers what changed without a look at the screen: a status line, aria-busy, focus after navigation, Escape. Dims what is out of
// date while a page takes long.
const SETTLED = 150; // milliseconds without a change after which a page is complete
const LATE = 500; // milliseconds after which a page that still runs is dimmed
const main = () => document.querySelector("[data-testid=stMain]");
const heading = () => main()?.querySelector("h1");
const region = Object.assign(document.createElement("div"), { className: "visually-hidden page-status" });
// Polite: it waits until the screen reader has finished its sentence. The role "status" would say the same, but Orca reads an element of
// that role as "status bar", without its text, when a reader comes to it.
region.ariaLive = "polite";
region.ariaAtomic = "true";
document.body.append(region);

const address = () => ({ pathname: location.pathname, search: location.search });
let shown = address(); // what the reader knows about
let announced = ""; // what was said about it
let focused = null; // the heading that got the focus; a run can put another one in its place
let timer = 0;

export function announce(text) {
  region.textContent = text === region.textContent ? `${text}\u00a0` : text; // the same text twice would not be read again
}

export function focusHeading() {
  const target = heading();
  if (!target) return;
  target.tabIndex = -1;
  target.focus();
  focused = target;
}

// The heading that had the focus was replaced, before or after the page counted as complete: the new one gets it.
function restoreFocus() {
  if (focused && !focused.isConnected && document.activeElement === document.body) focusHeading();
}

// The words of an element that are on screen: without those for screen readers inside of it.
export function words(element) {
  const copy = element?.cloneNode(true);
  copy?.querySelectorAll(".visually-hidden").forEach((part) => part.remove());
  return copy?.textContent.replace(/\s+/g, " ").trim() ?? "";
}

// The line that says what is on screen, as text: without the crosses of the filters that can be removed, and without the sentence
// about the reader's own choices and role.
export const scopeLine = () => [...(main()?.querySelector(".scope-line")?.childNodes ?? [])]
  .filter((part) => part.className !== "not-applied").map((part) => part.textContent).join("").replaceAll(" ×", "").replace(/\s+/g, " ").trim();

// The date and the filters in force, as the line that says what is on screen names them: "As of November 13, 2026", "Eastern".
export function chosenFilters() {
  const line = main()?.querySelector(".scope-line")?.cloneNode(true);
  line?.querySelectorAll(".everything, .not-applied, .chip span").forEach((part) => part.remove());
  return (line?.textContent ?? "").split(" · ").map((part) => part.replace(/\s+/g, " ").trim()).filter(Boolean);
}

// The filters in force. The first part of the scope line that stands out is its date.
function filters() {
  const chosen = [...document.querySelectorAll(".scope-line :is(b, .chip)")].slice(1).map((part) => part.firstChild.textContent);
  const count = chosen.length === 1 ? "1 filter" : `${chosen.length || "no"} filters`;
  return chosen.length ? `${count}: ${chosen.join(", ")}` : count;
}

// What the page says about choices that it left out. Without it, a choice that is refused would sound like one that was made.
const leftOut = () => [...(main()?.querySelectorAll(".banner.left-out p") ?? [])].map((part) => part.textContent).join(" ");

// Called when a view has new HTML, and at the end of a run, whichever is last. After navigation, the heading of the new page gets the
// focus at once. A page under another address is announced when it is complete; what the reader opened on it is not.
export function onChange() {
  if (shown.pathname !== location.pathname && heading()) {
    shown = address();
    announced = region.textContent = ""; // the heading says where the reader is
    focusHeading();
  }
  restoreFocus();
  clearTimeout(timer);
  if (!isRunning()) timer = setTimeout(finish, SETTLED);
}

function finish() {
  if (!heading()) return;
  restoreFocus();
  const text = [`${heading().textContent} updated, ${filters()}.`, leftOut()].join(" ").trim();
  if (shown.search !== location.search || (announced && text !== announced)) announce((announced = text));
  shown = address();
}

const app = document.querySelector("[data-testid=stApp]");
export const isRunning = () => app.dataset.testScriptState !== "notRunning";
let late = 0;
function markBusy() {
  main()?.setAttribute("aria-busy", isRunning());
  clearTimeout(late);
  const { dataset } = document.documentElement;
  if (isRunning()) late = setTimeout(() => (dataset.late = ""), LATE);
  else delete dataset.late;
}
markBusy(); // a short run can be over by now
new MutationObserver(() => {
  markBusy();
  onChange();
}).observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });

// Escape closes the details that the focus is in, else the panel that covers the page, and puts the focus on what opens it.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const open = document.activeElement?.closest(".html-view details[open]") ?? document.querySelector(".how[open], .share[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
addEventListener("pointerdown", ({ target }) => {
  const menu = document.querySelector(".share[open]");
  if (menu && !menu.contains(target)) menu.open = false;
});
