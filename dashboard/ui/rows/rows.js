/** What is known of the images on the map: what Python says of all of them, and what the files say of each. */

import { factsOf } from "../data/facts.js";
import { Source } from "../data/source.js";

export class Rows extends Source {
  /**
   * @param {import("../data/source.js").Data} data
   * @param {import("../map/capabilities.js").Appearance} appearance
   * @param {(what: import("../data/source.js").What, error?: Error) => void} onChange
   */
  constructor(data, appearance, onChange) {
    super(onChange);
    this.data = data;
    this.appearance = appearance;
  }

  /** @param {number} row @returns {import("../data/facts.js").Facts} */
  facts(row) {
    return factsOf(row, this, this.data.class_names, this.appearance.paints.classes, this.data.extra?.high);
  }
}
