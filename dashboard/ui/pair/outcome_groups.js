/**
 * Who is right of two classifiers A and B, image by image: the four groups of the table on the page.
 *
 * @typedef {import("../data/columns.js").Labels} Labels
 */

/** The colour mode's name. */
export const WHO = "who";
export const NAMES = ["Both right", "Only A right", "Only B right", "Both wrong"];

/** @param {Labels} truth @param {Labels} ours predictions of A @param {Labels} theirs of B @returns {Uint8Array} indices into NAMES */
export function whoIsRight(truth, ours, theirs) {
  const groups = new Uint8Array(truth.length);
  for (let row = 0; row < groups.length; row++) {
    groups[row] = Number(theirs[row] !== truth[row]) + 2 * Number(ours[row] !== truth[row]);
  }
  return groups;
}
