/**
 * What is known of the images on the map: what Python says of all of them, and what the files say of each.
 *
 * @typedef {import("../data/source.js").Data} Data
 */

import { factsOf } from "../data/facts.js";

/** Nothing is known of any points. @type {import("../data/columns.js").Points} */
export const NO_POINTS = Object.freeze({ n: 0, x: new Uint16Array(), y: new Uint16Array(), label: new Uint8Array() });

export class Rows {
  /** @param {Data} data @param {import("../data/source.js").Source} source @param {import("../map/capabilities.js").Appearance} appearance */
  constructor(data, source, appearance) {
    this.data = data;
    this.source = source;
    this.appearance = appearance;
  }

  get points() {
    return this.source.points ?? NO_POINTS;
  }

  get columns() {
    return this.source.columns;
  }

  get ids() {
    return this.source.ids;
  }

  get extra() {
    return this.source.extra;
  }

  /** @param {number} row @returns {import("../data/facts.js").Facts} */
  facts(row) {
    return factsOf(row, this, this.data.class_names, this.appearance.paints.classes, this.data.extra?.high);
  }
}
