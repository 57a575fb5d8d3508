/**
 * Fetches the files a map is made of, each once, and forgets answers that come too late.
 *
 * @typedef {{
 *   n: number, points: string, columns: string, ids: string | null, sheets: import("../render/atlas.js").Sheets | null,
 *   class_names: string[], margin_range: import("./columns.js").Range, paints: {light: object, dark: object},
 *   run: string, C?: number, path?: import("../map/penalty.js").PathPoint[], neighbours?: {url: string} | null, linked?: boolean,
 *   extra?: ExtraFile | null, flips?: import("../tools/flips.js").FlipRows | null, seed: Partial<import("../session/seeds.js").Seed>, label: string,
 * }} Data what Python sends; linked: whether the address is about these points, by default it is
 * @typedef {{name: string, title: string, url: string, low: number, high: number, words: [string, string],
 *   paint: "kept" | "common", above: number | null}} ExtraFile above: from here on a row is drawn above the others
 * @typedef {"points" | "columns" | "ids" | "extra"} What
 */

import { decodeBytes, decodeColumns, decodePoints, get } from "./columns.js";

/** @param {string} path @returns {string} relative to the server's base, wherever the page is */
export function address(path) {
  return new URL(`../../../../${path}`, import.meta.url).href;
}

/** @param {Data} data @returns {import("../render/atlas.js").Sheets | null} with whole addresses */
export function sheetsOf({ sheets }) {
  return sheets && { ...sheets, urls: sheets.urls.map(address) };
}

export class Source {
  /** @param {(change: What, error?: Error) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.wanted = { points: "", columns: "", ids: "", extra: "" };
    this.points = null;
    this.columns = null;
    /** @type {string[] | null} */
    this.ids = null;
    /** @type {Uint8Array | null} */
    this.extra = null;
    this.range = null;
  }

  /** @param {Data} data */
  request(data) {
    const wide = data.class_names.length > 255;
    this.fetch("points", data.points, async (file) => decodePoints(await file.arrayBuffer(), data.n, wide));
    this.fetch("columns", data.columns, async (file) => {
      const columns = decodeColumns(await file.arrayBuffer(), data.n, wide);
      return { ...columns, range: data.margin_range };
    });
  }

  /** @param {Data} data names are for later: they must not delay the points */
  requestIds(data) {
    if (data.ids) this.fetch("ids", data.ids, (file) => file.json());
  }

  /** @param {Data} data a column for a colour that most viewers never choose */
  requestExtra({ extra, n }) {
    if (extra) this.fetch("extra", extra.url, async (file) => decodeBytes(await file.arrayBuffer(), n));
  }

  /** The rows are those of another map: what was fetched for it is asked for again, even from the same address. */
  forget() {
    this.wanted = { points: "", columns: "", ids: "", extra: "" };
    this.points = this.columns = this.ids = this.extra = null;
  }

  /** The same images will lie elsewhere: what is known of how well they lay counts no more. */
  forgetExtra() {
    this.wanted.extra = "";
    this.extra = null;
  }

  /**
   * @param {What} what
   * @param {string} path
   * @param {(file: Response) => Promise<any>} read
   */
  async fetch(what, path, read) {
    if (this.wanted[what] === path) return;
    this.wanted[what] = path;
    try {
      const content = await read(await get(address(path)));
      if (this.wanted[what] !== path) return;
      this[what] = content;
      this.onChange(what);
    } catch (error) {
      if (this.wanted[what] !== path) return;
      this.wanted[what] = "";
      this.onChange(what, /** @type {Error} */ (error));
    }
  }
}
