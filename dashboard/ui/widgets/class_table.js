/**
 * Shows numbers of every class as a table that sorts by a click on a heading; a click on a class reports it.
 *
 * @typedef {{label: number, name: string, colour: [string, string], scores: (number|null)[], notes: string[],
 *   support: number}} Row
 * @typedef {{name: string, help: string, signed: boolean}} Heading  signed: a difference, in points of per cent
 * @typedef {{rows: Row[], scores: Heading[], action: string, locates: boolean}} Data  locates: whether a class can be shown on the map
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
  return column < row.scores.length ? row.scores[column] ?? -2 : row.support;
}

/** @param {Row[]} rows @param {Order} order @returns {Row[]} */
function sorted(rows, order) {
  const sign = order.falling ? -1 : 1;
  return [...rows].sort((a, b) => sign * (valueOf(a, order.column) - valueOf(b, order.column)) || a.label - b.label);
}

/** @param {number|null} score @param {boolean} signed @param {string} note @param {number} most */
function scoreCell(score, signed, note, most) {
  if (score === null) return element("td", { class: "score", title: "no images to measure it on" }, "–");
  const bar = element("i", { style: signed ? signedStyle(score / most) : `width: ${(100 * score).toFixed(2)}%` });
  const text = signed ? points(score) : score.toFixed(3);
  const track = element("span", { class: signed ? "bar signed" : "bar" }, bar);
  return element("td", { class: "score", ...(note && { title: note }) }, text, track);
}

/** @param {number} share A difference, written in points of per cent. */
function points(share) {
  const text = (100 * share).toFixed(1);
  return Number(text) === 0 ? "0" : `${share > 0 ? "+" : ""}${text}`.replace("-", "\u2212");
}

/** @param {number} share Of the largest difference: a bar that starts in the middle. */
function signedStyle(share) {
  const width = 50 * Math.abs(share);
  const side = share < 0 ? "right" : "left";
  const colour = share < 0 ? "light-dark(#b8330f, #ff8a5c)" : "light-dark(#0067a6, #56b4e9)";
  return `width: ${width.toFixed(2)}%; margin-${side}: 50%; float: ${side}; background: ${colour}`;
}

/** @param {Data} data @param {number} column */
function largest(data, column) {
  return Math.max(...data.rows.map((row) => Math.abs(row.scores[column] ?? 0))) || 1;
}

/** @param {Row} row @param {Data} data */
function bodyRow(row, data) {
  const [light, dark] = row.colour;
  const button = element("button", { type: "button", title: `${row.name}\n${data.action}` }, row.name);
  button.style.setProperty("--light", light);
  button.style.setProperty("--dark", dark);
  const cells = row.scores.map((score, i) => scoreCell(score, data.scores[i].signed, row.notes[i], largest(data, i)));
  const support = element("td", { class: "support" }, row.support.toLocaleString("en"));
  const name = element("span", { class: "name" }, button, ...(data.locates ? [locator(row)] : []));
  return element("tr", { "data-label": String(row.label) }, element("th", { scope: "row" }, name), ...cells, support);
}

/** @param {Row} row */
function locator({ name }) {
  const title = `Show ${name} on the map`;
  const made = element("button", { type: "button", class: "locate", title, "aria-label": title });
  made.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="4" cy="11" r="2"/><circle cx="8" cy="4.5" r="2"/><circle cx="12" cy="10" r="2"/></svg>';
  return made;
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
    const rows = sorted(data.rows, order).map((row) => bodyRow(row, data));
    root.replaceChildren(
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)),
    );
  };
  root.onclick = (event) => {
    const row = event.target instanceof Element ? event.target.closest("tbody tr") : null;
    if (!(row instanceof HTMLElement)) return;
    const wanted = event.target.closest(".locate") ? "located" : "picked";
    setTriggerValue(wanted, Number(row.dataset.label));
  };
  render();
}
