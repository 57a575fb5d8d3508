/**
 * Which of an image's nearest neighbours are missing beside it on the map: those that the map tore apart.
 *
 * The rule: a neighbour in feature space is torn when, on the map, it is farther away than FAR of the map's extent
 * *and* is not among the image's NEAREST nearest points there. Either alone would not do: in a map of few points the
 * nearest ones may be far away, and in a dense region hundreds may lie between two points that look as one.
 *
 * @typedef {{n: number, x: Uint16Array, y: Uint16Array}} Places
 */

import { boundingBox } from "../space/camera.js";
import { nearestRows } from "./false_neighbours.js";

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
 * @param {number[]} nearest its nearest rows on the map, where they are known
 * @returns {boolean[]} for each neighbour
 */
export function missingNeighbours(places, row, neighbours, nearest = nearestRows(places, row, nearestOnMap(places.n))) {
  const { left, right, bottom, top } = boundingBox(places.x, places.y);
  const far = (FAR * Math.max(right - left, top - bottom)) ** 2;
  const last = nearestOnMap(places.n) - 1;
  const crowd = last < 0 ? -1 : squared(places, row, nearest[last]); // farther away, none is among the nearest
  return Array.from(neighbours, (other) => squared(places, row, other) > Math.max(far, crowd));
}

/** @param {Places} places @param {number} row @param {number} other @returns {number} squared distance */
function squared({ x, y }, row, other) {
  return (x[row] - x[other]) ** 2 + (y[row] - y[other]) ** 2;
}
