/**
 * Scrolls through any number of lines of one height, and keeps elements for those in sight only.
 *
 * Browsers lay out nothing taller than some 17 to 33 million pixels. A taller list is scaled: the scroll bar covers
 * all of it, the wheel still moves pixel by pixel, and the two are brought together when the scrolling rests.
 *
 * @typedef {{
 *   height: number, make: () => HTMLElement, fill: (line: HTMLElement, index: number) => void,
 *   resized: (width: number) => void, head?: HTMLElement, tallest?: number,
 * }} Lines height of a line in pixels; head stays on top; tallest: pixels, from here on the list is scaled
 */

import { element } from "../dom/element.js";

const TALLEST = 8_000_000; // pixels; up to here a browser places to half a pixel
const BEYOND = 120; // pixels made ready above and below
const REST = 140; // ms without scrolling

export class VirtualList {
  /** @param {HTMLElement} host @param {Lines} lines */
  constructor(host, lines) {
    this.lines = lines;
    this.count = 0;
    this.offset = 0; // pixels of the whole list above the sight
    this.scrolled = 0; // the scroller's position then
    this.view = 0; // pixels of lines in sight
    /** @type {Map<number, HTMLElement>} by index */
    this.used = new Map();
    /** @type {HTMLElement[]} */
    this.free = [];
    this.space = element("div", { class: "space", role: "rowgroup" });
    this.scroller = element("div", { class: "scroller" }, ...(lines.head ? [lines.head] : []), this.space);
    host.append(this.scroller);
    this.scroller.addEventListener("scroll", () => this.#scroll(), { passive: true });
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(this.scroller);
    this.rest = 0;
  }

  /** @param {number} count of other lines from now on @param {number} [top] index of the one to begin with */
  show(count, top = 0) {
    this.count = count;
    for (const [index, line] of this.used) this.#retire(index, line);
    this.#measure();
    this.space.style.height = `${this.#tall}px`;
    this.#scrollTo(top * this.lines.height);
  }

  /** @returns {number} pixels of the whole list */
  get #whole() {
    return this.count * this.lines.height;
  }

  /** @returns {number} pixels of it that the browser is told of */
  get #tall() {
    return Math.min(this.#whole, this.lines.tallest ?? TALLEST);
  }

  /** @returns {number} pixels of the whole list to a pixel of the scroll bar's */
  get #scale() {
    return this.#tall > this.view ? (this.#whole - this.view) / (this.#tall - this.view) : 1;
  }

  #measure() {
    const head = this.lines.head?.offsetHeight ?? 0;
    this.view = Math.max(this.scroller.clientHeight - head, 0);
  }

  #resize() {
    this.#measure();
    this.lines.resized(this.scroller.clientWidth);
    this.#draw();
  }

  #scroll() {
    const { scrollTop } = this.scroller;
    const step = scrollTop - this.scrolled;
    const jump = this.#scale === 1 || Math.abs(step) > 2 * this.view; // of the scroll bar
    this.offset = this.#within(jump ? scrollTop * this.#scale : this.offset + step);
    this.scrolled = scrollTop;
    this.#draw();
    clearTimeout(this.rest);
    if (this.#scale !== 1) this.rest = setTimeout(() => this.#scrollTo(this.offset), REST);
  }

  /** @param {number} offset pixels of the whole list */
  #scrollTo(offset) {
    this.offset = this.#within(offset);
    this.scroller.scrollTop = this.offset / this.#scale;
    this.scrolled = this.scroller.scrollTop;
    if (this.#scale === 1) this.offset = this.scrolled;
    this.#draw();
  }

  /** @param {number} offset @returns {number} */
  #within(offset) {
    return Math.min(Math.max(offset, 0), Math.max(this.#whole - this.view, 0));
  }

  /** Scrolls no further than it must. @param {number} index of a line */
  reveal(index) {
    const top = index * this.lines.height;
    const low = top + this.lines.height - this.view;
    if (top < this.offset) this.#scrollTo(top);
    else if (low > this.offset) this.#scrollTo(low);
  }

  /** @returns {number} whole lines in sight, at least one */
  get page() {
    return Math.max(Math.floor(this.view / this.lines.height), 1);
  }

  #draw() {
    const { height } = this.lines;
    const first = Math.max(Math.floor((this.offset - BEYOND) / height), 0);
    const end = Math.min(Math.ceil((this.offset + this.view + BEYOND) / height), this.count);
    for (const [index, line] of this.used) if (index < first || index >= end) this.#retire(index, line);
    for (let index = first; index < end; index++) {
      const line = this.used.get(index) ?? this.#employ(index);
      const top = this.scrolled + index * height - this.offset;
      line.style.transform = `translateY(${top}px)`;
    }
    for (const line of this.free) line.hidden = true;
  }

  /** @param {number} index @param {HTMLElement} line */
  #retire(index, line) {
    this.used.delete(index);
    this.free.push(line);
  }

  /** @param {number} index @returns {HTMLElement} the line, filled */
  #employ(index) {
    let line = this.free.pop();
    if (!line) this.space.append((line = this.lines.make()));
    line.hidden = false;
    this.used.set(index, line);
    this.lines.fill(line, index);
    return line;
  }

  /** Fills all lines in sight anew. */
  refresh() {
    for (const [index, line] of this.used) this.lines.fill(line, index);
  }

  /** Forgets all elements: lines are made in another way now. */
  clear() {
    this.space.replaceChildren();
    this.used.clear();
    this.free = [];
  }

  close() {
    clearTimeout(this.rest);
    this.observer.disconnect();
  }
}
