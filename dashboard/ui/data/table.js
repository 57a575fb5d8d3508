/**
 * The further columns of the images, as somebody's table has them: read from their files into attributes.
 *
 * @typedef {import("./attributes.js").Attribute} Attribute
 * @typedef {{name: string, kind: import("./attributes.js").Kind, values: string, texts: string}} ColumnFile values, texts: addresses of
 *   its numbers, and of its texts or the names of its categories; "" where it has none
 * @typedef {{columns: ColumnFile[], row: string}} TableFiles row: the address of what they say of one image
 * @typedef {{bytes: ArrayBuffer | null, texts: unknown}} Content
 */

import { attribute } from "./attributes.js";
import { NO_MARGIN, STEPS } from "./columns.js";

const PREFIX = "column."; // before its name, which may be any
const OUTER = 0.02; // of all numbers lie beyond either end of the scale: few far ones must not pale the rest
const FAR = 2; // times as wide as the rest: only then they do

/** @param {string} name of a column @returns {string} of the attribute */
export const attributeName = (name) => `${PREFIX}${name}`;

/** @param {ColumnFile} file @returns {Attribute} of which nothing is there yet */
export function unread({ name, kind }) {
  const paint = kind === "category" ? "names" : kind === "text" ? "" : "ramp";
  return attribute({ name: attributeName(name), title: name, kind, values: null, paint, further: true });
}

/**
 * @param {ColumnFile} file @param {number} n rows @param {Content} content
 * @returns {Attribute}
 * @throws {Error} if the content is not what a server of this version gives
 */
export function read(file, n, { bytes, texts }) {
  const made = unread(file);
  if (file.kind === "text") return { ...made, texts: textsOf(texts, n) };
  if (file.kind === "category") {
    const names = /** @type {string[]} */ (textsOf(texts));
    return { ...made, names, values: labelsOf(bytes, n, names.length > 255) };
  }
  return { ...made, ...scaled(new Float64Array(sized(bytes, 8 * n))) };
}

/** @param {unknown} texts @param {number} [n] @returns {(string | null)[]} */
function textsOf(texts, n) {
  if (!Array.isArray(texts) || texts.length !== (n ?? texts.length)) throw new Error(`A column must have ${n ?? "a list of"} texts. Got ${typeof texts}.`);
  return texts;
}

/** @param {ArrayBuffer | null} bytes @param {number} size @returns {ArrayBuffer} */
function sized(bytes, size) {
  if (bytes?.byteLength !== size) throw new Error(`A column must have ${size} bytes. Got ${bytes?.byteLength ?? 0}.`);
  return bytes;
}

/** @param {ArrayBuffer | null} bytes @param {number} n @param {boolean} wide @returns {import("./columns.js").Labels} */
function labelsOf(bytes, n, wide) {
  return wide ? new Uint16Array(sized(bytes, 2 * n)) : new Uint8Array(sized(bytes, n));
}

/** @param {Float64Array} exact NaN for none @returns {Pick<Attribute, "exact" | "values" | "range" | "cut">} with the steps that colours are made of */
export function scaled(exact) {
  const sorted = exact.filter((value) => !Number.isNaN(value)).sort();
  if (!sorted.length) return { exact, values: new Uint16Array(exact.length).fill(NO_MARGIN), range: [0, 1], cut: [false, false] };
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const outer = Math.floor(OUTER * sorted.length);
  const [low, high] = [sorted[outer], sorted[sorted.length - 1 - outer]];
  const range = /** @type {[number, number]} */ (most - least > FAR * (high - low) && high > low ? [low, high] : [least, most]);
  const scale = range[1] > range[0] ? STEPS / (range[1] - range[0]) : 0;
  const step = (/** @type {number} */ value) => Math.round((Math.min(Math.max(value, range[0]), range[1]) - range[0]) * scale);
  const values = Uint16Array.from(exact, (value) => (Number.isNaN(value) ? NO_MARGIN : step(value)));
  return { exact, values, range, cut: [range[0] > least, range[1] < most] };
}
