/**
 * Which rows are lit: what filters and legend leave. The others stay in their places, in grey.
 *
 * @typedef {import("../data/columns.js").Points} Points
 * @typedef {import("../data/columns.js").Columns & {range: import("../data/columns.js").Range}} Columns
 * @typedef {import("./view_store.js").View} View
 * @typedef {{name: string, title: string, names: string[], values: Uint8Array | null}} Groups what rows can be coloured by that is
 *   known on one page alone; title: what people call it; values: an index into names for each row, null while it is not known yet
 */

import { marginOf, NO_MARGIN, STEPS } from "../data/columns.js";

/** Fields that decide which rows are lit. */
export const FIELDS = ["trueLabel", "predictedLabel", "outcome", "margin", "text", "isolated"];

/** @param {View} view @returns {boolean} whether the answer needs what the classifier says */
export function filtersPredictions({ predictedLabel, outcome, margin }) {
  return predictedLabel !== null || outcome !== "all" || margin[0] !== null || margin[1] !== null;
}

/**
 * @param {View} view
 * @param {Points} points
 * @param {Columns | null} columns null: not there yet; what asks for them then lets every row pass
 * @param {string[] | null} ids
 * @param {Groups | null} groups
 * @returns {Uint8Array} 1 where a row is lit
 */
export function litRows(view, points, columns, ids, groups = null) {
  const lit = new Uint8Array(points.n).fill(1);
  if (view.trueLabel !== null) keepEqual(lit, points.label, view.trueLabel);
  if (columns && view.predictedLabel !== null) keepEqual(lit, columns.predicted, view.predictedLabel);
  if (columns && view.outcome !== "all") keepOutcome(lit, points, columns, view.outcome === "correct");
  if (columns) keepMargins(lit, columns, view.margin);
  if (view.text) keepText(lit, ids, view.text);
  if (view.isolated.length) keepIsolated(lit, view, points, columns, groups);
  return lit;
}

/** @param {Uint8Array} mask @returns {number} how many rows it holds */
export function countOf(mask) {
  let count = 0;
  for (let row = 0; row < mask.length; row++) count += mask[row];
  return count;
}

/** @param {Uint8Array} lit @param {import("../data/columns.js").Labels} labels @param {number} label */
function keepEqual(lit, labels, label) {
  for (let row = 0; row < lit.length; row++) if (labels[row] !== label) lit[row] = 0;
}

/** @param {Uint8Array} lit @param {Points} points @param {Columns} columns @param {boolean} correct */
function keepOutcome(lit, { label }, { predicted }, correct) {
  for (let row = 0; row < lit.length; row++) if ((predicted[row] === label[row]) !== correct) lit[row] = 0;
}

/** A row without a margin is in no range. @param {Uint8Array} lit @param {Columns} columns @param {View["margin"]} range */
function keepMargins(lit, { margin, range }, [low, high]) {
  if (low === null && high === null) return;
  const first = low === null ? 0 : firstStep((step) => marginOf(step, range) >= low);
  const end = high === null ? NO_MARGIN : firstStep((step) => marginOf(step, range) > high);
  for (let row = 0; row < lit.length; row++) {
    if (margin[row] < first || margin[row] >= end || margin[row] === NO_MARGIN) lit[row] = 0;
  }
}

/** @param {(step: number) => boolean} reached false up to some step, true from there @returns {number} that step */
function firstStep(reached) {
  let [low, high] = [0, STEPS + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @param {Uint8Array} lit @param {string[] | null} ids @param {string} text */
function keepText(lit, ids, text) {
  const wanted = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "i"); // much faster than lower case
  for (let row = 0; row < lit.length; row++) {
    if (lit[row] && !wanted.test(ids ? ids[row] : String(row))) lit[row] = 0;
  }
}

/** @param {Uint8Array} lit @param {View} view @param {Points} points @param {Columns | null} columns @param {Groups | null} groups */
function keepIsolated(lit, { colourBy, isolated }, points, columns, groups) {
  const alone = new Uint8Array(65536);
  for (const index of isolated) alone[index] = 1;
  if (colourBy === "true") keepAlone(lit, points.label, alone);
  else if (colourBy === groups?.name && groups.values) keepAlone(lit, groups.values, alone);
  else if (colourBy === "predicted" && columns) keepAlone(lit, columns.predicted, alone);
  else if (colourBy === "correct" && columns && isolated.length === 1) {
    keepOutcome(lit, points, columns, isolated[0] === 0);
  }
}

/** @param {Uint8Array} lit @param {import("../data/columns.js").Labels} labels @param {Uint8Array} alone by label */
function keepAlone(lit, labels, alone) {
  for (let row = 0; row < lit.length; row++) if (!alone[labels[row]]) lit[row] = 0;
}
