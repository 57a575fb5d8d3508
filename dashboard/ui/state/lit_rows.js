/**
 * Which rows are lit: what filters and legend leave. The others stay in their places, in grey. Every filter is of an attribute,
 * and asks for some of its names or for a range of its numbers.
 *
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 * @typedef {import("./view_store.js").View} View
 * @typedef {import("./view_store.js").Filter} Filter
 */

import { CORRECT, WRONG } from "../data/attributes.js";
import { marginOf, NO_MARGIN, STEPS } from "../data/columns.js";

/** Fields that decide which rows are lit. */
export const FIELDS = ["trueLabel", "predictedLabel", "outcome", "margin", "text", "isolated", "where", "flips"];

/** What the classifier says: at another C, others pass. */
const SAID = ["predicted", "correct", "margin"];

/** @param {View} view @returns {[string, Filter][]} names of attributes, and what is asked of them */
export function filtersOf({ trueLabel, predictedLabel, outcome, margin, where, isolated, colourBy }) {
  /** @type {[string, Filter][]} */
  const found = Object.entries(where);
  if (trueLabel !== null) found.push(["true", { labels: [trueLabel] }]);
  if (predictedLabel !== null) found.push(["predicted", { labels: [predictedLabel] }]);
  if (outcome !== "all") found.push(["correct", { labels: [outcome === "correct" ? CORRECT : WRONG] }]);
  if (margin[0] !== null || margin[1] !== null) found.push(["margin", { range: margin }]);
  if (isolated.length) found.push([colourBy, { labels: isolated }]);
  return found;
}

/** @param {View} view @returns {boolean} whether the answer needs what the classifier says */
export function filtersPredictions(view) {
  return filtersOf(view).some(([name]) => SAID.includes(name));
}

/**
 * @param {View} view
 * @param {number} n rows
 * @param {Attribute[]} attributes one that is not there yet lets every row pass
 * @param {string[] | null} ids
 * @returns {Uint8Array} 1 where a row is lit
 */
export function litRows(view, n, attributes, ids) {
  const lit = new Uint8Array(n).fill(1);
  for (const [name, filter] of filtersOf(view)) {
    const found = attributes.find((one) => one.name === name);
    if (found?.values) keep(lit, found, found.values, filter);
  }
  if (view.text) keepText(lit, [ids, ...attributes.map(({ texts }) => texts)], view.text);
  return lit;
}

/** @param {Uint8Array} mask @returns {number} how many rows it holds */
export function countOf(mask) {
  let count = 0;
  for (let row = 0; row < mask.length; row++) count += mask[row];
  return count;
}

/** @param {Uint8Array} lit @param {Attribute} attribute @param {import("../data/columns.js").Labels} values @param {Filter} filter */
function keep(lit, { kind, exact, range }, values, filter) {
  if ("labels" in filter && kind === "category") keepLabels(lit, values, filter.labels);
  else if ("range" in filter && exact) keepNumbers(lit, exact, filter.range);
  else if ("range" in filter && kind !== "category") keepSteps(lit, values, range, filter.range);
}

/** @param {Uint8Array} lit @param {import("../data/columns.js").Labels} values @param {number[]} labels */
function keepLabels(lit, values, labels) {
  const kept = new Uint8Array(65536);
  for (const label of labels) kept[label] = 1;
  for (let row = 0; row < lit.length; row++) if (!kept[values[row]]) lit[row] = 0;
}

/** A row without a number is in no range. @param {Uint8Array} lit @param {Float64Array} exact @param {import("./view_store.js").Bounds} bounds */
function keepNumbers(lit, exact, [low, high]) {
  const [first, last] = [low ?? -Infinity, high ?? Infinity];
  for (let row = 0; row < lit.length; row++) if (!(exact[row] >= first && exact[row] <= last)) lit[row] = 0;
}

/**
 * @param {Uint8Array} lit @param {import("../data/columns.js").Labels} values @param {import("../data/columns.js").Range} range
 * @param {import("./view_store.js").Bounds} bounds
 */
function keepSteps(lit, values, range, [low, high]) {
  const first = low === null ? 0 : firstStep((step) => marginOf(step, range) >= low);
  const end = high === null ? NO_MARGIN : firstStep((step) => marginOf(step, range) > high);
  for (let row = 0; row < lit.length; row++) {
    if (values[row] < first || values[row] >= end || values[row] === NO_MARGIN) lit[row] = 0;
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

/** @param {Uint8Array} lit @param {((string | null)[] | null)[]} columns where to look; the first are the names @param {string} text */
function keepText(lit, [ids, ...columns], text) {
  const wanted = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "i"); // much faster than lower case
  const others = columns.filter((texts) => texts !== null);
  for (let row = 0; row < lit.length; row++) {
    if (!lit[row] || wanted.test(ids?.[row] ?? String(row))) continue;
    if (!others.some((texts) => texts[row] !== null && wanted.test(/** @type {string} */ (texts[row])))) lit[row] = 0;
  }
}
