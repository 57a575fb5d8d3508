/**
 * Which rows are lit: what the filters leave. The others stay in their places, in grey. Every filter is of an attribute, and asks
 * for some of its names or for a range of its numbers; `dashboard/page/filter.py` finds the same rows.
 *
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 * @typedef {import("./view_store.js").View} View
 * @typedef {import("./view_store.js").Filter} Filter
 */

import { CORRECT, WRONG } from "../data/attributes.js";
import { marginOf, NO_MARGIN, STEPS } from "../data/columns.js";

/** Fields that decide which rows are lit. */
export const FIELDS = ["trueLabels", "predictedLabels", "outcome", "margin", "text", "where", "flips"];

/** What the classifier says: at another C, others pass. */
const SAID = ["predicted", "correct", "margin"];

/** @param {View} view @returns {[string, Filter][]} names of attributes, and what is asked of them */
export function filtersOf(view) {
  const { margin, where } = view;
  /** @type {[string, Filter][]} */
  const found = Object.entries(where);
  for (const name of ["true", "predicted", "correct"]) {
    const labels = labelsOf(view, name);
    if (labels.length) found.push([name, { labels }]);
  }
  if (margin[0] !== null || margin[1] !== null) found.push(["margin", { range: margin }]);
  return found;
}

/** @param {View} view @param {string} name of an attribute @returns {number[]} which of its names pass; none: all */
export function labelsOf({ trueLabels, predictedLabels, outcome, where }, name) {
  if (name === "true") return trueLabels;
  if (name === "predicted") return predictedLabels;
  if (name === "correct") return outcome === "all" ? [] : [outcome === "correct" ? CORRECT : WRONG];
  const filter = where[name];
  return filter && "labels" in filter ? filter.labels : [];
}

/** @param {View} view @param {string} name of an attribute @param {number[]} labels that are to pass, ascending; none: all @returns {Partial<View>} */
export function withLabels({ where }, name, labels) {
  if (name === "true") return { trueLabels: labels };
  if (name === "predicted") return { predictedLabels: labels };
  if (name === "correct") return { outcome: labels.length === 1 ? (labels[0] === CORRECT ? "correct" : "wrong") : "all" };
  const { [name]: _, ...others } = where;
  return { where: labels.length ? { ...others, [name]: { labels } } : others };
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
