/**
 * A matrix of many classes on a canvas that scrolls and zooms: names and totals stay in view, a class is found by its name, a
 * click on a cell, a name or a total reports it. By keyboard: arrows, + and -, Enter.
 *
 * @typedef {import("./matrix_drawing.js").Colours} Colours
 * @typedef {import("./matrix_drawing.js").Content} Content
 * @typedef {import("./matrix_layout.js").Place} Place
 * @typedef {{names: string[], order: number[], cells: {row: number[], column: number[], count: number[]}, normalised: boolean,
 *   totals: [number[], number[]] | null, chosen: [number | null, number | null], label: string, colours: Colours}} Data labels
 * @typedef {(name: "picked", choice: [number, number]) => void} Send
 */

import { button, element, write } from "../dom/element.js";
import { counted, percent, thousands } from "../data/numbers.js";
import { emptied } from "../dom/canvas.js";
import { difference, drawMatrix } from "./matrix_drawing.js";
import { LARGEST, MatrixLayout, READABLE } from "./matrix_layout.js";

const ZOOM = 1.4;
const NARROW = 480; // pixels: a phone
const STEPS = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] });

/** @param {Data} data @returns {[number[], number[]]} sums of rows and of columns, by label */
function totalsOf({ order, cells }) {
  const [rows, columns] = [new Array(order.length).fill(0), new Array(order.length).fill(0)];
  cells.count.forEach((count, i) => {
    rows[cells.row[i]] += count;
    columns[cells.column[i]] += count;
  });
  return [rows, columns];
}

/** @param {Data} data @returns {Content} */
function contentOf(data) {
  const { names, order, cells, normalised } = data;
  const place = new Int32Array(order.length);
  order.forEach((label, at) => (place[label] = at));
  const [rows, columns] = (data.totals ?? totalsOf(data)).map((total) => order.map((label) => total[label]));
  const isChange = data.totals !== null;
  const made = cells.count.map((count, i) => {
    const [row, column] = [place[cells.row[i]], place[cells.column[i]]];
    const better = isChange && row !== column ? -count : count;
    return { row, column, count, share: normalised ? better / rows[row] : better };
  });
  const counts = made.filter((cell) => isChange || cell.row !== cell.column);
  const most = counts.reduce((largest, { share }) => Math.max(largest, Math.abs(share)), 1e-9);
  for (const cell of made) cell.share = Math.max(-1, Math.min(1, cell.share / most));
  const all = rows.reduce((sum, n) => sum + n, 0);
  return { names: order.map((label) => names[label]), rows, columns, cells: made, all, isChange };
}

/** @param {Content} content @param {Place} place @returns {string} how many images are there */
function sentence(content, { row, column }) {
  const { names, rows, columns, cells, all } = content;
  if (content.isChange) return changeSentence(content, { row, column });
  if (row === null) return column === null ? `all ${counted(all, "image")}` : `${thousands(columns[column])} predicted ${names[column]}`;
  const of = `${thousands(rows[row])} true ${names[row]}`;
  if (column === null) return of;
  const count = cells.find((cell) => cell.row === row && cell.column === column)?.count ?? 0;
  const share = rows[row] ? ` (${percent(count / rows[row])})` : "";
  return `${thousands(count)} of ${of}${share}\npredicted ${names[column]}`;
}

/** @param {Content} content @param {Place} place @returns {string} how many answers changed */
function changeSentence({ names, rows, columns, cells, all }, { row, column }) {
  if (row === null && column === null) return `all ${counted(all, "image")} whose answer changed`;
  if (column === null) return `${thousands(rows[row ?? 0])} true ${names[row ?? 0]}\nwhose answer changed`;
  if (row === null) return `${counted(columns[column], "answer")} to or from ${names[column]}`;
  const count = cells.find((cell) => cell.row === row && cell.column === column)?.count ?? 0;
  return `true ${names[row]}, taken for ${names[column]}: ${difference(count)}`;
}

/** @param {string[]} names @param {string} wanted in small letters @returns {number} where its class is; -1: nowhere */
function placeOf(names, wanted) {
  const small = names.map((name) => name.toLowerCase());
  const tries = [small.indexOf(wanted), small.findIndex((name) => name.startsWith(wanted)), small.findIndex((name) => name.includes(wanted))];
  return tries.find((at) => at >= 0) ?? -1;
}

class Matrix {
  /** @type {Place | null} */
  looked = null;
  fits = false; // whether it was fitted to its room once
  send = /** @type {Send} */ (() => {});

  /** @param {HTMLElement} root @param {Data} data */
  constructor(root, data) {
    this.data = data;
    this.canvas = element("canvas");
    this.space = element("div", { class: "space" }, this.canvas);
    this.view = element("div", { class: "view", tabindex: 0, role: "application" }, this.space);
    this.tip = element("div", { class: "tip", hidden: true });
    this.said = element("p", { class: "said", "aria-live": "polite" });
    this.options = element("datalist", { id: "matrix-classes" });
    this.search = element("input", { type: "search", list: "matrix-classes", placeholder: "Find a class", "aria-label": "Find a class" });
    const tool = (/** @type {string} */ words, /** @type {string} */ title, /** @type {() => void} */ act) => {
      const made = button({ title, "aria-label": title }, words);
      made.onclick = act;
      return made;
    };
    const tools = [
      tool("−", "Zoom out", () => this.zoom(this.layout.cell / ZOOM)),
      tool("+", "Zoom in", () => this.zoom(this.layout.cell * ZOOM)),
      tool("All", "Show all of it", () => this.zoom(this.layout.fitting)),
      tool("Names", "Zoom to where each class has its name", () => this.zoom(READABLE)),
    ];
    root.replaceChildren(element("div", { class: "bar" }, this.search, this.options, ...tools), this.view, this.tip, this.said);
    this.layout = new MatrixLayout(data.names.length, { left: 120, top: 96, right: 44, bottom: 44 });
    this.content = contentOf(data);
    this.listen();
    new ResizeObserver(() => this.resized()).observe(this.view);
  }

  listen() {
    const { view } = this;
    view.onscroll = () => this.draw();
    view.onpointermove = (event) => event.pointerType !== "touch" && this.look(this.under(event), event);
    view.onpointerleave = () => this.look(null);
    view.onclick = (event) => this.pick(this.under(event));
    view.onkeydown = (event) => this.key(event);
    view.addEventListener("wheel", (event) => event.ctrlKey && this.wheel(event), { passive: false });
    this.search.onchange = () => this.find(this.search.value);
  }

  /** @param {Data} data @param {Send} send */
  update(data, send) {
    const reordered = data.order.some((label, i) => label !== this.data.order[i]);
    this.data = data;
    this.send = send;
    this.content = contentOf(data);
    this.view.setAttribute("aria-label", `${data.label}. Arrow keys walk, plus and minus zoom, Enter shows the images.`);
    if (reordered || !this.options.childElementCount) this.options.replaceChildren(...this.content.names.map((name) => element("option", { value: name })));
    this.draw();
  }

  resized() {
    const narrow = this.view.clientWidth < NARROW;
    this.layout.room = narrow ? { left: 78, top: 72, right: 38, bottom: 40 } : { left: 120, top: 96, right: 44, bottom: 44 };
    this.draw();
    if (this.fits || !this.view.clientWidth) return;
    this.fits = true;
    this.zoom(Math.max(READABLE, this.layout.fitting));
  }

  /** @param {number} cell pixels @param {number} [x] @param {number} [y] what stays where it is, in pixels of the view */
  zoom(cell, x = this.view.clientWidth / 2, y = this.view.clientHeight / 2) {
    const { layout, view } = this;
    const [across, down] = [(x - layout.room.left + view.scrollLeft) / layout.cell, (y - layout.room.top + view.scrollTop) / layout.cell];
    layout.cell = Math.min(LARGEST, Math.max(cell, Math.min(layout.fitting, READABLE)));
    this.layout.stretch(this.space);
    view.scrollTo(across * layout.cell - x + layout.room.left, down * layout.cell - y + layout.room.top);
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height, scrollLeft, scrollTop } = this.view;
    if (!width || !height) return;
    this.layout.view = { width, height, scrollLeft, scrollTop };
    this.layout.stretch(this.space);
    const { context, ratio } = emptied(this.canvas, width, height);
    if (!context) return;
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colours = { ...this.data.colours, font: getComputedStyle(this.view).fontFamily };
    drawMatrix(context, this.layout, this.content, colours, { looked: this.looked, chosen: this.chosen });
  }

  /** @returns {Place | null} */
  get chosen() {
    const [row, column] = this.data.chosen.map((label) => (label === null ? null : this.data.order.indexOf(label)));
    return row === null && column === null ? null : { row, column };
  }

  /** @param {MouseEvent} event @returns {Place | null} */
  under({ clientX, clientY }) {
    const { left, top } = this.view.getBoundingClientRect();
    return this.layout.at(clientX - left, clientY - top);
  }

  /** @param {Place | null} place @param {MouseEvent} [event] */
  look(place, event) {
    if (place?.row !== this.looked?.row || place?.column !== this.looked?.column || !place !== !this.looked) {
      this.looked = place;
      this.draw();
    }
    this.tip.hidden = !place || !event;
    if (!place || !event) return;
    write(this.tip, sentence(this.content, place));
    const { left, top, width } = this.view.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top + this.view.offsetTop];
    this.tip.style.transform = `translate(${x > width / 2 ? `calc(${x - 14}px - 100%)` : `${x + 14}px`}, ${y + 16}px)`;
  }

  /** @param {Place | null} place */
  pick(place) {
    if (!place) return;
    const label = (/** @type {number | null} */ at) => (at === null ? -1 : this.data.order[at]);
    this.send("picked", [label(place.row), label(place.column)]);
  }

  /** @param {string} text */
  find(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return;
    const at = placeOf(this.content.names, wanted);
    if (at < 0) return write(this.said, `No class has “${text.trim()}” in its name.`);
    if (this.layout.cell < READABLE) this.zoom(READABLE);
    this.walk({ row: at, column: at });
  }

  /** @param {Place & {row: number, column: number}} place that comes into view, and is looked at */
  walk({ row, column }) {
    const { layout, view } = this;
    const { cell } = layout;
    const inView = layout.x(column) >= layout.room.left && layout.x(column) + cell <= layout.rightRim && layout.y(row) >= layout.room.top && layout.y(row) + cell <= layout.bottomRim;
    if (!inView) view.scrollTo(column * cell - view.clientWidth / 2 + layout.room.left, row * cell - view.clientHeight / 2 + layout.room.top);
    this.looked = { row, column };
    write(this.said, sentence(this.content, this.looked));
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = STEPS[event.key];
    if (event.key === "Enter") this.pick(this.looked);
    else if (event.key === "+") this.zoom(this.layout.cell * ZOOM);
    else if (event.key === "-") this.zoom(this.layout.cell / ZOOM);
    else if (step) {
      const within = (/** @type {number} */ at) => Math.min(this.layout.k - 1, Math.max(0, at));
      this.walk({ row: within((this.looked?.row ?? 0) + step[0]), column: within((this.looked?.column ?? 0) + step[1]) });
    } else return;
    event.preventDefault();
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const { left, top } = this.view.getBoundingClientRect();
    this.zoom(this.layout.cell * 2 ** (-event.deltaY / 200), event.clientX - left, event.clientY - top);
  }
}

/** @type {WeakMap<Element, Matrix>} */
const matrices = new WeakMap();

/** @param {import("../session/mounting.js").Mount<Data>} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".matrix"));
  const matrix = matrices.get(root) ?? new Matrix(root, data);
  matrices.set(root, matrix);
  matrix.update(data, setTriggerValue);
}
