/**
 * What two classifiers say of the same images, counted: which are fixed, which broke, and how the right ones are confused.
 *
 * @typedef {import("../data/columns.js").Labels} Labels
 * @typedef {{predicted: Labels, margin: Uint16Array, range: import("../data/columns.js").Range}} Answers margins in steps
 * @typedef {{fixed: number[], broke: number[], different: number}} Changes rows, ascending; different: images that are wrong in two ways
 */

import { marginOf } from "../data/columns.js";

/** @param {Labels} truth @param {Labels} predicted @returns {number} images that are right */
export function rightOf(truth, predicted) {
  let right = 0;
  for (let row = 0; row < truth.length; row++) if (truth[row] === predicted[row]) right++;
  return right;
}

/** @param {Labels} truth @param {Labels} before @param {Labels} after predicted labels @returns {Changes} */
export function changesOf(truth, before, after) {
  /** @type {Changes} */
  const found = { fixed: [], broke: [], different: 0 };
  for (let row = 0; row < truth.length; row++) {
    if (before[row] === after[row]) continue;
    if (after[row] === truth[row]) found.fixed.push(row);
    else if (before[row] === truth[row]) found.broke.push(row);
    else found.different++;
  }
  return found;
}

/**
 * @param {Labels} truth @param {Changes} changes
 * @returns {{label: number, by: number} | null} the class that has most fewer images right, of equals the first; null where none has
 */
export function mostLost(truth, { fixed, broke }) {
  /** @type {Map<number, number>} */
  const lost = new Map();
  for (const row of broke) lost.set(truth[row], (lost.get(truth[row]) ?? 0) + 1);
  for (const row of fixed) lost.set(truth[row], (lost.get(truth[row]) ?? 0) - 1);
  const [most] = [...lost].toSorted(([one, a], [other, b]) => b - a || one - other);
  return most && most[1] > 0 ? { label: most[0], by: most[1] } : null;
}

/**
 * @param {number[]} rows @param {Answers} before @param {Answers} after @param {number} most
 * @returns {number[]} those whose margin moved most, farthest first
 */
export function movers(rows, before, after, most) {
  const marginAt = (/** @type {Answers} */ { margin, range }, /** @type {number} */ row) => marginOf(margin[row], range);
  const moved = rows.map((row) => ({ row, by: Math.abs(marginAt(after, row) - marginAt(before, row)) || 0 }));
  moved.sort((a, b) => b.by - a.by || a.row - b.row);
  return moved.slice(0, most).map(({ row }) => row);
}

/** @param {Labels} truth @param {Labels} predicted @param {number} k classes @returns {Uint32Array} k rows of true classes, each of k counts */
export function confusionOf(truth, predicted, k) {
  const counts = new Uint32Array(k * k);
  for (let row = 0; row < truth.length; row++) if (truth[row] < k && predicted[row] < k) counts[truth[row] * k + predicted[row]]++;
  return counts;
}
