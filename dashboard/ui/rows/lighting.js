/**
 * Keeps which rows are lit, and notices when that changes.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows"> & {attributes: import("./attributes.js").Attributes, flips: import("./flip_rows.js").FlipRows}} Needs
 */

import { countOf, FIELDS, filtersPredictions, labelsOf, litRows, withLabels } from "../state/lit_rows.js";

export class Lighting {
  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    this.forget();
  }

  forget() {
    /** 1 where the filters leave a row @type {Uint8Array} */
    this.lit = new Uint8Array();
    /** 1 where those beside the legend do, which counts them @type {Uint8Array} */
    this.passing = this.lit;
    /** @type {number} */
    this.count = 0;
    /** What changed while the map waited. @type {Set<string>} */
    this.kept = new Set();
  }

  /**
   * @param {Set<string>} changed what is kept while waiting is added to it afterwards
   * @returns {boolean} whether the view needs a file that is not there yet
   */
  waits(changed) {
    const waiting = this.needsMore();
    const [from, to] = waiting ? [changed, this.kept] : [this.kept, changed];
    for (const name of from) to.add(name);
    if (!waiting) this.kept.clear();
    return waiting;
  }

  /** @returns {boolean} */
  needsMore() {
    return this.map.attributes.awaited();
  }

  /** @param {Set<string>} changed @returns {boolean} whether other rows may be lit after it */
  follow(changed) {
    if (!this.matters(changed)) return false;
    const { view, rows, attributes } = this.map;
    const rowsFor = (/** @type {import("../state/view_store.js").View} */ wanted) => {
      const lit = litRows(wanted, rows.points.n, attributes.list, rows.ids);
      this.map.flips.keep(lit, wanted.flips);
      return lit;
    };
    const { colourBy } = view.value;
    this.lit = rowsFor(view.value);
    this.passing = labelsOf(view.value, colourBy).length ? rowsFor({ ...view.value, ...withLabels(view.value, colourBy, []) }) : this.lit;
    this.count = countOf(this.lit);
    return true;
  }

  /** @param {Set<string>} changed @returns {boolean} */
  matters(changed) {
    const { text, colourBy } = this.map.view.value;
    if (changed.has("colourBy") && (this.lit !== this.passing || labelsOf(this.map.view.value, colourBy).length)) return true;
    if (changed.has("points") || changed.has("table") || FIELDS.some((name) => changed.has(name))) return true;
    if (changed.has("columns") && filtersPredictions(this.map.view.value)) return true;
    return changed.has("ids") && text !== "";
  }
}
