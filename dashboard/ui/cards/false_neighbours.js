/**
 * Which images lie beside one on the map without being near it in feature space: its false neighbours there, strangers to people.
 *
 * @typedef {import("./missing_neighbours.js").Places} Places
 */

/**
 * @param {Places} places
 * @param {number} row
 * @param {ArrayLike<number>} neighbours its nearest rows in feature space
 * @returns {number[]} of as many nearest rows on the map, those that are not among them; nearest first
 */
export function falseNeighbours(places, row, neighbours) {
  const known = new Set(Array.from(neighbours));
  return nearestRows(places, row, known.size).filter((other) => !known.has(other));
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
  for (let other = 0; other < n; other++) {
    const distance = (x[row] - x[other]) ** 2 + (y[row] - y[other]) ** 2;
    if (other === row || (rows.length === count && !(distance < distances[count - 1]))) continue;
    let place = rows.length;
    while (place > 0 && distances[place - 1] > distance) place--;
    rows.splice(place, 0, other);
    distances.splice(place, 0, distance);
    if (rows.length > count) {
      rows.pop();
      distances.pop();
    }
  }
  return rows;
}
