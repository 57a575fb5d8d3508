/**
 * Two cameras that move together. Where both maps have the same positions, one is a copy of the other. Where they have
 * not, a drag moves both by as many pixels, and a zoom goes into the same image in both, each time at its own place: so
 * nothing jumps, and what is looked at stays in view in both.
 *
 * @typedef {import("../space/camera.js").Camera} Camera
 * @typedef {{x: number, y: number, zoom: number}} Place of a camera
 * @typedef {import("../map/capabilities.js").Surrounded} Surrounded
 */

const EVERYWHERE = 131072; // positions

export class LinkedCameras {
  /** @param {import("./pair_of_maps.js").PairOfMaps} pair */
  constructor(pair) {
    this.pair = pair;
    /** Where each camera was when its map was drawn last. @type {WeakMap<Surrounded, Place>} */
    this.places = new WeakMap();
  }

  /** A map has been drawn. @param {Surrounded} map */
  drawn(map) {
    const { x, y, zoom } = map.camera;
    const place = this.places.get(map);
    if (place) Object.assign(place, { x, y, zoom });
    else this.places.set(map, { x, y, zoom });
  }

  /** The viewer has moved one camera: the other follows. @param {Surrounded} map */
  travelled(map) {
    const other = this.pair.otherThan(map);
    const place = this.places.get(map);
    if (!map.ready || !other.ready || !place) return;
    if (this.pair.samePlaces) other.navigation.lead(() => copy(map.camera, other.camera));
    else {
      const goal = positionOf(this.anchor(map, place), other);
      other.navigation.lead(() => follow(place, map.camera, other.camera, goal));
    }
    this.drawn(map);
  }

  /** On a map that was not clicked itself. @param {Surrounded} map @param {number} row */
  bringIntoView(map, row) {
    if (map.ready) map.navigation.lead(() => map.camera.reveal(...positionOf(row, map)));
  }

  /**
   * @param {Surrounded} map @param {Place} before
   * @returns {number} the image that a zoom goes to: looked at, or pinned and in view, or nearest to what stays in its place
   */
  anchor(map, before) {
    const { looking, camera, arrangement, lighting } = map;
    if (looking.row >= 0) return looking.row;
    const [pinned] = map.view.value.pinned;
    if (pinned !== undefined && isInView(positionOf(pinned, map), camera)) return pinned;
    const [x, y] = camera.zoom === before.zoom ? [camera.x, camera.y] : fixedPoint(before, camera);
    return arrangement.grid.nearest(x, y, EVERYWHERE, (row) => !lighting.count || lighting.lit[row] === 1);
  }
}

/** @param {number} row @param {Surrounded} map @returns {[number, number]} */
function positionOf(row, { arrangement }) {
  const { x, y } = arrangement.places;
  return [x[row], y[row]];
}

/** @param {[number, number]} position @param {Camera} camera @returns {boolean} */
function isInView(position, camera) {
  const [left, top] = camera.toScreen(...position);
  return left >= 0 && top >= 0 && left <= camera.width && top <= camera.height;
}

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
