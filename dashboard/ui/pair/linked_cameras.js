/**
 * Two cameras that move together. Where both maps have the same positions, one is a copy of the other. Where they have
 * not, a drag moves both by as many pixels, and a zoom goes into the same image in both, each time at its own place: so
 * nothing jumps, and what is looked at stays in view in both.
 *
 * @typedef {import("../space/camera.js").Camera} Camera
 * @typedef {{x: number, y: number, zoom: number}} Place of a camera
 */

/** @param {Place} before @param {Place} after of a zoom @returns {[number, number]} the position that it left at its place */
export function fixedPoint(before, after) {
  const share = after.zoom - before.zoom;
  const still = (/** @type {number} */ from, /** @type {number} */ to) => (to * after.zoom - from * before.zoom) / share;
  return [still(before.x, after.x), still(before.y, after.y)];
}

/** @param {Camera} leader @param {Camera} follower of a map with the same positions */
export function copy({ x, y, zoom }, follower) {
  Object.assign(follower, { x, y, zoom });
  follower.clamp();
}

/**
 * @param {Place} before where the leader was
 * @param {Camera} leader
 * @param {Camera} follower of a map with other positions
 * @param {[number, number]} there where the image that a zoom goes to is in the follower's map
 */
export function follow(before, leader, follower, there) {
  if (leader.isHome) return follower.home();
  if (leader.zoom === before.zoom) {
    return follower.pan((before.x - leader.x) * leader.scale, (leader.y - before.y) * leader.scale);
  }
  follower.zoomAt(...follower.toScreen(...there), leader.zoom / follower.zoom);
  if (leader.zoom < before.zoom) gather(follower);
  follower.reveal(...there);
}

/** Who zooms out wants to see all of it: the less is outside, the nearer the middle. @param {Camera} camera */
function gather(camera) {
  const { left, right, bottom, top } = camera.box;
  const outside = Math.max(1 - 1 / camera.zoom, 0) / 2;
  const near = (/** @type {number} */ value, /** @type {number} */ home, /** @type {number} */ extent) =>
    Math.min(Math.max(value, home - outside * extent), home + outside * extent);
  camera.x = near(camera.x, camera.homeX, right - left);
  camera.y = near(camera.y, camera.homeY, top - bottom);
}
