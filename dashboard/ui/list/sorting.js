/** What images are sorted by: for each attribute a key of small whole numbers, found once. */

import { rankNames } from "./order.js";

const LISTED = 20; // names of categories that are in somebody's order; more are in that of how many images have them

/** @typedef {{key: ArrayLike<number>, limit: number}} Key limit: from here on it stands for "none" */

/** @type {WeakMap<object, Key>} by what it was found for */
const found = new WeakMap();

/** @param {import("../data/attributes.js").Attribute} attribute @returns {Key | null} null: it is not there yet */
export function keyOf(attribute) {
  const content = attribute.texts ?? attribute.exact ?? attribute.values;
  if (!content) return null;
  const made = found.get(content) ?? make(attribute);
  found.set(content, made);
  return made;
}

/** @param {string[]} ids @returns {Key} */
export function keyOfNames(ids) {
  const made = found.get(ids) ?? { key: rankNames(ids), limit: ids.length };
  found.set(ids, made);
  return made;
}

/** @param {import("../data/attributes.js").Attribute} attribute that is there @returns {Key} */
function make({ texts, exact, values, names, top, kind }) {
  if (texts) return ranked(rankNames(texts.map((text) => text ?? "")), (row) => texts[row] === null);
  if (exact) return ranked(rankNumbers(exact), (row) => Number.isNaN(exact[row]));
  const steps = /** @type {import("../data/columns.js").Labels} */ (values);
  if (kind !== "category") return { key: steps, limit: top + 1 };
  if (names.length <= LISTED) return { key: steps, limit: names.length };
  const places = rankNames(names);
  return { key: steps.map((label) => (label < names.length ? places[label] : names.length)), limit: names.length };
}

/** @param {Uint32Array} ranks are written to @param {(row: number) => boolean} none whether a row has no value @returns {Key} */
function ranked(ranks, none) {
  for (let row = 0; row < ranks.length; row++) if (none(row)) ranks[row] = ranks.length;
  return { key: ranks, limit: ranks.length };
}

/** @param {Float64Array} exact @returns {Uint32Array} place of each row; equals have one */
export function rankNumbers(exact) {
  const known = Float64Array.from(exact, (value) => (Number.isNaN(value) ? Infinity : value)); // they come last
  const rows = Uint32Array.from(exact, (_, row) => row).sort((a, b) => (known[a] < known[b] ? -1 : known[a] > known[b] ? 1 : a - b));
  const ranks = new Uint32Array(exact.length);
  let place = 0;
  rows.forEach((row, i) => {
    if (i && known[row] !== known[rows[i - 1]]) place = i;
    ranks[row] = place;
  });
  return ranks;
}
