/**
 * What is known of each image, which of it colours the map, and what of it is still to come.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "page"> & {rows: import("./rows.js").Rows}} Needs
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 */

import { attributesOf, wrongRows } from "../data/attributes.js";
import { filtersOf } from "../state/lit_rows.js";
import { TableColumns } from "./table_columns.js";

const TRUE = "true"; // is there in any case

export class Attributes {
  /** @param {Needs} map @param {(title: string, error?: Error) => void} onColumn a column of a table has come, or cannot */
  constructor(map, onColumn) {
    this.map = map;
    this.missed = ""; // the colour that was chosen, of a column that another projection does not have, or that is not there yet
    this.table = new TableColumns(onColumn);
    /** @type {{of: unknown[], list: Attribute[]}} list: of these files */
    this.found = { of: [], list: [] };
    /** @type {{of: unknown[], rows: Uint8Array | null}} */
    this.judged = { of: [], rows: null };
  }

  /** @returns {Attribute[]} all of them, in the order in which people are asked */
  get list() {
    const { rows, page } = this.map;
    const { data, points, columns } = rows;
    this.table.hear(data);
    const of = [points, columns, data, rows.extra, page.groups, this.table.list];
    if (of.some((one, i) => one !== this.found.of[i])) {
      const known = { names: data.class_names, points, columns, judged: data.columns !== null, extra: data.extra ?? null, kept: rows.extra };
      this.found = { of, list: attributesOf({ ...known, wrong: this.wrong, groups: page.groups ?? null, table: this.table.list }) };
    }
    return this.found.list;
  }

  /** @returns {Uint8Array | null} 1 where the prediction is wrong */
  get wrong() {
    const { points, columns } = this.map.rows;
    if (this.judged.of[0] !== points || this.judged.of[1] !== columns) this.judged = { of: [points, columns], rows: wrongRows(points, columns) };
    return this.judged.rows;
  }

  /** @param {string} name @returns {Attribute | undefined} */
  find(name) {
    return this.list.find((one) => one.name === name);
  }

  /** What the map is coloured by. @returns {Attribute} */
  get shown() {
    const chosen = this.find(this.map.view.value.colourBy);
    return chosen?.values ? chosen : /** @type {Attribute} */ (this.find(TRUE));
  }

  /** What the points can be coloured by here. @returns {Attribute[]} */
  get choices() {
    return this.list.filter(({ kind }) => kind !== "text");
  }

  /** What a view can speak of. @returns {import("../state/view_hash.js").Limits} */
  get limits() {
    const { n, class_names: names } = this.map.rows.data;
    const { groups } = this.map.page;
    const others = this.list.filter((one) => one.further || one.name === groups?.name);
    const further = Object.fromEntries(others.map(({ name, kind }) => [name, kind]));
    const known = Object.fromEntries(others.filter(({ names }) => names.length).map(({ name, names }) => [name, names.length]));
    return { n, classes: names.length, colours: this.choices.map(({ name }) => name), further, names: known };
  }

  /** Python says something: a column may be gone, and its colour with it, or there again. */
  hear() {
    const { view } = this.map;
    const { colourBy } = view.value;
    const has = (/** @type {string} */ name) => this.choices.some((one) => one.name === name);
    if (!has(colourBy)) {
      this.missed = colourBy;
      view.set({ colourBy: TRUE });
    } else if (this.missed && has(this.missed)) {
      if (colourBy === TRUE) view.set({ colourBy: this.missed });
      this.missed = "";
    }
  }

  /** @returns {boolean} whether a colour or a filter needs what is not there yet; it is asked for then */
  awaited() {
    const view = this.map.view.value;
    const names = new Set([view.colourBy, ...filtersOf(view).map(([name]) => name)]);
    return [...names].map((name) => this.wants(name)).some(Boolean); // all are asked for at once
  }

  /** @param {string} name @returns {boolean} whether it is there, or nowhere, or else has been asked for */
  wants(name) {
    const { rows } = this.map;
    const wanted = this.find(name);
    if (!wanted || wanted.values || wanted.texts) return false;
    if (wanted.further) return this.table.awaited(name, rows.data);
    if (name === rows.data.extra?.name) rows.requestExtra(rows.data);
    return true;
  }

  /** Asks for columns that nobody waits for. @param {string[]} names @returns {Attribute[]} those that there are */
  all(names) {
    for (const name of names) this.wants(name);
    return names.map((name) => this.find(name)).filter((one) => one !== undefined);
  }

  /** One that could not be loaded: nothing depends on it any more. @param {string} name */
  giveUp(name) {
    const { view } = this.map;
    const { colourBy, where, listed } = view.value;
    const { [name]: _, ...others } = where;
    view.set({ ...(colourBy === name && { colourBy: TRUE }), where: others, listed: listed.filter((one) => one !== name) });
  }
}
