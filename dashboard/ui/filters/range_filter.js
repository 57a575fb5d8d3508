/**
 * Chooses a range of numbers or dates: two thumbs on a histogram, or two values typed.
 *
 * @typedef {import("../state/view_store.js").Bounds} Bounds
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 * @typedef {{low: number, high: number, step: number, bars: number[], any: boolean}} Domain low, high: of the histogram; step: of a thumb
 */

import { element } from "../dom/element.js";
import { signed } from "../data/numbers.js";
import { valueWords } from "../data/attributes.js";
import { histogramBars } from "../legend/legend_symbols.js";
import { marginOf, NO_MARGIN, stepTotals } from "../data/columns.js";
import { Dropdown } from "./dropdown.js";

const BARS = 40;
const STOPS = 200; // that a thumb has about
const DAY = 86_400_000; // milliseconds
const MINUTE = 60_000;

export class RangeFilter {
  /** @param {Pick<Attribute, "title" | "kind" | "paint">} attribute @param {(bounds: Bounds) => void} onChoose @param {AbortSignal} signal ends it */
  constructor({ title, kind, paint }, onChoose, signal) {
    this.onChoose = onChoose;
    this.kind = kind;
    this.words = paint === "margin" ? signed : (/** @type {number} */ value) => valueWords(kind, value);
    this.domain = { low: -1, high: 1, step: 0.01 };
    this.unit = 0; // milliseconds that a typed date stands for
    /** @type {unknown} what the bars were counted for */
    this.counted = null;
    /** @type {Bounds} */
    this.bounds = [null, null];
    this.bars = element("div", { class: "range-bars", "aria-hidden": "true" });
    const inputs = (/** @type {string} */ type, /** @type {string} */ more) =>
      ["Lowest", "Highest"].map((end) => element("input", { type, step: "any", "aria-label": `${end} ${title.charAt(0).toLowerCase()}${title.slice(1)}${more}` }));
    this.thumbs = inputs("range", "");
    this.numbers = inputs(kind === "date" ? "date" : "number", kind === "date" ? ", as a date" : ", as a number");
    const [low, high] = this.numbers;
    const typed = element("div", { class: "range-numbers" }, low, element("span", {}, "to"), high);
    const content = [this.bars, element("div", { class: "range-thumbs" }, ...this.thumbs), typed];
    this.dropdown = new Dropdown(title, content, signal, paint);
    this.element = this.dropdown.element;
    this.thumbs.forEach((thumb, end) => thumb.addEventListener("input", () => this.slide(end)));
    this.numbers.forEach((field, end) => field.addEventListener("change", () => this.type(end)));
  }

  /** A thumb was moved; at its end the range is open, and neither passes the other. @param {number} end 0: low, 1: high */
  slide(end) {
    const { low, high, step } = this.domain;
    const other = Number(this.thumbs[1 - end].value);
    const value = end ? Math.max(Number(this.thumbs[1].value), other) : Math.min(Number(this.thumbs[0].value), other);
    const open = end ? value > high - step / 2 : value < low + step / 2;
    this.choose(end, open ? null : this.whole(end, Number(value.toFixed(6))));
  }

  /** A number was typed; nothing leaves the range open. @param {number} end */
  type(end) {
    const { value, valueAsNumber } = this.numbers[end];
    this.choose(end, value === "" || Number.isNaN(valueAsNumber) ? null : this.whole(end, valueAsNumber));
  }

  /** A day ends with its last moment. @param {number} end @param {number} value @returns {number} */
  whole(end, value) {
    return end && this.unit ? Math.floor(value / this.unit) * this.unit + this.unit - 1 : value;
  }

  /** @param {number} end @param {number | null} value */
  choose(end, value) {
    const [low, high] = this.bounds;
    this.onChoose(end ? [low, value] : [value, high]);
  }

  /** @param {Pick<Attribute, "values" | "range" | "exact">} attribute that is there: its numbers may be others from now on */
  take({ values, range, exact }) {
    if (this.counted === values) return;
    this.counted = values;
    const fine = range[1] - range[0] < 3 * DAY;
    if (this.kind === "date") this.unit = fine ? MINUTE : DAY;
    for (const field of this.kind === "date" ? this.numbers : []) field.type = fine ? "datetime-local" : "date";
    const grain = this.unit || (exact?.every((value) => Number.isNaN(value) || Number.isInteger(value)) ? 1 : 0);
    const domain = countBars(/** @type {Uint16Array} */ (values), range, grain);
    this.domain = domain;
    this.bars.replaceChildren(...histogramBars(domain.bars));
    this.dropdown.opener.disabled = !domain.any;
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
      thumb.setAttribute("aria-valuetext", bounds[end] === null ? "open" : this.said(shown[end]));
      this.numbers[end].value = bounds[end] === null ? "" : this.typed(shown[end]);
      this.numbers[end].placeholder = this.said(end ? high : low);
    }
    const width = (high - low) / BARS;
    [...this.bars.children].forEach((bar, i) => {
      const middle = low + (i + 0.5) * width;
      bar.classList.toggle("out", middle < shown[0] || middle > shown[1]);
    });
    this.dropdown.say(this.wordsOf(bounds), bounds[0] !== null || bounds[1] !== null);
  }

  /** @param {number} value @returns {string} the day, and not its last moment */
  said(value) {
    return this.words(this.unit ? Math.floor(value / this.unit) * this.unit : value);
  }

  /** @param {number} value @returns {string} as its field has it */
  typed(value) {
    if (this.kind !== "date") return String(value);
    const moment = new Date(value);
    return Number.isNaN(moment.getTime()) ? "" : moment.toISOString().slice(0, this.unit === DAY ? 10 : 16);
  }

  /** @param {Bounds} bounds @returns {string} */
  wordsOf([low, high]) {
    if (low === null) return high === null ? "All" : `≤ ${this.said(high)}`;
    return high === null ? `≥ ${this.said(low)}` : `${this.said(low)} to ${this.said(high)}`;
  }
}

/**
 * @param {Uint16Array} values steps @param {import("../data/columns.js").Range} range what they stand for
 * @param {number} grain no thumb goes by less @returns {Domain}
 */
function countBars(values, range, grain) {
  const totals = stepTotals(values).subarray(0, NO_MARGIN);
  const [first, last] = [totals.findIndex(Boolean), totals.findLastIndex(Boolean)];
  const bars = new Array(BARS).fill(0);
  if (last < 0) return { low: -1, high: 1, step: 0.01, bars, any: false };
  const { low, high, step } = grained(marginOf(first, range), marginOf(last, range), grain);
  for (let known = first; known <= last; known++) {
    const place = (marginOf(known, range) - low) / (high - low);
    bars[Math.min(Math.max(Math.floor(place * BARS), 0), BARS - 1)] += totals[known];
  }
  return { low, high, step, bars, any: true };
}

/** @param {number} low @param {number} high @param {number} grain @returns {{low: number, high: number, step: number}} */
function grained(low, high, grain) {
  const scale = grain || 1;
  const found = roundedOut(low / scale, high / scale);
  const step = Math.max(found.step, grain ? 1 : 0);
  const ends = step === found.step ? found : { low: Math.floor(low / scale), high: Math.max(Math.ceil(high / scale), Math.floor(low / scale) + 1) };
  return { low: ends.low * scale, high: ends.high * scale, step: step * scale };
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
