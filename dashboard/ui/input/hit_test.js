/**
 * Which point is meant: under a pointer, or next in a direction.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 */

import { nextInDirection } from "./arrow_keys.js";

const REACH = 14; // pixels a pointer may be off
const TOUCH_REACH = 26;
const EVERYWHERE = 131072; // positions

/** @param {EmbeddingMap} map @param {number} x @param {number} y pixels @param {boolean} touch @returns {number} row or -1 */
export function hit({ grid, places, camera, lit, drawing }, x, y, touch = false) {
  if (!grid || !places) return -1;
  const [left, bottom] = camera.toPosition(x, y);
  const reach = Math.max(touch ? TOUCH_REACH : REACH, drawing.reach) / camera.scale;
  const row = grid.nearest(left, bottom, reach, (candidate) => lit[candidate] === 1);
  return row >= 0 ? row : grid.nearest(left, bottom, reach / 2, () => true);
}

/**
 * @param {EmbeddingMap} map
 * @param {number} dx @param {number} dy a direction (y upwards); without one, a walk begins
 * @returns {number} the next row, -1 if there is none
 */
export function next(map, dx, dy) {
  if (!map.places?.n) return -1;
  const accept = map.litCount ? (/** @type {number} */ row) => map.lit[row] === 1 : () => true;
  if (map.hovered >= 0) return nextInDirection(map.grid, map.hovered, dx, dy, accept);
  return map.view.value.pinned.at(-1) ?? map.grid.nearest(map.camera.x, map.camera.y, EVERYWHERE, accept);
}
