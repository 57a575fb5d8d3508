/**
 * What is known of one image.
 *
 * @typedef {{name: string, paint: string, label: number}} ClassMark
 * @typedef {{
 *   row: number, id: string, truth: ClassMark | null, predicted: ClassMark | null, runnerUp: ClassMark | null,
 *   margin: number | null, ahead: number | null, correct: boolean | null, kept: string,
 * }} Facts null: not known, or not yet; runnerUp: of two classes there is none to speak of; ahead: how far the predicted class is before the runner-up;
 *   kept: of its neighbours, for example "13 of 20", empty where it is not loaded
 */

import { marginOf } from "./columns.js";
import { counted, signed } from "./numbers.js";

/**
 * @param {number} row
 * @param {{points: import("./columns.js").Points, columns: import("./source.js").Columns | null, ids: string[] | null,
 *   extra: Uint8Array | null}} files that are there; extra: how many neighbours each image keeps
 * @param {string[]} names of the classes
 * @param {string[]} paints of the classes
 * @param {number} [most] neighbours that an image can keep
 * @returns {Facts}
 */
export function factsOf(row, { points, columns, ids, extra: kept }, names, paints, most) {
  const mark = (/** @type {number} */ label) => (label < names.length ? { name: names[label], paint: paints[label], label } : null);
  return {
    row,
    id: ids?.[row] || `Row ${row}`,
    truth: mark(points.label[row]),
    predicted: columns && mark(columns.predicted[row]),
    runnerUp: columns && names.length > 2 ? mark(columns.runnerUp[row]) : null,
    margin: columns && marginOf(columns.margin[row], columns.range),
    ahead: columns && marginOf(columns.runnerUpMargin[row], columns.range),
    correct: columns && columns.predicted[row] === points.label[row],
    kept: kept && most ? `${kept[row]} of ${most}` : "",
  };
}

/**
 * @param {number | null} ahead how far the predicted class is before the runner-up; below 0 where votes went in circles
 * @returns {string} what to say of the runner-up, for example "0.53 behind"
 */
export function behind(ahead) {
  if (ahead === null || Number.isNaN(ahead)) return "";
  const text = signed(ahead);
  return `${text.replace(/[+−]/, "")} ${text.startsWith("−") ? "ahead" : "behind"}`;
}

/** @param {boolean | null} correct @returns {string} in words and by shape: colour alone would not do */
export function verdict(correct) {
  if (correct === null) return "";
  return correct ? "✓ right" : "✗ wrong";
}

/** @param {number} count of images that lie on one spot of the map @returns {string} nothing to say of one */
export function spotOf(count) {
  return count > 1 ? `${counted(count, "image")} on this spot` : "";
}
