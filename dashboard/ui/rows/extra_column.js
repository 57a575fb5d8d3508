/**
 * One more column of numbers that the map can be coloured by, fetched when somebody chooses it.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "appearance" | "page"> & {rows: import("./rows.js").Rows}} Needs
 */

/** What maps can be coloured by, and what people call it; all but the first say what a classifier says. */
const COLOURS = [
  { name: "true", title: "True class" },
  { name: "predicted", title: "Predicted class" },
  { name: "correct", title: "Correct or wrong" },
  { name: "margin", title: "Margin" },
];
const PLAIN = [{ name: "true", title: "Plain" }]; // where there are no classes
const TRUE = "true"; // is there in any case

export class ExtraColumn {
  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    this.missed = ""; // the colour that was chosen, of a column that another projection does not have, or that is not there yet
  }

  /** Python says something: a column may be gone, and its colour with it, or there again. */
  hear() {
    const { view } = this.map;
    const { colourBy } = view.value;
    const { missed } = this;
    if (!this.colours.includes(colourBy)) {
      this.missed = colourBy;
      view.set({ colourBy: TRUE });
    } else if (this.colours.includes(missed)) {
      this.missed = "";
      if (colourBy === TRUE) view.set({ colourBy: missed });
    }
  }

  /** What the points can be coloured by here, and what people call it. @returns {{name: string, title: string}[]} */
  get choices() {
    const { extra, columns, class_names: names } = this.map.rows.data;
    const usual = columns !== null ? COLOURS : names.length ? COLOURS.slice(0, 1) : PLAIN;
    return [this.map.page.groups, ...usual, extra].filter((choice) => choice !== null && choice !== undefined);
  }

  /** @returns {string[]} */
  get colours() {
    return this.choices.map(({ name }) => name);
  }

  /** What a view can speak of. @returns {import("../state/view_hash.js").Limits} */
  get limits() {
    const { n, class_names: names } = this.map.rows.data;
    return { n, classes: names.length, colours: this.colours, groups: this.map.page.groups?.names.length };
  }

  /** @returns {boolean} whether it is chosen and not there yet; it is asked for then */
  awaited() {
    const { rows, view } = this.map;
    const { data } = rows;
    if (!data.extra || view.value.colourBy !== data.extra.name) return false;
    rows.requestExtra(data);
    return !rows.extra;
  }

  /** @returns {import("../render/scales.js").Extra | null} */
  get column() {
    const { extra } = this.map.rows.data;
    const values = this.map.rows.extra;
    if (!extra || !values) return null;
    const { name, title, low, high, words, paint, above } = extra;
    return { name, title, values, top: high, range: [low, high], stops: this.map.appearance.paints[paint] ?? [], words, above };
  }

  /** It could not be loaded. */
  giveUp() {
    if (this.map.view.value.colourBy === this.map.rows.data.extra?.name) this.map.view.set({ colourBy: TRUE });
  }
}
