/**
 * Closed shapes drawn on the map, as flat lists x, y, x, y ...: which points are inside (even-odd rule).
 *
 * @typedef {import("./pick.js").Grid} Grid
 * @typedef {{left: number, right: number, bottom: number, top: number}} Box
 */

/**
 * @param {ArrayLike<number>} polygon
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether a ray to the right crosses the outline an odd number of times
 */
export function contains(polygon, x, y) {
  let inside = false;
  let [fromX, fromY] = [polygon[polygon.length - 2], polygon[polygon.length - 1]];
  for (let i = 0; i < polygon.length; i += 2) {
    const [toX, toY] = [polygon[i], polygon[i + 1]];
    if (toY > y !== fromY > y && x < ((fromX - toX) * (y - toY)) / (fromY - toY) + toX) inside = !inside;
    [fromX, fromY] = [toX, toY];
  }
  return inside;
}

/** @param {ArrayLike<number>} polygon @returns {Box} the box round it */
export function boxOf(polygon) {
  const box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
  for (let i = 0; i < polygon.length; i += 2) {
    box.left = Math.min(box.left, polygon[i]);
    box.right = Math.max(box.right, polygon[i]);
    box.bottom = Math.min(box.bottom, polygon[i + 1]);
    box.top = Math.max(box.top, polygon[i + 1]);
  }
  return box;
}

/**
 * @param {Grid} grid over the points
 * @param {ArrayLike<number>} polygon
 * @returns {Uint8Array} 1 where a row is inside
 */
export function insideMask(grid, polygon) {
  const mask = new Uint8Array(grid.x.length);
  for (let row = 0; row < mask.length; row++) mask[row] = contains(polygon, grid.x[row], grid.y[row]) ? 1 : 0;
  return mask;
}
