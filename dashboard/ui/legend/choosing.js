/** Which entries of the legend pass, as a filter: none chosen, all do. */

/**
 * Takes an entry to those that are chosen, or away from them; the last one to go lets all pass, and so do all of them.
 *
 * @param {readonly number[]} chosen ascending
 * @param {number} index of an entry that was clicked
 * @param {number} count of entries
 * @returns {number[]} ascending
 */
export function toggled(chosen, index, count) {
  const next = chosen.includes(index) ? chosen.filter((other) => other !== index) : [...chosen, index];
  return next.length === count ? [] : next.sort((a, b) => a - b);
}

/**
 * Takes an entry away from those that pass, or brings it back; the last one to go brings all back.
 *
 * @param {readonly number[]} chosen
 * @param {number} index
 * @param {number} count of entries
 * @returns {number[]} ascending
 */
export function muted(chosen, index, count) {
  return toggled(chosen.length ? chosen : Array.from({ length: count }, (_, other) => other), index, count);
}
