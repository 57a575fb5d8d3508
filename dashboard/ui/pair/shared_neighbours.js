/**
 * The neighbours that an image has in two feature spaces.
 *
 * @typedef {{common: number[], ours: number[], theirs: number[]}} Split rows: in both lists, only in the first, only in
 *   the second; each in the order of its list
 */

/**
 * @param {number[]} ours rows, nearest first
 * @param {number[]} theirs the shorter list counts
 * @returns {Split}
 */
export function split(ours, theirs) {
  const depth = Math.min(ours.length, theirs.length);
  const [first, second] = [ours.slice(0, depth), theirs.slice(0, depth)];
  const [inFirst, inSecond] = [new Set(first), new Set(second)];
  return {
    common: first.filter((row) => inSecond.has(row)),
    ours: first.filter((row) => !inSecond.has(row)),
    theirs: second.filter((row) => !inFirst.has(row)),
  };
}
