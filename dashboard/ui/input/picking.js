/**
 * Which point is meant: under a pointer, or next in a direction.
 *
 * @typedef {import("../map/capabilities.js").Uses<"arrangement" | "camera" | "lighting" | "drawing" | "looking" | "view">} Needs
 */

import { nextInDirection } from "./arrow_keys.js";

const REACH = 14; // pixels a pointer may be off
const TOUCH_REACH = 26;
const EVERYWHERE = 131072; // positions

/** @param {Needs} map @param {number} x @param {number} y pixels @param {boolean} touch @returns {number} row or -1 */
export function hit({ arrangement, camera, lighting, drawing }, x, y, touch = false) {
  const { grid } = arrangement;
  const { lit } = lighting;
  const [left, bottom] = camera.toPosition(x, y);
  const reach = Math.max(touch ? TOUCH_REACH : REACH, drawing.reach) / camera.scale;
  const row = grid.nearest(left, bottom, reach, (candidate) => lit[candidate] === 1);
  return row >= 0 ? row : grid.nearest(left, bottom, reach / 2, () => true);
}

/**
 * @param {Needs} map
 * @param {number} dx @param {number} dy a direction (y upwards); without one, a walk begins
 * @returns {number} the next row, -1 if there is none
 */
export function next(map, dx, dy) {
  const { grid, places } = map.arrangement;
  const { lit, count } = map.lighting;
  if (!places.n) return -1;
  const accept = count ? (/** @type {number} */ row) => lit[row] === 1 : () => true;
  if (map.looking.row >= 0) return nextInDirection(grid, map.looking.row, dx, dy, accept);
  return map.view.value.pinned.at(-1) ?? grid.nearest(map.camera.x, map.camera.y, EVERYWHERE, accept);
}
