/**
 * Chooses a range of margins: two thumbs on a histogram, or two numbers.
 *
 * @typedef {[number | null, number | null]} Bounds null: open
 */

import { button, element, write } from "../dom/element.js";
import { whenLeft } from "../dom/when_left.js";
import { signed } from "../data/numbers.js";
import { histogramBars } from "../legend/legend_symbols.js";
import { marginOf, NO_MARGIN, stepTotals } from "../data/columns.js";

const BARS = 40;
const STOPS = 200; // that a thumb has about

export class MarginFilter {
  /** @param {(bounds: Bounds) => void} onChoose @param {AbortSignal} signal ends it */
  constructor(onChoose, signal) {
    this.onChoose = onChoose;
    this.domain = { low: -1, high: 1, step: 0.01 };
    /** @type {Bounds} */
    this.bounds = [null, null];
    this.bars = element("div", { class: "margin-bars", "aria-hidden": "true" });
    const inputs = (/** @type {string} */ type, /** @type {string[]} */ titles) =>
      titles.map((title) => element("input", { type, step: "any", "aria-label": title }));
    this.thumbs = inputs("range", ["Lowest margin", "Highest margin"]);
    this.numbers = inputs("number", ["Lowest margin, as a number", "Highest margin, as a number"]);
    this.summary = element("span", { class: "margin-summary" });
    this.opener = button({ class: "margin-open", "aria-expanded": false }, this.summary);
    const [low, high] = this.numbers;
    const typed = element("div", { class: "margin-numbers" }, low, element("span", {}, "to"), high);
    this.body = element("div", { class: "margin-body" }, this.bars, element("div", { class: "margin-thumbs" }, ...this.thumbs), typed);
    const title = element("span", { class: "filter-title" }, "Margin");
    this.element = element("div", { class: "filter margin", role: "group", "aria-label": "Margin" }, title, this.opener, this.body);
    this.body.hidden = true;
    this.listen();
    whenLeft(this.element, signal, () => this.open(false));
  }

  listen() {
    this.opener.addEventListener("click", () => this.open(Boolean(this.body.hidden)));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.body.hidden) return;
      event.stopPropagation();
      this.open(false);
      this.opener.focus();
    });
    this.thumbs.forEach((thumb, end) => thumb.addEventListener("input", () => this.slide(end)));
    this.numbers.forEach((field, end) => field.addEventListener("change", () => this.type(end)));
  }

  /** @param {boolean} open */
  open(open) {
    this.body.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
  }

  /** A thumb was moved; at its end the range is open, and neither passes the other. @param {number} end 0: low, 1: high */
  slide(end) {
    const { low, high, step } = this.domain;
    const other = Number(this.thumbs[1 - end].value);
    const value = end ? Math.max(Number(this.thumbs[1].value), other) : Math.min(Number(this.thumbs[0].value), other);
    const open = end ? value > high - step / 2 : value < low + step / 2;
    this.choose(end, open ? null : Number(value.toFixed(6)));
  }

  /** A number was typed; nothing leaves the range open. @param {number} end */
  type(end) {
    const { value, valueAsNumber } = this.numbers[end];
    this.choose(end, value === "" || Number.isNaN(valueAsNumber) ? null : valueAsNumber);
  }

  /** @param {number} end @param {number | null} value */
  choose(end, value) {
    const [low, high] = this.bounds;
    this.onChoose(end ? [low, value] : [value, high]);
  }

  /** @param {import("../data/source.js").Columns} columns other ones from now on */
  take(columns) {
    const counts = countBars(columns);
    this.domain = counts;
    this.bars.replaceChildren(...histogramBars(counts.bars));
    this.opener.disabled = !counts.any;
    this.show(this.bounds);
  }

  /** @param {Bounds} bounds */
  show(bounds) {
    this.bounds = bounds;
    const { low, high, step } = this.domain;
    const shown = [bounds[0] ?? low, bounds[1] ?? high];
    for (const [end, thumb] of this.thumbs.entries()) {
      Object.assign(thumb, { min: String(Math.min(low, shown[0])), max: String(Math.max(high, shown[1])), step: String(step) });
      thumb.value = String(shown[end]);
      thumb.setAttribute("aria-valuetext", bounds[end] === null ? "open" : signed(shown[end]));
      this.numbers[end].value = bounds[end] === null ? "" : String(bounds[end]);
      this.numbers[end].placeholder = signed(end ? high : low);
    }
    const width = (high - low) / BARS;
    [...this.bars.children].forEach((bar, i) => {
      const middle = low + (i + 0.5) * width;
      bar.classList.toggle("out", middle < shown[0] || middle > shown[1]);
    });
    this.element.dataset.active = String(bounds[0] !== null || bounds[1] !== null);
    write(this.summary, wordsOf(bounds));
  }
}

/** @param {Bounds} bounds @returns {string} */
function wordsOf([low, high]) {
  if (low === null && high === null) return "All";
  if (high === null) return `≥ ${signed(/** @type {number} */ (low))}`;
  return low === null ? `≤ ${signed(high)}` : `${signed(low)} to ${signed(high)}`;
}

/** @param {import("../data/source.js").Columns} columns @returns {{low: number, high: number, step: number, bars: number[], any: boolean}} */
function countBars({ margin, range }) {
  const totals = stepTotals(margin).subarray(0, NO_MARGIN);
  const [first, last] = [totals.findIndex(Boolean), totals.findLastIndex(Boolean)];
  const bars = new Array(BARS).fill(0);
  if (last < 0) return { low: -1, high: 1, step: 0.01, bars, any: false };
  const { low, high, step } = roundedOut(marginOf(first, range), marginOf(last, range));
  for (let known = first; known <= last; known++) {
    const place = (marginOf(known, range) - low) / (high - low);
    bars[Math.min(Math.max(Math.floor(place * BARS), 0), BARS - 1)] += totals[known];
  }
  return { low, high, step, bars, any: true };
}

/** @param {number} low @param {number} high @returns {{low: number, high: number, step: number}} to whole steps of 1, 2 or 5 */
export function roundedOut(low, high) {
  const rough = Math.max(high - low, 1e-6) / STOPS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (rough / power >= 5 ? 10 : rough / power >= 2 ? 5 : rough / power >= 1 ? 2 : 1);
  const digits = Math.max(Math.ceil(-Math.log10(step)), 0);
  const round = (/** @type {number} */ value) => Number(value.toFixed(digits));
  return { low: round(Math.floor(low / step) * step), high: round(Math.max(Math.ceil(high / step), Math.floor(low / step) + 1) * step), step };
}
