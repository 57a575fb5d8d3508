/**
 * Markers as pixels: how much of each pixel a shape covers, for every fraction of a pixel it may be off.
 *
 * @typedef {{full: Int32Array, edge: Int32Array, share: Uint8Array, cover: Uint8Array}} Stamp offsets of the pixels that
 *   are covered wholly, and of those covered partly, with the part (1..254); and the part of each pixel of the square
 * @typedef {{size: number, stamps: Stamp[]}} Stamps a square of size x size pixels round it, for PHASES x PHASES offsets
 * @typedef {{fill: Stamps, rim: Stamps | null}} Marker and what is laid under it so that it stands out
 */

import { SHAPES } from "./shapes.js";

/** Fractions of a pixel that are told apart, an axis. */
export const PHASES = 4;

const KEPT = 160; // markers: a zoom from end to end takes about 60 of one shape
const STEP = 0.125; // pixels: radii are rounded to it

/** Keeps the markers that were made, for one width of target. */
export class MarkerCache {
  /** @param {number} width of the target, pixels: stamps know how far the next line is */
  constructor(width) {
    this.width = width;
    /** @type {Map<string, Marker>} */
    this.markers = new Map();
  }

  /**
   * @param {number} shape index of SHAPES
   * @param {number} radius pixels
   * @param {number} rim pixels round it, 0 for none
   * @returns {Marker}
   */
  marker(shape, radius, rim) {
    const rounded = Math.max(Math.round(radius / STEP), 1) * STEP;
    const name = `${shape} ${rounded} ${rim}`;
    const marker = this.markers.get(name) ?? this.make(shape, rounded, rim);
    if (this.markers.size >= KEPT) this.markers.clear();
    this.markers.set(name, marker);
    return marker;
  }

  /** @param {number} shape @param {number} radius @param {number} rim @returns {Marker} */
  make(shape, radius, rim) {
    const { distance } = SHAPES[shape];
    const reach = 1.45 * radius; // of the widest shape
    const grown = (/** @type {number} */ by) =>
      stampsOf((x, y) => distance(x / radius, y / radius) * radius - by, reach + by, this.width);
    return { fill: grown(0), rim: rim ? grown(rim) : null };
  }
}

/**
 * @param {import("./shapes.js").Distance} distance in pixels
 * @param {number} reach pixels that it covers at most, from its middle
 * @param {number} width of the target
 * @returns {Stamps}
 */
export function stampsOf(distance, reach, width) {
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
