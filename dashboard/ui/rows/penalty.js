/**
 * Which C the map shows: one of those along the run's path, chosen here or elsewhere on the page.
 *
 * @typedef {import("../data/source.js").Data} Data
 * @typedef {import("../map/capabilities.js").Uses<"send"> & {rows: import("./rows.js").Rows}} Needs
 */

import { Echo } from "../session/echo.js";

export class Penalty {
  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    this.echo = new Echo(/** @type {number | null} */ (null));
  }

  /** @returns {number | null} */
  get value() {
    return this.echo.value;
  }

  /** @returns {import("../data/source.js").PathPoint[]} */
  get path() {
    return this.map.rows.data.path ?? [];
  }

  /** Another run: what was chosen for the last one means nothing. */
  forget() {
    this.echo = new Echo(/** @type {number | null} */ (null));
  }

  /** @param {Data} data what Python says @returns {Data} with the files of the C in use */
  hear(data) {
    this.echo.hear(data.C ?? null);
    return this.applied(data);
  }

  /** @param {Data} data @returns {Data} */
  applied(data) {
    const point = data.path?.find(({ C }) => C === this.echo.value);
    return point ? { ...data, columns: point.columns, margin_range: point.range } : data;
  }

  /** Shows another C at once, and tells Python. @param {number} C */
  choose(C) {
    if (C === this.echo.value || !this.path.some((point) => point.C === C)) return;
    this.echo.choose(C);
    this.map.rows.request(this.applied(this.map.rows.data));
    this.map.send("C", C);
  }
}
