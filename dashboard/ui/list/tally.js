/**
 * Counts some of the images: how many are right, how many of each class, what is taken for what.
 *
 * @typedef {import("../data/columns.js").Labels} Labels
 * @typedef {{n: number, correct: number, byTrue: Uint32Array, byPredicted: Uint32Array, errors: Confusion[], judged: boolean}} Tally
 *   counts by class; the last entry is for labels that name no class; judged: whether a classifier has said anything
 * @typedef {{truth: number, predicted: number, count: number}} Confusion
 */

const TABLE = 1024; // classes: up to here every pair has a counter of its own, 4 MB at most

/**
 * @param {Uint32Array} rows
 * @param {Labels} truth one of each row of the run
 * @param {Labels | null} predicted null without a classifier
 * @param {number} classes
 * @returns {Tally}
 */
export function tally(rows, truth, predicted, classes) {
  const [byTrue, byPredicted] = [new Uint32Array(classes + 1), new Uint32Array(classes + 1)];
  const side = classes + 1;
  const table = classes <= TABLE ? new Uint32Array(side * side) : null;
  /** @type {Map<number, number>} */
  const found = new Map();
  let correct = 0;
  for (let i = 0; i < rows.length; i++) {
    const trueLabel = Math.min(truth[rows[i]], classes);
    byTrue[trueLabel]++;
    if (!predicted) continue;
    const predictedLabel = Math.min(predicted[rows[i]], classes);
    const cell = trueLabel * side + predictedLabel;
    byPredicted[predictedLabel]++;
    if (trueLabel === predictedLabel) correct++;
    else if (table) table[cell]++;
    else found.set(cell, (found.get(cell) ?? 0) + 1);
  }
  return { n: rows.length, correct, byTrue, byPredicted, errors: confusionsOf(table ?? found, side), judged: predicted !== null };
}

/** @param {Uint32Array | Map<number, number>} counts of each cell of the table @param {number} side @returns {Confusion[]} those that occur */
function confusionsOf(counts, side) {
  /** @type {Confusion[]} */
  const found = [];
  const note = (/** @type {number} */ count, /** @type {number} */ cell) => {
    if (count) found.push({ truth: Math.floor(cell / side), predicted: cell % side, count });
  };
  counts.forEach(note);
  return found;
}

/** @param {Confusion[]} errors @param {number} most @returns {Confusion[]} the largest ones, largest first */
export function largest(errors, most) {
  const order = (/** @type {Confusion} */ a, /** @type {Confusion} */ b) =>
    b.count - a.count || a.truth - b.truth || a.predicted - b.predicted;
  return errors.toSorted(order).slice(0, most);
}

/** @param {Uint32Array} counts by class @returns {{label: number, count: number}[]} classes that occur, largest first */
export function ranked(counts) {
  const all = Array.from(counts, (count, label) => ({ label, count }));
  return all.filter(({ count }) => count).sort((a, b) => b.count - a.count); // equals stay in their order
}

/** @param {Labels} truth @param {Labels} predicted @returns {number} share of the whole run that is right */
export function accuracy(truth, predicted) {
  let correct = 0;
  for (let row = 0; row < truth.length; row++) if (truth[row] === predicted[row]) correct++;
  return correct / truth.length;
}
