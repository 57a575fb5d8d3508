/**
 * Shows numbers of every class as a table that sorts by a click on a heading; a click on a class reports it.
 *
 * @typedef {{label: number, name: string, colour: string, scores: (number|null)[], notes: string[],
 *   support: number}} Row
 * @typedef {{name: string, help: string, signed: boolean}} Heading  signed: a difference, in points of per cent
 * @typedef {{rows: Row[], scores: Heading[], action: string, locates: boolean, order: Order}} Data  locates: whether a class can be
 *   shown on the map
 * @typedef {{column: number, falling: boolean}} Order  column: -1 class order, then scores, then support
 */

import { button, closest, element, find, icon } from "../dom/element.js";
import { Echo } from "../session/echo.js";
import { DASH, points, score, thousands } from "../data/numbers.js";

const DOTS = "M2 11a2 2 0 1 0 4 0 2 2 0 1 0-4 0ZM6 4.5a2 2 0 1 0 4 0 2 2 0 1 0-4 0ZM10 10a2 2 0 1 0 4 0 2 2 0 1 0-4 0Z";

/** @type {WeakMap<Element, Echo<string>>} of each table its order as JSON */
const orders = new WeakMap();

/** @param {Row} row @param {number} column @returns {number | null} */
function valueOf(row, column) {
  if (column < 0) return row.label;
  return column < row.scores.length ? row.scores[column] : row.support;
}

/** @param {Row[]} rows @param {Order} order @returns {Row[]} what has no value is last, either way */
function sorted(rows, { column, falling }) {
  const place = (/** @type {Row} */ row) => {
    const value = valueOf(row, column);
    return value === null ? Infinity : falling ? -value : value;
  };
  return [...rows].sort((a, b) => (place(a) === place(b) ? a.label - b.label : place(a) - place(b)));
}

/** @param {number|null} value @param {boolean} signed @param {string} note @param {number} most */
function scoreCell(value, signed, note, most) {
  if (value === null) return element("td", { class: "score", title: "no images to measure it on" }, DASH);
  const bar = element("i", { style: signed ? signedStyle(value / most) : `width: ${100 * value}%` });
  const text = signed ? points(value) : score(value);
  const track = element("span", { class: signed ? "bar signed" : "bar" }, bar);
  return element("td", { class: "score", title: note || null }, text, track);
}

/** @param {number} share Of the largest difference: a bar that starts in the middle. */
function signedStyle(share) {
  const width = 50 * Math.abs(share);
  const side = share < 0 ? "right" : "left";
  const colour = share < 0 ? "light-dark(#b8330f, #ff8a5c)" : "light-dark(#0067a6, #56b4e9)";
  return `width: ${width}%; margin-${side}: 50%; float: ${side}; background: ${colour}`;
}

/** @param {Data} data @param {number} column */
function largest(data, column) {
  return Math.max(...data.rows.map((row) => Math.abs(row.scores[column] ?? 0))) || 1;
}

/** @param {Row} row @param {Data} data */
function bodyRow(row, data) {
  const chooser = button({ title: `${row.name}\n${data.action}`, style: `--mark: ${row.colour}` }, row.name);
  const cells = row.scores.map((score, i) => scoreCell(score, data.scores[i].signed, row.notes[i], largest(data, i)));
  const support = element("td", { class: "support" }, thousands(row.support));
  const name = element("span", { class: "name" }, chooser, ...(data.locates ? [locator(row)] : []));
  return element("tr", { "data-label": row.label }, element("th", { scope: "row" }, name), ...cells, support);
}

/** @param {Row} row */
function locator({ name }) {
  const title = `Show ${name} on the map`;
  return button({ class: "locate", title, "aria-label": title }, icon(DOTS));
}

/** @param {Data} data @param {Order} order @param {(column: number) => void} sort */
function headRow(data, order, sort) {
  const headings = [
    { name: "Class", help: "In the order of the data set" },
    ...data.scores,
    { name: "Images", help: "Images of the class that were judged" },
  ];
  const cells = headings.map(({ name, help }, i) => {
    const column = i - 1;
    const chosen = column === order.column;
    const state = chosen ? (order.falling ? "descending" : "ascending") : "none";
    const sorter = button({ title: `${help}. Click to sort.` }, name);
    sorter.onclick = () => sort(column);
    return element("th", { scope: "col", "aria-sort": state }, sorter);
  });
  return element("tr", {}, ...cells);
}

/** @param {import("../session/mounting.js").Mount<Data>} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = find(parentElement, ".classes");
  const chosen = orders.get(root) ?? new Echo(JSON.stringify(data.order));
  orders.set(root, chosen);
  chosen.hear(JSON.stringify(data.order));
  const render = () => {
    /** @type {Order} */
    const order = JSON.parse(chosen.value);
    const head = headRow(data, order, (column) => {
      const next = { column, falling: column === order.column && !order.falling };
      chosen.choose(JSON.stringify(next));
      setTriggerValue("ranked", next);
      render();
      root.querySelectorAll("button")[column + 1]?.focus(); // those of the headings come first
    });
    const rows = sorted(data.rows, order).map((row) => bodyRow(row, data));
    root.replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
  };
  root.onclick = (event) => {
    const row = closest(event, "tbody tr");
    if (row) setTriggerValue(closest(event, ".locate") ? "located" : "picked", Number(row.dataset.label));
  };
  render();
}
