/**
 * Who is right of two classifiers A and B, image by image: the four groups of the table on the page.
 *
 * @typedef {import("../data/columns.js").Labels} Labels
 */

/** The colour mode's name, in links too. */
export const OUTCOMES = "who";
export const NAMES = ["Both right", "A right, B wrong", "A wrong, B right", "Both wrong"];

/** @param {Labels} truth @param {Labels} first predictions of A @param {Labels} second of B @returns {Uint8Array} indices into NAMES */
export function outcomeGroups(truth, first, second) {
  const groups = new Uint8Array(truth.length);
  for (let row = 0; row < groups.length; row++) {
    groups[row] = Number(second[row] !== truth[row]) + 2 * Number(first[row] !== truth[row]);
  }
  return groups;
}
