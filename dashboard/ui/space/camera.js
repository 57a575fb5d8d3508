/**
 * Where the viewer is: turns positions (0..65535, y upwards) into pixels of the stage (y downwards) and back.
 *
 * @typedef {{left: number, right: number, bottom: number, top: number}} Box in positions
 */

const PADDING = 30; // pixels kept free round the points at home
const ZOOM_OUT = 0.5;
const ZOOM_IN = 200;

/**
 * @param {Uint16Array} x
 * @param {Uint16Array} y
 * @returns {Box} the smallest box round all points
 */
export function boundingBox(x, y) {
  const box = { left: 65535, right: 0, bottom: 65535, top: 0 };
  for (let i = 0; i < x.length; i++) {
    if (x[i] < box.left) box.left = x[i];
    if (x[i] > box.right) box.right = x[i];
    if (y[i] < box.bottom) box.bottom = y[i];
    if (y[i] > box.top) box.top = y[i];
  }
  return x.length ? box : { left: 0, right: 65535, bottom: 0, top: 65535 };
}

/** @param {{x: Uint16Array, y: Uint16Array}} places @param {ArrayLike<number>} rows at least one @returns {Box} the smallest box round some points */
export function boundsOf({ x, y }, rows) {
  const of = (/** @type {Uint16Array} */ values) => Uint16Array.from(rows, (row) => values[row]);
  return boundingBox(of(x), of(y));
}

export class Camera {
  /** @param {Box} box what home shows @param {number} padding pixels kept free round it */
  constructor(box, padding = PADDING) {
    this.box = box;
    this.padding = padding;
    this.width = 1; // pixels
    this.height = 1;
    this.zoom = 1; // against home
    this.x = (box.left + box.right) / 2; // the position in the middle of the stage
    this.y = (box.bottom + box.top) / 2;
  }

  /** Pixels a unit of position takes at home. */
  get #homeScale() {
    const width = Math.max(this.box.right - this.box.left, 1);
    const height = Math.max(this.box.top - this.box.bottom, 1);
    const across = Math.max(this.width - 2 * this.padding, 1) / width;
    const down = Math.max(this.height - 2 * this.padding, 1) / height;
    return Math.min(across, down);
  }

  /** Pixels a unit of position takes now. */
  get scale() {
    return this.#homeScale * this.zoom;
  }

  get isHome() {
    const away = Math.hypot(this.x - this.homeX, this.y - this.homeY) * this.scale;
    return Math.abs(this.zoom - 1) < 1e-3 && away < 1;
  }

  get homeX() {
    return (this.box.left + this.box.right) / 2;
  }

  get homeY() {
    return (this.box.bottom + this.box.top) / 2;
  }

  /** @param {number} width @param {number} height both in pixels */
  resize(width, height) {
    this.width = width;
    this.height = height;
    this.clamp();
  }

  home() {
    this.zoom = 1;
    this.x = this.homeX;
    this.y = this.homeY;
  }

  /** @param {number} x @param {number} y a position @returns {[number, number]} pixels */
  toScreen(x, y) {
    const scale = this.scale;
    return [(x - this.x) * scale + this.width / 2, (this.y - y) * scale + this.height / 2];
  }

  /** @param {number} left @param {number} top pixels @returns {[number, number]} a position */
  toPosition(left, top) {
    const scale = this.scale;
    return [this.x + (left - this.width / 2) / scale, this.y - (top - this.height / 2) / scale];
  }

  /** @param {number} ratio device pixels in one of the page @returns {import("../render/raster.js").View} */
  pixels(ratio) {
    const scale = this.scale * ratio;
    const [left, top] = [Math.round(this.width * ratio) / 2, Math.round(this.height * ratio) / 2];
    return { scale, left: left - this.x * scale, top: top + this.y * scale };
  }

  /** Moves the points by pixels. @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
    this.clamp();
  }

  /** Zooms and keeps what is under a pixel there. @param {number} left @param {number} top @param {number} factor */
  zoomAt(left, top, factor) {
    const [x, y] = this.toPosition(left, top);
    this.zoom = Math.min(Math.max(this.zoom * factor, ZOOM_OUT), ZOOM_IN);
    const [movedLeft, movedTop] = this.toScreen(x, y);
    this.pan(left - movedLeft, top - movedTop);
  }

  /** @param {Box} box @param {number} closest zoom @returns {{x: number, y: number, zoom: number}} where all of a box is in view */
  placeFor(box, closest) {
    const wide = (this.width - 4 * this.padding) / Math.max(box.right - box.left, 1);
    const high = (this.height - 4 * this.padding) / Math.max(box.top - box.bottom, 1);
    const zoom = Math.min(Math.max(Math.min(wide, high) / this.#homeScale, 1), closest);
    return { x: (box.left + box.right) / 2, y: (box.bottom + box.top) / 2, zoom };
  }

  /** @returns {Box} what is in view */
  get sight() {
    const [left, top] = this.toPosition(0, 0);
    const [right, bottom] = this.toPosition(this.width, this.height);
    return { left, top, right, bottom };
  }

  /** Moves so little that a position comes into view. @param {number} x @param {number} y */
  reveal(x, y) {
    const [left, top] = this.toScreen(x, y);
    const dx = Math.max(PADDING - left, 0) + Math.min(this.width - PADDING - left, 0);
    const dy = Math.max(PADDING - top, 0) + Math.min(this.height - PADDING - top, 0);
    if (dx || dy) this.pan(dx, dy);
  }

  /** Keeps the middle of the stage inside the points' box: they cannot get lost. */
  clamp() {
    this.x = Math.min(Math.max(this.x, this.box.left), this.box.right);
    this.y = Math.min(Math.max(this.y, this.box.bottom), this.box.top);
  }
}
