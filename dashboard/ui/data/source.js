/**
 * Fetches the files a map is made of, each once, and forgets answers that come too late.
 *
 * @typedef {{
 *   n: number, points: string, columns: string | null, ids: string | null, sheets: import("../render/atlas.js").Sheets | null, lacking: string,
 *   class_names: string[], margin_range: Range,
 *   paints: import("../render/theme.js").DataPaints, run: string,
 *   grid?: GridFile | null, neighbours?: {url: string} | null, exports?: {csv: string, zip?: string} | null,
 *   posters?: PosterFile[], extra?: ExtraFile | null, table?: import("./table.js").TableFiles | null, flips?: import("../rows/flip_rows.js").FlipFiles | null, linked?: boolean, chosen?: string, guests?: GuestFiles | null, refusal?: string,
 *   served?: boolean, apart?: boolean, trust?: Trust | null, seed: Partial<import("../session/seeds.js").Seed> | null, label: string,
 * }} Data what Python sends; columns: null without a classifier; linked: whether the address is about these points, by default it is;
 *   served: whether a server answers, which knows more than a site's files, by default it does; apart: whether what it
 *   shows is no other map's business: it stands beside something, and neither remembers nor recalls a view;
 *   lacking: why there are no sheets, where there should be; refusal: why nothing is computed for this viewer, no grid and no poster
 * @typedef {{of: number, kept: number, trustworthiness: number | null, continuity: number | null}} Trust how many of so many neighbours
 *   the map keeps, on average; of: 0 where there are too few images to tell
 * @typedef {{url: string, columns: number, rows: number}} GridFile
 * @typedef {{url: string, session: string, images: string, most: number, refusal: string}} GuestFiles url: takes a picture; images: of either split;
 *   most: bytes of a file; refusal: why no picture can be asked of this run, or ""
 * @typedef {{title: string, url: string}} PosterFile
 * @typedef {{name: string, title: string, url: string, low: number, high: number, words: [string, string],
 *   paint: "kept" | "common", above: number | null}} ExtraFile above: from here on a row is drawn above the others
 * @typedef {{points: import("./columns.js").Points, columns: Columns, ids: string[], extra: Uint8Array}} Files what they hold
 * @typedef {keyof Files} What
 * @typedef {import("./columns.js").Range} Range
 * @typedef {import("./columns.js").Columns & {range: Range}} Columns
 */

import { decodeBytes, decodeColumns, decodePoints, get } from "./columns.js";

/** @param {string} path @returns {string} relative to the server's base, wherever the page is */
export function address(path) {
  return new URL(`../../../../${path}`, import.meta.url).href;
}

/** @param {Pick<Data, "sheets">} data @returns {import("../render/atlas.js").Sheets | null} with whole addresses */
export function sheetsOf({ sheets }) {
  return sheets && { ...sheets, urls: sheets.urls.map(address) };
}

/** Nothing is known of any points. @type {Files["points"]} */
export const NO_POINTS = Object.freeze({ n: 0, x: new Uint16Array(), y: new Uint16Array(), label: new Uint8Array() });

export class Source {
  wanted = { points: "", columns: "", ids: "", extra: "" };
  points = NO_POINTS; // until they come
  /** @type {Columns | null} */
  columns = null;
  /** @type {string[] | null} */
  ids = null;
  /** @type {Uint8Array | null} */
  extra = null;

  /** @param {(change: What, error?: Error) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
  }

  /** @param {Data} data */
  request(data) {
    const wide = data.class_names.length > 255;
    this.fetch("points", data.points, async (file) => decodePoints(await file.arrayBuffer(), data.n, wide));
    const range = data.margin_range;
    if (data.columns === null) return;
    this.fetch("columns", data.columns, async (file) => ({ ...decodeColumns(await file.arrayBuffer(), data.n, wide), range }));
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
    this.points = NO_POINTS;
    this.columns = this.ids = this.extra = null;
  }

  /** The same images will lie elsewhere: what is known of how well they lay counts no more. */
  forgetExtra() {
    this.wanted.extra = "";
    this.extra = null;
  }

  /**
   * @template {What} W
   * @param {W} what
   * @param {string} path
   * @param {(file: Response) => Promise<Files[W]>} read
   */
  async fetch(what, path, read) {
    if (this.wanted[what] === path) return;
    this.wanted[what] = path;
    try {
      const content = await read(await get(address(path)));
      if (this.wanted[what] !== path) return;
      Object.assign(this, { [what]: content });
      this.onChange(what);
    } catch (error) {
      if (this.wanted[what] !== path) return;
      this.wanted[what] = "";
      this.onChange(what, /** @type {Error} */ (error));
    }
  }
}
