/**
 * What a gallery and a table of images share: the order of the images, the one the keyboard is at, and what keys and
 * pointers do. A variant says how a line of them looks.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "looking">} Needs
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {{
 *   label: string, height: number, head?: HTMLElement, columns: number | null, perLine: (width: number) => number,
 *   make: (perLine: number) => HTMLElement, items: (line: HTMLElement) => HTMLElement[],
 *   write: (item: HTMLElement, facts: Facts) => void, paint: (line: HTMLElement, rows: Uint32Array) => boolean,
 * }} Variant
 *   height: pixels of a line; columns: cells of a line, where they are not images; items: the elements of a line's images,
 *   each with an id of its own; write: what is known of one; paint: draws thumbnails, and tells whether all have come
 */

import { button, closest, icon } from "../dom/element.js";
import { VirtualList } from "./virtual_list.js";

const TARGET = "M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z";

export class RowList {
  /** @param {HTMLElement} host @param {Needs} map @param {Variant} variant */
  constructor(host, map, variant) {
    this.map = map;
    this.variant = variant;
    /** @type {Uint32Array} */
    this.rows = new Uint32Array();
    this.active = -1; // which one of the rows the keyboard is at
    this.perLine = 1;
    /** @type {Set<HTMLElement>} lines whose thumbnails are still to come */
    this.waiting = new Set();
    this.list = new VirtualList(host, {
      height: variant.height,
      head: variant.head,
      make: () => variant.make(this.perLine),
      fill: (line, index) => this.#fill(line, index),
      resized: (width) => this.resized(width),
    });
    this.locate = button({ class: "locate", tabindex: "-1", title: "Show on the map (M)" }, icon(TARGET));
    this.locate.hidden = true;
    this.#listen(this.list.scroller);
  }

  /** @param {HTMLElement} scroller */
  #listen(scroller) {
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "grid");
    scroller.setAttribute("aria-label", `${this.variant.label}. Arrow keys move, Enter pins, M shows on the map.`);
    scroller.addEventListener("keydown", (event) => this.#key(event));
    scroller.addEventListener("focusout", () => this.#leave());
    scroller.addEventListener("pointerover", (event) => this.#hover(event));
    scroller.addEventListener("pointerleave", () => this.#leave());
    scroller.addEventListener("click", (event) => this.#click(event));
  }

  /** @param {Uint32Array} rows in order; the list begins with the first of them */
  show(rows) {
    this.rows = rows;
    this.active = -1;
    this.#arrange(0);
  }

  /** @param {number} top which one of the rows to begin with */
  #arrange(top) {
    const { scroller } = this.list;
    const perLine = this.variant.perLine(scroller.clientWidth);
    if (perLine !== this.perLine) this.list.clear(); // its lines were made for as many as there were
    this.perLine = perLine;
    const lines = Math.ceil(this.rows.length / this.perLine);
    scroller.setAttribute("aria-rowcount", String(lines + (this.variant.head ? 1 : 0)));
    scroller.setAttribute("aria-colcount", String(this.variant.columns ?? this.perLine));
    this.waiting.clear();
    this.list.show(lines, Math.floor(top / this.perLine));
  }

  /** @param {number} width */
  resized(width) {
    if (this.variant.perLine(width) === this.perLine) return this.list.refresh();
    this.#arrange(Math.ceil(this.list.offset / this.variant.height) * this.perLine);
  }

  /** @param {HTMLElement} line @param {number} index */
  #fill(line, index) {
    const rows = this.#rowsAt(index);
    line.role = "row";
    line.ariaRowIndex = String(index + (this.variant.head ? 2 : 1));
    this.variant.items(line).forEach((item, i) => {
      item.hidden = i >= rows.length;
      if (!item.hidden) this.#write(item, index * this.perLine + i);
    });
    this.#follow(line);
    this.#paint(line, rows);
  }

  /** @param {HTMLElement} element @param {number} item which one of the rows */
  #write(element, item) {
    const row = this.rows[item];
    Object.assign(element.dataset, { item, row, active: item === this.active });
    element.ariaSelected = String(this.map.view.value.pinned.includes(row));
    this.variant.write(element, this.map.rows.facts(row));
  }

  /** @param {number} index of a line @returns {Uint32Array} */
  #rowsAt(index) {
    return this.rows.subarray(index * this.perLine, (index + 1) * this.perLine);
  }

  /** @param {HTMLElement} line @param {Uint32Array} rows */
  #paint(line, rows) {
    if (this.variant.paint(line, rows)) this.waiting.delete(line);
    else this.waiting.add(line);
  }

  /** Thumbnails have come. */
  repaint() {
    for (const [index, line] of this.list.used) if (this.waiting.has(line)) this.#paint(line, this.#rowsAt(index));
  }

  /** Names, colours or pins have changed. */
  refresh() {
    this.list.refresh();
  }

  /** Moves the keyboard to one of the rows, and looks at it. @param {number} item */
  #activate(item) {
    if (!this.rows.length) return;
    this.active = Math.min(Math.max(item, 0), this.rows.length - 1);
    this.list.reveal(Math.floor(this.active / this.perLine));
    this.refresh();
    this.map.looking.look(this.rows[this.active]);
  }

  /** Tells assistive technology where the keyboard is. @param {HTMLElement} line that was filled */
  #follow(line) {
    const { scroller } = this.list;
    const before = scroller.getAttribute("aria-activedescendant");
    const active = line.dataset.active === "true" ? line : line.querySelector('[data-active="true"]');
    if (active) scroller.setAttribute("aria-activedescendant", active.id);
    else if (before && (line.id === before || line.querySelector(`#${before}`))) scroller.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.list.scroller) return;
    const step = this.#steps()[event.key];
    const row = this.rows[this.active];
    if (step !== undefined) this.#activate(this.active < 0 ? 0 : this.active + step);
    else if (event.key === "Home") this.#activate(0);
    else if (event.key === "End") this.#activate(this.rows.length - 1);
    else if (row === undefined) return;
    else if (event.key === "Enter" || event.key === " ") this.#pin(row);
    else if (event.key === "m" || event.key === "M") this.map.looking.show(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @returns {Record<string, number>} how many rows each key goes on */
  #steps() {
    const page = this.list.page * this.perLine;
    const steps = { ArrowUp: -this.perLine, ArrowDown: this.perLine, PageUp: -page, PageDown: page };
    return this.variant.columns === null ? { ...steps, ArrowLeft: -1, ArrowRight: 1 } : steps;
  }

  /** @param {HTMLElement} item @returns {number} */
  #rowOf(item) {
    return this.rows[Number(item.dataset.item)];
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.pointerType === "touch") return;
    const item = closest(event, "[data-item]");
    if (!item) return this.#leave();
    this.map.looking.look(this.#rowOf(item));
    if (!item.contains(this.locate)) item.append(this.locate);
    this.locate.hidden = false;
  }

  #leave() {
    this.locate.hidden = true;
    this.map.looking.look(-1);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const item = closest(event, "[data-item]");
    if (!item) return;
    const row = this.#rowOf(item);
    if (event.composedPath().includes(this.locate)) this.map.looking.show(row);
    else this.#pin(row);
  }

  /** Pins a row, or takes the pin away; the list stays, so that the next click meets what it aims at. @param {number} row */
  #pin(row) {
    this.map.looking.pin(row, { tab: "selection" });
  }

  close() {
    this.list.close();
    this.list.scroller.remove();
  }
}
