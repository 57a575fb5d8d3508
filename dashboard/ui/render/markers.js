/**
 * Markers as pixels: how much of each pixel a shape covers, for every fraction of a pixel it may be off.
 *
 * @typedef {{full: Int32Array, edge: Int32Array, share: Uint8Array, cover: Uint8Array}} Stamp offsets of the pixels that
 *   are covered wholly, and of those covered partly, with the part (1..254); and the part of each pixel of the square
 * @typedef {{size: number, stamps: Stamp[]}} Marker a square of size x size pixels round it, for PHASES x PHASES offsets
 * @typedef {{fill: Marker, rim: Marker | null}} Mark a marker, and what is laid under it so that it stands out
 */

import { SHAPES } from "./shapes.js";

/** Fractions of a pixel that are told apart, an axis. */
export const PHASES = 4;

const KEPT = 160; // marks: a zoom from end to end takes about 60 of one shape
const STEP = 0.125; // pixels: radii are rounded to it

/** Keeps the marks that were made, for one width of target. */
export class MarkCase {
  /** @param {number} width of the target, pixels: stamps know how far the next line is */
  constructor(width) {
    this.width = width;
    /** @type {Map<string, Mark>} */
    this.marks = new Map();
  }

  /**
   * @param {number} shape index of SHAPES
   * @param {number} radius pixels
   * @param {number} rim pixels round it, 0 for none
   * @returns {Mark}
   */
  mark(shape, radius, rim) {
    const rounded = Math.max(Math.round(radius / STEP), 1) * STEP;
    const name = `${shape} ${rounded} ${rim}`;
    let mark = this.marks.get(name);
    if (!mark) {
      const distance = (/** @type {number} */ x, /** @type {number} */ y) =>
        SHAPES[shape].distance(x / rounded, y / rounded) * rounded;
      const reach = 1.45 * rounded; // of the widest shape
      mark = {
        fill: marker(distance, reach, this.width),
        rim: rim ? marker((x, y) => distance(x, y) - rim, reach + rim, this.width) : null,
      };
      if (this.marks.size >= KEPT) this.marks.clear();
      this.marks.set(name, mark);
    }
    return mark;
  }
}

/**
 * @param {import("./shapes.js").Distance} distance in pixels
 * @param {number} reach pixels that it covers at most, from its middle
 * @param {number} width of the target
 * @returns {Marker}
 */
export function marker(distance, reach, width) {
  const size = 2 * Math.ceil(reach + 1) + 1;
  const stamps = [];
  for (let phase = 0; phase < PHASES * PHASES; phase++) {
    const left = (size >> 1) + ((phase % PHASES) + 0.5) / PHASES;
    const top = (size >> 1) + (Math.floor(phase / PHASES) + 0.5) / PHASES;
    stamps.push(stampOf(coverage(distance, size, left, top), size, width));
  }
  return { size, stamps };
}

/** @param {import("./shapes.js").Distance} distance @param {number} size @param {number} left @param {number} top */
function coverage(distance, size, left, top) {
  const cover = new Uint8Array(size * size);
  for (let y = 0, pixel = 0; y < size; y++) {
    for (let x = 0; x < size; x++, pixel++) {
      const inside = 0.5 - distance(x + 0.5 - left, y + 0.5 - top);
      cover[pixel] = Math.round(Math.min(Math.max(inside, 0), 1) * 255);
    }
  }
  return cover;
}

/** @param {Uint8Array} cover @param {number} size @param {number} width @returns {Stamp} */
function stampOf(cover, size, width) {
  const full = [];
  const edge = [];
  const share = [];
  for (let pixel = 0; pixel < cover.length; pixel++) {
    const offset = Math.floor(pixel / size) * width + (pixel % size);
    if (cover[pixel] === 255) full.push(offset);
    else if (cover[pixel]) {
      edge.push(offset);
      share.push(cover[pixel]);
    }
  }
  return { full: Int32Array.from(full), edge: Int32Array.from(edge), share: Uint8Array.from(share), cover };
}
