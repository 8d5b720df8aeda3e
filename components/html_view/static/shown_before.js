// What the page showed after the reader's choices. A choice that was made at the same address before shows it again at once: a reader who
// goes back and forth between two regions waits for nobody. The server answers all the same, and its answer has the last word.
import { isRunning } from "./page_status.js";

const MOST = 40; // choices in memory
const shownBefore = new Map(); // by address and choice: the data of each view, oldest first
let last = null; // the last choice: its key and its address

// Note what the page shows now as what the last choice led to, if that was another address of the page. Any other action may have changed
// what is in no address, such as which tables are open, and with that what every choice leads to.
function note(views) {
  if (!last) return;
  const { key, pathname, search } = last;
  if (isRunning() || (location.pathname === pathname && location.search === search)) shownBefore.clear();
  else if (location.pathname === pathname && !document.querySelector(".html-view .announced")) {
    shownBefore.delete(key);
    shownBefore.set(key, new Map(views.map((view) => [view, view.data])));
    if (shownBefore.size > MOST) shownBefore.delete(shownBefore.keys().next().value);
  }
}

// Begin an action of the reader. Returns the data that each of these views showed after it before; undefined where that is not known, or
// the page has other views by now.
export function dataBefore(action, views) {
  note(views);
  const { pathname, search } = location;
  last = { pathname, search, key: JSON.stringify([pathname, search, action]) };
  const data = shownBefore.get(last.key);
  return data?.size === views.length && views.every((view) => data.has(view)) ? data : undefined;
}

// The way to an address by the browser's own buttons is no choice of the page.
addEventListener("popstate", () => { last = null; });
