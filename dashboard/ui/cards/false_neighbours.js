/**
 * Which images lie beside one on the map without being near it in feature space: its false neighbours there, strangers to people.
 *
 * @typedef {import("./missing_neighbours.js").Places} Places
 */

/**
 * @param {number[]} nearest an image's nearest rows on the map, nearest first; at least as many as there are neighbours
 * @param {number[]} neighbours its nearest rows in feature space
 * @returns {number[]} of as many nearest rows on the map, those that are not among them; nearest first
 */
export function falseNeighbours(nearest, neighbours) {
  const known = new Set(neighbours);
  return nearest.slice(0, known.size).filter((other) => !known.has(other));
}

/**
 * @param {Places} places @param {number} row @param {number} count
 * @returns {number[]} the nearest rows on the map, nearest first; of equally near ones, those with the lowest numbers
 */
export function nearestRows({ n, x, y }, row, count) {
  /** @type {number[]} */
  const rows = [];
  /** @type {number[]} squared distances, ascending */
  const distances = [];
  let limit = count ? Infinity : 0; // from here on a row is too far away
  const [left, top] = [x[row], y[row]];
  for (let other = 0; other < n; other++) {
    const distance = (left - x[other]) ** 2 + (top - y[other]) ** 2;
    if (distance >= limit || other === row) continue;
    let place = rows.length;
    while (place > 0 && distances[place - 1] > distance) place--;
    rows.splice(place, 0, other);
    distances.splice(place, 0, distance);
    if (rows.length > count) {
      rows.pop();
      distances.pop();
    }
    if (rows.length === count) limit = distances[count - 1];
  }
  return rows;
}
