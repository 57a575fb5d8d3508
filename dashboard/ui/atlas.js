/**
 * Thumbnails, cut from sheets that are loaded when they are needed.
 *
 * @typedef {{urls: string[], cell: number, columns: number, perSheet: number}} Sheets
 * @typedef {{image: ImageBitmap, left: number, top: number, size: number}} Cell
 */

import { get } from "./columns.js";

const KEPT = 8; // decoded sheets: one of 2048 x 2048 pixels takes 17 MB

export class Atlas {
  /** @param {Sheets | null} sheets @param {() => void} onLoad called when a sheet has arrived, or has failed to */
  constructor(sheets, onLoad) {
    this.sheets = sheets;
    this.onLoad = onLoad;
    /** @type {Map<number, ImageBitmap>} least recently used first */
    this.images = new Map();
    this.loading = new Set();
    this.failed = new Set();
  }

  /** @param {number} row @returns {Cell | "loading" | "missing"} */
  cell(row) {
    if (!this.sheets) return "missing";
    const { cell, columns, perSheet } = this.sheets;
    const index = Math.floor(row / perSheet);
    const image = this.sheet(index);
    if (!image) return this.loading.has(index) ? "loading" : "missing";
    const place = row % perSheet;
    return { image, left: (place % columns) * cell, top: Math.floor(place / columns) * cell, size: cell };
  }

  /** Loads the first sheets before anyone asks. */
  prefetch() {
    const count = Math.min(this.sheets?.urls.length ?? 0, KEPT);
    for (let index = 0; index < count; index++) this.sheet(index);
  }

  /** @param {number} index @returns {ImageBitmap | null} what is not there yet begins to load */
  sheet(index) {
    const image = this.images.get(index);
    if (!image) {
      this.load(index);
      return null;
    }
    this.images.delete(index);
    this.images.set(index, image);
    return image;
  }

  /** @param {number} index */
  async load(index) {
    const url = this.sheets?.urls[index];
    if (!url || this.loading.has(index) || this.failed.has(index)) return;
    this.loading.add(index);
    try {
      const file = await (await get(url)).blob();
      this.keep(index, await createImageBitmap(file));
    } catch {
      this.failed.add(index);
    }
    this.loading.delete(index);
    this.onLoad();
  }

  /** @param {number} index @param {ImageBitmap} image */
  keep(index, image) {
    this.images.set(index, image);
    const [oldest] = this.images.keys();
    if (this.images.size <= KEPT) return;
    this.images.get(oldest)?.close();
    this.images.delete(oldest);
  }

  /** Frees the decoded sheets. */
  close() {
    for (const image of this.images.values()) image.close();
    this.images.clear();
    this.sheets = null;
  }
}
