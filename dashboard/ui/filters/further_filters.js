/**
 * Filters of the columns of a table, each there once somebody has chosen it: some of its categories, a range of its numbers
 * or dates. Text is searched.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "attributes" | "signal">} Needs
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 * @typedef {import("../state/view_store.js").Filter} Filter
 */

import { element } from "../dom/element.js";
import { titled } from "./fields.js";
import { NamesFilter } from "./names_filter.js";
import { RangeFilter } from "./range_filter.js";

export class FurtherFilters {
  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    /** @type {Map<string, NamesFilter | RangeFilter>} by attribute */
    this.made = new Map();
    this.opened = ""; // to be opened once it is there
    this.offered = "";
    this.add = element("select");
    this.adder = titled("Columns", this.add);
    this.adder.classList.add("adder");
    this.element = element("div", { class: "further-filters" }, this.adder);
    this.add.addEventListener("change", () => this.choose());
  }

  /** Another one is to be there: it needs its column. */
  choose() {
    const name = this.add.value;
    this.add.value = "";
    this.opened = name;
    this.make(name);
    this.map.attributes.all([name]);
    this.update();
  }

  /** @param {string} name */
  make(name) {
    const wanted = this.map.attributes.find(name);
    if (!wanted || this.made.has(name)) return;
    const { signal } = this.map;
    const made = wanted.kind === "category"
      ? new NamesFilter(wanted.title, (labels) => this.set(name, labels.length ? { labels } : null), signal)
      : new RangeFilter(wanted, (range) => this.set(name, range[0] === null && range[1] === null ? null : { range }), signal);
    this.made.set(name, made);
    this.element.insertBefore(made.element, this.adder);
  }

  /** @param {string} name @param {Filter | null} filter */
  set(name, filter) {
    const { [name]: _, ...others } = this.map.view.value.where;
    this.map.view.set({ where: filter ? { ...others, [name]: filter } : others });
  }

  /** Follows the view, and what is there. */
  update() {
    const { attributes, view } = this.map;
    const { where } = view.value;
    this.offer(attributes.list.filter(({ further, kind }) => further && kind !== "text"));
    for (const name of Object.keys(where)) this.make(name);
    for (const [name, made] of this.made) {
      const found = attributes.find(name);
      if (found?.values) made.take(found);
      if (made instanceof NamesFilter) made.show(where[name]);
      else made.show(where[name] && "range" in where[name] ? where[name].range : [null, null]);
      if (found?.values && this.opened === name) this.reveal(made);
    }
  }

  /** @param {NamesFilter | RangeFilter} made whose column has come, after it was chosen */
  reveal(made) {
    this.opened = "";
    made.dropdown.open(true);
    made.dropdown.opener.focus({ preventScroll: true });
  }

  /** @param {Attribute[]} columns that can be filtered */
  offer(columns) {
    const told = JSON.stringify(columns.map(({ name, title, kind }) => [name, title, kind]));
    if (told === this.offered) return this.mark();
    this.offered = told;
    for (const { element: gone } of this.made.values()) gone.remove();
    this.made.clear();
    const options = columns.map(({ name, title }) => element("option", { value: name }, title));
    this.add.replaceChildren(element("option", { value: "" }, "Filter by…"), ...options);
    this.mark();
  }

  /** What is there already is not offered again. */
  mark() {
    const options = [...this.add.options].slice(1);
    for (const option of options) option.hidden = option.disabled = this.made.has(option.value);
    this.adder.hidden = options.every((option) => option.hidden);
    this.element.hidden = !options.length;
  }
}
