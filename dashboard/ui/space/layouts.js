/**
 * Where the points are: as the projection put them, or each in a cell of its own; and on the way between the two.
 *
 * @typedef {import("../data/columns.js").Points} Points
 * @typedef {import("./camera.js").Box} Box
 * @typedef {{places: Points, box: Box, cell: number}} Layout box: what home shows; cell: side of a cell in positions, 0
 *   where there are none
 * @typedef {{columns: number, rows: number}} Shape
 */

import { boundingBox } from "./camera.js";

const END = 65535; // the highest position

/** @param {Points} points @returns {Layout} */
export function scatter(points) {
  return { places: points, box: boundingBox(points.x, points.y), cell: 0 };
}

/**
 * @param {ArrayBuffer} bytes uint16 columns, then uint16 rows; row 0 is at the bottom, as y grows upwards
 * @param {Points} points
 * @param {Shape} shape of the grid
 * @returns {Layout} each point in the middle of its cell; cells are square
 * @throws {Error} if the bytes are not of so many points, or a cell lies outside
 */
export function grid(bytes, points, { columns, rows }) {
  const { n, label } = points;
  if (bytes.byteLength !== 4 * n) throw new Error(`The grid must have ${4 * n} bytes. Got ${bytes.byteLength}.`);
  const cell = END / Math.max(columns, rows);
  const [across, up] = [new Uint16Array(bytes, 0, n), new Uint16Array(bytes, 2 * n, n)];
  const [x, y] = [new Uint16Array(n), new Uint16Array(n)];
  for (let i = 0; i < n; i++) {
    if (across[i] >= columns || up[i] >= rows) {
      throw new Error(`Cells must lie in ${columns} x ${rows}. Got ${across[i]}, ${up[i]}.`);
    }
    x[i] = Math.round((across[i] + 0.5) * cell);
    y[i] = Math.round((up[i] + 0.5) * cell);
  }
  const box = { left: 0, right: columns * cell, bottom: 0, top: rows * cell };
  return { places: { n, x, y, label }, box, cell };
}

/**
 * @param {Points} from
 * @param {Points} to
 * @param {number} share of the way, 0..1
 * @param {Points} into written to
 */
export function between(from, to, share, into) {
  for (const axis of /** @type {const} */ (["x", "y"])) {
    const [first, second, place] = [from[axis], to[axis], into[axis]];
    for (let i = 0; i < place.length; i++) place[i] = first[i] + (second[i] - first[i]) * share + 0.5;
  }
}

/** @param {Box} from @param {Box} to @param {number} share @returns {Box} */
export function boxBetween(from, to, share) {
  const mix = (/** @type {keyof Box} */ side) => from[side] + (to[side] - from[side]) * share;
  return { left: mix("left"), right: mix("right"), bottom: mix("bottom"), top: mix("top") };
}
