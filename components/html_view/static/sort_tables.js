// Sorts tables. A press of a heading's button sorts by its column (numbers from the largest, text from A), a second press reverses the
// order, a third returns to the order of the page. The server gives each cell its place in the order of its column, `data-position`;
// cells without one (missing or hidden) go last. Only the rows on screen move: a file keeps its order.

// Orders by table name: the heading and "ascending" or "descending". A later run's table of the same name is sorted again.
const nameOf = (table) => table.closest("[data-name]")?.dataset.name ?? "";
const headings = (table) => [...table.tHead.rows[0].cells];

function place(row, column) {
  const position = row.cells[column].dataset.position;
  return position === undefined ? null : Number(position);
}

function sort(table, order) {
  const rows = [...table.tBodies[0].rows];
  rows.forEach((row, index) => (row.dataset.order ??= index)); // as the server sent it
  const column = order ? headings(table).findIndex((heading) => heading.innerText === order.heading) : -1;
  const sign = order?.direction === "descending" ? -1 : 1;
  rows.sort((one, other) => {
    const before = column < 0 ? null : place(one, column);
    const after = column < 0 ? null : place(other, column);
    const difference = before === null || after === null ? (before === null) - (after === null) : sign * (before - after);
    return difference || one.dataset.order - other.dataset.order;
  });
  table.tBodies[0].append(...rows);
  headings(table).forEach((heading, index) =>
    index === column ? heading.setAttribute("aria-sort", order.direction) : heading.removeAttribute("aria-sort"));
}

// Let readers sort the tables of a view. Returns what sorts them again after the view has changed.
export function sortTables(root) {
  const orders = new Map();
  root.addEventListener("click", ({ target }) => {
    const heading = target.closest("button.sort")?.closest("th");
    if (!heading) return;
    const table = heading.closest("table");
    const first = heading.classList.contains("number") ? "descending" : "ascending";
    const second = first === "ascending" ? "descending" : "ascending";
    const current = heading.getAttribute("aria-sort");
    const direction = current === null ? first : current === first ? second : null;
    const order = direction && { heading: heading.innerText, direction };
    if (order) orders.set(nameOf(table), order);
    else orders.delete(nameOf(table));
    sort(table, order);
  });
  return () => {
    for (const table of orders.size ? root.querySelectorAll(".table-scroll table") : [])
      if (orders.has(nameOf(table)) && table.querySelector("button.sort")) sort(table, orders.get(nameOf(table)));
  };
}
