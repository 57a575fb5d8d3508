/**
 * Which of an image's nearest neighbours are missing beside it on the map: those that the map tore apart.
 *
 * The rule: a neighbour in feature space is torn when, on the map, it is farther away than FAR of the map's extent
 * *and* is not among the image's NEAREST nearest points there. Either alone would not do: in a map of few points the
 * nearest ones may be far away, and in a dense region hundreds may lie between two points that look as one.
 *
 * @typedef {{n: number, x: Uint16Array, y: Uint16Array}} Places
 */

export const FAR = 0.15; // of the longer side of the box round all points
const NEAREST = 100;
const SHARE = 0.2; // of all points: among 80, the 100 nearest are all

/** @param {number} n points @returns {number} how many of the nearest on the map never count as torn */
export function nearestOnMap(n) {
  return Math.min(NEAREST, Math.floor(n * SHARE));
}

/**
 * @param {Places} places
 * @param {number} row
 * @param {ArrayLike<number>} neighbours rows
 * @returns {boolean[]} for each neighbour
 */
export function missingNeighbours(places, row, neighbours) {
  const far = (FAR * extent(places)) ** 2;
  const limit = nearestOnMap(places.n);
  const distances = Array.from(neighbours, (other) => squared(places, row, other));
  return distances.map((distance) => distance > far && crowded(places, row, distance, limit));
}

/** @param {Places} places @param {number} row @param {number} other @returns {number} squared distance */
function squared({ x, y }, row, other) {
  return (x[row] - x[other]) ** 2 + (y[row] - y[other]) ** 2;
}

/** @param {Places} places @returns {number} */
function extent({ n, x, y }) {
  let [left, right, bottom, top] = [65535, 0, 65535, 0];
  for (let row = 0; row < n; row++) {
    if (x[row] < left) left = x[row];
    if (x[row] > right) right = x[row];
    if (y[row] < bottom) bottom = y[row];
    if (y[row] > top) top = y[row];
  }
  return Math.max(right - left, top - bottom);
}

/**
 * @param {Places} places
 * @param {number} row
 * @param {number} distance squared
 * @param {number} limit
 * @returns {boolean} whether at least so many other points are nearer
 */
function crowded({ n, x, y }, row, distance, limit) {
  let nearer = 0;
  for (let other = 0; other < n; other++) {
    if ((x[row] - x[other]) ** 2 + (y[row] - y[other]) ** 2 >= distance || other === row) continue;
    if (++nearer >= limit) return true;
  }
  return limit === 0;
}
