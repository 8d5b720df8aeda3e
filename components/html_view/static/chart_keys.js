// The keyboard on charts. The arrow keys go from mark to mark and show its value, as a pointer does; Enter filters by it, as a click
// does; Escape hides it. On a region of the map the arrow keys go from town to town.
import { announce } from "./page_status.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const positions = new WeakMap(); // by drawn chart: the position of the mark whose value is shown

// Filter by what a mark stands for. Marks of no category stand for nothing.
export function pick(view, place, picked) {
  if (picked && place.classList.contains("pickable")) view.send(`pick:${place.dataset.plot}`, picked);
}

const compare = (one, other) => (one < other ? -1 : Number(one > other));

// The marks that have a value to show, as a reader meets them: rows from the top, else columns from the left.
function marksOf({ data, layout }) {
  const [first, last] = layout.yaxis?.range ?? [];
  const keys = first > last ? ["y", "x"] : ["x", "trace"];
  return data
    .flatMap((trace, index) => trace.hoverinfo === "skip" || !Array.isArray(trace.hovertext) ? [] : trace.hovertext.map(
      (text, point) => ({ text, trace: index, point, x: trace.x[point], y: trace.y[point], picked: trace.customdata?.[point] }),
    ))
    .filter(({ text, x, y }) => text && x !== null && y !== null)
    .sort((one, other) => compare(one[keys[0]], other[keys[0]]) || compare(one[keys[1]], other[keys[1]]));
}

// The words of a label, which Plotly has as a little HTML.
const wordsOf = (text) => new DOMParser().parseFromString(text.replaceAll("<br>", " "), "text/html").body.textContent;

// The position after a press of an arrow key, or null for another key. position: the present one; undefined at the start.
function stepped(event, position, count) {
  if (!(event.key in STEPS) || !count) return null;
  event.preventDefault(); // the page would scroll
  const step = STEPS[event.key];
  return Math.min(Math.max((position ?? (step > 0 ? -1 : count)) + step, 0), count - 1);
}

export function useKeys(view) {
  view.root.addEventListener("keydown", (event) => {
    const place = event.target, canvas = place.firstElementChild;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (place.matches(".map a")) showTown(place, event);
    if (!place.matches(".plot") || !canvas?.calcdata) return;
    const marks = marksOf(canvas);
    const position = positions.get(canvas);
    const next = stepped(event, position, marks.length);
    if (next !== null) {
      positions.set(canvas, next);
      window.Plotly.Fx.hover(canvas, [{ curveNumber: marks[next].trace, pointNumber: marks[next].point }]);
      announce(wordsOf(marks[next].text));
    } else if (event.key === "Enter" && position !== undefined) pick(view, place, marks[position]?.picked);
    else if (event.key === "Escape") hide(canvas);
  });
  view.root.addEventListener("focusout", ({ target }) => {
    if (target.matches(".map a")) markTown(target, null);
    if (target.matches(".plot") && target.firstElementChild?.calcdata) hide(target.firstElementChild);
  });
}

// Go to the next town of a region of the map. Its value stands in the line under the map.
function showTown(region, event) {
  const towns = [...region.querySelectorAll("path:has(title)")];
  const position = towns.findIndex((town) => town.matches(".current"));
  const next = stepped(event, position < 0 ? undefined : position, towns.length);
  if (next !== null) {
    markTown(region, towns[next]);
    announce(towns[next].textContent);
  } else if (event.key === "Escape") markTown(region, null);
}

function markTown(region, town) {
  for (const marked of region.querySelectorAll(".current")) marked.classList.remove("current");
  town?.classList.add("current");
  const line = region.closest(".map").querySelector("figcaption p");
  if (town) line.dataset.value = town.textContent;
  else delete line.dataset.value;
}

function hide(canvas) {
  positions.delete(canvas);
  window.Plotly.Fx.unhover(canvas);
}
