/**
 * The further columns of the images, each fetched when somebody first asks for it.
 *
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 * @typedef {import("../data/source.js").Data} Data
 */

import { bare, get } from "../data/columns.js";
import { address } from "../data/source.js";
import { attributeName, read, unread } from "../data/table.js";

export class TableColumns {
  /** @param {(title: string, error?: Error) => void} onChange a column has come, or cannot */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Data | null} */
    this.data = null;
    this.of = ""; // whose columns they are
    /** @type {Attribute[]} in the table's order */
    this.list = [];
    /** @type {Set<string>} names of attributes that were asked for */
    this.asked = new Set();
  }

  /** @param {Data} data */
  hear(data) {
    if (data === this.data) return;
    this.data = data;
    const { table } = data;
    const told = (table?.columns ?? []).map(({ name, kind, values, texts }) => [name, kind, bare(values), bare(texts)]);
    if (JSON.stringify(told) === this.of) return;
    this.of = JSON.stringify(told);
    this.list = (table?.columns ?? []).map(unread);
    this.asked = new Set();
  }

  /** @param {string} name of an attribute @param {Data} data @returns {boolean} whether it is a column that is still to come */
  awaited(name, data) {
    const wanted = this.list.find((one) => one.name === name);
    if (!wanted || wanted.values || wanted.texts) return false;
    if (!this.asked.has(name)) this.fetch(name, data);
    return true;
  }

  /** @param {string} name @param {Data} data */
  async fetch(name, { table, n }) {
    const file = table?.columns.find((one) => attributeName(one.name) === name);
    const { of } = this;
    if (!file) return;
    this.asked.add(name);
    try {
      const [bytes, texts] = await Promise.all([
        file.values ? get(address(file.values)).then((answer) => answer.arrayBuffer()) : null,
        file.texts ? get(address(file.texts)).then((answer) => answer.json()) : null,
      ]);
      if (of !== this.of) return;
      const made = read(file, n, { bytes, texts });
      this.list = this.list.map((one) => (one.name === name ? made : one));
      this.onChange(file.name);
    } catch (error) {
      if (of !== this.of) return;
      this.asked.delete(name);
      this.onChange(file.name, /** @type {Error} */ (error));
    }
  }
}
