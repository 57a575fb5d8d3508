/**
 * The neighbours that an image has in two feature spaces.
 *
 * @typedef {{common: number[], onlyA: number[], onlyB: number[]}} Split rows: in both lists, only in the first, only in
 *   the second; each in the order of its list
 */

/**
 * @param {number[]} a rows, nearest first
 * @param {number[]} b the shorter list counts
 * @returns {Split}
 */
export function split(a, b) {
  const depth = Math.min(a.length, b.length);
  const [first, second] = [a.slice(0, depth), b.slice(0, depth)];
  const [inFirst, inSecond] = [new Set(first), new Set(second)];
  return {
    common: first.filter((row) => inSecond.has(row)),
    onlyA: first.filter((row) => !inSecond.has(row)),
    onlyB: second.filter((row) => !inFirst.has(row)),
  };
}
