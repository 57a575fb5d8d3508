/**
 * Thumbnails, cut from sheets that are loaded when they are needed; few stay decoded at a time.
 *
 * @typedef {{urls: string[], cell: number, columns: number, perSheet: number}} Sheets
 * @typedef {{image: ImageBitmap, left: number, top: number, size: number}} Cell
 * @typedef {import("./mipmaps.js").Mipmap} Mipmap
 * @typedef {Pick<Atlas, "sheets" | "images" | "small" | "failed" | "trouble" | "cell" | "peek" | "want" | "prefetch" | "close">} Thumbnails
 *   what those who show them may use: `cell` loads, `peek` does not
 */

import { getWhole, reasonOf } from "../data/columns.js";
import { makeMipmaps } from "./mipmaps.js";

const KEPT = 6; // decoded sheets: one of 2048 x 2048 pixels takes 17 MB
const SMALL_KEPT = 24; // sheets in small: one takes 5 MB
const AT_ONCE = 2; // sheets being loaded
const NO_PICTURE = "A sheet of images must be a picture. Got another file: the command verify tells which.";

export class Atlas {
  /** @param {Sheets | null} sheets @param {() => void} onLoad called when a sheet has arrived, or has failed to */
  constructor(sheets, onLoad) {
    this.sheets = sheets;
    this.onLoad = onLoad;
    /** @type {Map<number, ImageBitmap>} least recently used first */
    this.images = new Map();
    /** @type {Map<number, Mipmap[]>} least recently used first */
    this.small = new Map();
    this.loading = new Set();
    /** @type {Map<number, string>} sheets that could not be had, and why */
    this.failed = new Map();
    /** @type {number[]} sheets that are to be loaded, the most wanted first */
    this.queue = [];
    /** @type {Set<number>} sheets that are wanted decoded, not only in small */
    this.whole = new Set();
  }

  /** @returns {string} why images are not there; empty where none is missing */
  get trouble() {
    const [reason] = this.failed.values();
    const all = this.failed.size === this.sheets?.urls.length;
    return reason ? `${all ? "The images" : "Some images"} could not be loaded. ${reason}` : "";
  }

  /** @param {number} row @returns {Cell | "loading" | "missing"} what is not there yet begins to load */
  cell(row) {
    const found = this.peek(row);
    if (found === "loading" && this.sheets) this.hurry(Math.floor(row / this.sheets.perSheet));
    return found;
  }

  /** @param {number} row @returns {Cell | "loading" | "missing"} loads nothing: for what a pointer passes on its way */
  peek(row) {
    if (!this.sheets) return "missing";
    const { cell, columns, perSheet } = this.sheets;
    const index = Math.floor(row / perSheet);
    const image = touch(this.images, index);
    if (!image) return this.failed.has(index) || !this.sheets.urls[index] ? "missing" : "loading";
    const place = row % perSheet;
    return { image, left: (place % columns) * cell, top: Math.floor(place / columns) * cell, size: cell };
  }

  /** Loads the first sheets before anyone asks. */
  prefetch() {
    const count = Math.min(this.sheets?.urls.length ?? 0, KEPT);
    this.want(Array.from({ length: count }, (_, index) => index));
  }

  /**
   * Loads what is in view, in small and, of the first few, whole. What was wanted before and has not begun is forgotten.
   *
   * @param {number[]} indices of sheets, the most wanted first
   */
  want(indices) {
    const some = indices.slice(0, SMALL_KEPT);
    for (const index of some.toReversed()) {
      touch(this.small, index); // what is in view stays
      touch(this.images, index);
    }
    this.whole = new Set(some.slice(0, KEPT));
    this.queue = some.filter((index) => this.lacks(index));
    this.next();
  }

  /** @param {number} index @returns {boolean} whether a sheet is not there as it is wanted */
  lacks(index) {
    return !this.small.has(index) || (this.whole.has(index) && !this.images.has(index));
  }

  /** @param {number} index wanted before all others */
  hurry(index) {
    this.whole.add(index);
    this.queue = [index, ...this.queue.filter((other) => other !== index)].slice(0, SMALL_KEPT);
    this.next();
  }

  next() {
    while (this.loading.size < AT_ONCE) {
      const index = this.queue.shift();
      if (index === undefined) return;
      const known = this.loading.has(index) || this.failed.has(index);
      if (this.sheets?.urls[index] && !known && this.lacks(index)) this.load(index); // it may have come meanwhile
    }
  }

  /** @param {number} index */
  async load(index) {
    const { sheets } = this;
    if (!sheets) return;
    this.loading.add(index);
    try {
      const file = await getWhole(sheets.urls[index]);
      const image = await createImageBitmap(file).catch(() => Promise.reject(new Error(NO_PICTURE)));
      if (this.sheets !== sheets) return image.close(); // closed meanwhile
      const { width, height } = image;
      if (this.whole.has(index)) keep(this.images, index, image, KEPT)?.close();
      else image.close();
      const mipmaps = this.small.get(index) ?? (await makeMipmaps(file, width, height, sheets.cell));
      if (this.sheets === sheets) keep(this.small, index, mipmaps, SMALL_KEPT);
    } catch (error) {
      this.failed.set(index, reasonOf(error));
    }
    this.loading.delete(index);
    if (this.sheets !== sheets) return;
    this.onLoad();
    this.next();
  }

  /** Frees the decoded sheets. */
  close() {
    for (const image of this.images.values()) image.close();
    this.images.clear();
    this.small.clear();
    this.queue = [];
    this.sheets = null;
  }
}

/** @template V @param {Map<number, V>} map @param {number} key @returns {V | null} now the most recently used */
function touch(map, key) {
  const value = map.get(key);
  if (value === undefined) return null;
  map.delete(key);
  map.set(key, value);
  return value;
}

/**
 * @template V
 * @param {Map<number, V>} map @param {number} key @param {V} value
 * @param {number} most that it may hold
 * @returns {V | undefined} what had to go
 */
function keep(map, key, value, most) {
  map.set(key, value);
  if (map.size <= most) return undefined;
  const [oldest] = map.keys();
  const gone = map.get(oldest);
  map.delete(oldest);
  return gone;
}
