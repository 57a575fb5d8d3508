/**
 * Numbers as colours: from a column's steps to levels of a palette, and the histogram that the legend shows.
 *
 * @typedef {import("../data/columns.js").Range} Range
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 * @typedef {{kind: "diverging" | "sequential", title: string, stops: string[], low: number, high: number, limit: number,
 *   ends: [string, string], without: number, none: string, bars: number[]}} Scale low and high: what the ends stand for; limit: the high
 *   one; ends: in words
 * @typedef {(value: number) => number} Share where a value of a column lies on its scale, 0..1; NaN where it is no number
 */

import { levelOf, NO_LEVEL } from "./colours.js";
import { valueWords } from "../data/attributes.js";
import { marginOf, NO_MARGIN } from "../data/columns.js";
import { signed } from "../data/numbers.js";

const BARS = 41; // of a histogram; odd, so that 0 is in the middle of one
const WITHIN = 0.95; // of all margins lie inside the scale: few far ones must not pale the rest

/**
 * @param {Uint32Array} totals rows at each step of the margin
 * @param {Range} range
 * @returns {number} the margin at the end of the scale
 */
export function marginLimit(totals, range) {
  let known = 0;
  for (let step = 0; step < NO_MARGIN; step++) known += totals[step];
  if (!known) return 1;
  let beyond = known - 1 - Math.floor((known - 1) * WITHIN); // so many are farther out than the one that we look for
  let [low, high] = [0, NO_MARGIN - 1];
  for (;;) {
    const outer = Math.abs(marginOf(low, range)) > Math.abs(marginOf(high, range)) ? low++ : high--;
    beyond -= totals[outer];
    if (beyond < 0) return Math.abs(marginOf(outer, range)) || 1;
  }
}

/** @param {number} limit @returns {Pick<Scale, "kind" | "low" | "high" | "ends">} */
export function marginEnds(limit) {
  return { kind: "diverging", low: -limit, high: limit, ends: [`≤ ${signed(-limit)}`, `≥ ${signed(limit)}`] };
}

/** @param {number} limit @param {Range} range @returns {Share} margin 0 is in the middle */
export function marginShare(limit, range) {
  return (step) => (Math.min(Math.max(marginOf(step, range) / limit, -1), 1) + 1) / 2;
}

/** @param {Attribute} attribute of numbers @returns {[string, string]} what the ends of its scale mean */
export function endsOf({ kind, range: [low, high], words, cut }) {
  const said = (/** @type {number} */ end) => (words ? String(Number(end.toPrecision(3))) : valueWords(kind, end));
  const ends = /** @type {const} */ ([`${cut[0] ? "≤ " : ""}${said(low)}`, `${cut[1] ? "≥ " : ""}${said(high)}`]);
  return words ? [`${words[0]}, ${ends[0]}`, `${words[1]}, ${ends[1]}`] : [...ends];
}

/** @param {number} top the value at the high end @returns {Share} */
export function extraShare(top) {
  return (value) => Math.min(value, top) / top;
}

/** @param {Uint8Array | Uint16Array} values @returns {number} the value that means none: the highest of its type */
export function noValue(values) {
  return values instanceof Uint8Array ? 255 : 65535;
}

/** @param {number} none the value that means none @param {Share} share @returns {Uint16Array} the palette's level for each value */
export function levelsOf(none, share) {
  const levels = new Uint16Array(none + 1).fill(NO_LEVEL);
  for (let value = 0; value < none; value++) levels[value] = levelOf(share(value));
  return levels;
}

/**
 * @param {Uint32Array} counts rows with each value that the filters leave; the last value means none
 * @param {Share} share
 * @param {number} most bars
 * @returns {number[]} how many rows each bar of the histogram stands for
 */
export function barsOf(counts, share, most = BARS) {
  const bars = new Array(Math.min(most, BARS)).fill(0);
  for (let value = 0; value < counts.length - 1; value++) {
    if (counts[value]) bars[Math.round(share(value) * (bars.length - 1))] += counts[value];
  }
  return bars;
}
