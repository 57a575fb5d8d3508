/**
 * Shows the scores of every class as a table that sorts by a click on a heading; a click on a class reports it.
 *
 * @typedef {{label: number, name: string, colour: [string, string], scores: (number|null)[], support: number}} Row
 * @typedef {{rows: Row[], scores: {name: string, help: string}[], action: string}} Data
 * @typedef {{column: number, falling: boolean}} Order  column: -1 class order, then scores, then support
 */

/** @type {WeakMap<Element, Order>} */
const orders = new WeakMap();

/**
 * @param {string} tag @param {Record<string, string>} attributes @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {Row} row @param {number} column */
function valueOf(row, column) {
  if (column < 0) return row.label;
  return column < row.scores.length ? row.scores[column] ?? -1 : row.support;
}

/** @param {Row[]} rows @param {Order} order @returns {Row[]} */
function sorted(rows, order) {
  const sign = order.falling ? -1 : 1;
  return [...rows].sort((a, b) => sign * (valueOf(a, order.column) - valueOf(b, order.column)) || a.label - b.label);
}

/** @param {number|null} score */
function scoreCell(score) {
  if (score === null) return element("td", { class: "score", title: "no images to measure it on" }, "–");
  const bar = element("i", { style: `width: ${(100 * score).toFixed(2)}%` });
  return element("td", { class: "score" }, score.toFixed(3), element("span", { class: "bar" }, bar));
}

/** @param {Row} row @param {string} action */
function bodyRow(row, action) {
  const [light, dark] = row.colour;
  const button = element("button", { type: "button", title: `${row.name}\n${action}` }, row.name);
  button.style.setProperty("--light", light);
  button.style.setProperty("--dark", dark);
  const cells = row.scores.map(scoreCell);
  const support = element("td", { class: "support" }, row.support.toLocaleString("en"));
  return element("tr", { "data-label": String(row.label) }, element("th", { scope: "row" }, button), ...cells, support);
}

/** @param {Data} data @param {Order} order @param {(column: number) => void} sort */
function headRow(data, order, sort) {
  const headings = [
    { name: "Class", help: "In the order of the data set" },
    ...data.scores,
    { name: "Support", help: "Test images of the class" },
  ];
  const cells = headings.map(({ name, help }, i) => {
    const column = i - 1;
    const chosen = column === order.column;
    const state = chosen ? (order.falling ? "descending" : "ascending") : "none";
    const button = element("button", { type: "button", title: `${help}. Click to sort.` }, name);
    button.onclick = () => sort(column);
    return element("th", { scope: "col", "aria-sort": state }, button);
  });
  return element("tr", {}, ...cells);
}

/** @param {{parentElement: HTMLElement, data: Data, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".classes"));
  const render = () => {
    const order = orders.get(root) ?? { column: -1, falling: false };
    const head = headRow(data, order, (column) => {
      orders.set(root, { column, falling: column === order.column && !order.falling });
      render();
      root.querySelectorAll("thead button")[column + 1]?.focus();
    });
    const rows = sorted(data.rows, order).map((row) => bodyRow(row, data.action));
    root.replaceChildren(
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)),
    );
  };
  root.onclick = (event) => {
    const row = event.target instanceof Element ? event.target.closest("tbody tr") : null;
    if (row instanceof HTMLElement) setTriggerValue("picked", Number(row.dataset.label));
  };
  render();
}
