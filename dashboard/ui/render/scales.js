/**
 * Numbers as colours: from a column's steps to levels of a palette, and the histogram that the legend shows.
 *
 * @typedef {import("../data/columns.js").Range} Range
 * @typedef {{name: string, title: string, values: Uint8Array | Uint16Array, top: number, range: Range, stops: string[],
 *   words: [string, string], above?: number | null}} Extra a column of numbers; the highest value its type holds means none;
 *   top: the value at the high end of the range, 0 is at the low one; words: what the ends mean; above: from which value
 *   on a row is drawn above the others
 * @typedef {{kind: "diverging" | "sequential", title: string, stops: string[], low: number, high: number, limit: number,
 *   words?: [string, string], without: number, none: string, bars: number[]}} Scale low and high: what the ends stand for; limit: the high one
 */

import { LEVELS, marginLevel, NO_LEVEL } from "./colours.js";
import { marginOf, NO_MARGIN } from "../data/columns.js";

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

/** @param {number} limit @param {Range} range @returns {Uint16Array} the palette's level for each step of the margin */
export function marginLevels(limit, range) {
  const levels = new Uint16Array(NO_MARGIN + 1);
  for (let step = 0; step <= NO_MARGIN; step++) levels[step] = marginLevel(marginOf(step, range), limit);
  return levels;
}

/**
 * @param {Uint32Array} counts rows at each step that the filters leave
 * @param {Range} range
 * @param {number} limit
 * @returns {number[]} how many rows each bar of the histogram stands for, from -limit to limit
 */
export function marginBars(counts, range, limit) {
  const bars = new Array(BARS).fill(0);
  for (let step = 0; step < NO_MARGIN; step++) {
    if (!counts[step]) continue;
    const share = Math.min(Math.max(marginOf(step, range) / limit, -1), 1);
    bars[Math.round(((share + 1) / 2) * (BARS - 1))] += counts[step];
  }
  return bars;
}

/** @param {Extra} extra @returns {number} the value that means none */
export function noValue({ values }) {
  return values instanceof Uint8Array ? 255 : 65535;
}

/** @param {Extra} extra @returns {Uint16Array} the palette's level for each value */
export function extraLevels(extra) {
  const none = noValue(extra);
  const levels = new Uint16Array(none + 1);
  for (let value = 0; value < none; value++) levels[value] = placeOf(value, extra, LEVELS);
  levels[none] = NO_LEVEL;
  return levels;
}

/** @param {Extra} extra @param {Uint32Array} counts @returns {number[]} */
export function extraBars(extra, counts) {
  const none = noValue(extra);
  const bars = new Array(Math.min(BARS, extra.top + 1)).fill(0); // few values have a bar each
  for (let value = 0; value < none; value++) bars[placeOf(value, extra, bars.length)] += counts[value];
  return bars;
}

/** @param {number} value @param {Extra} extra @param {number} places @returns {number} which of the places is its own */
function placeOf(value, { top }, places) {
  return Math.round((Math.min(value, top) / top) * (places - 1));
}
