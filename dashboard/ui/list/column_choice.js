/**
 * Chooses which columns of a table the list of images shows beside its own.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "attributes" | "signal">} Needs
 */

import { element, write } from "../dom/element.js";
import { Dropdown } from "../filters/dropdown.js";
import { same } from "../state/view_store.js";

export class ColumnChoice {
  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    /** @type {(readonly [string, string])[]} names and titles */
    this.offered = [];
    this.list = element("div", { class: "names" });
    this.dropdown = new Dropdown("Columns of the table", [this.list], map.signal, "column-choice");
    this.element = this.dropdown.element;
    this.element.hidden = true;
    this.list.addEventListener("change", () => this.choose());
  }

  /** @returns {HTMLInputElement[]} */
  get boxes() {
    return [...this.list.querySelectorAll("input")];
  }

  choose() {
    this.map.view.set({ listed: this.boxes.filter((box) => box.checked).map((box) => box.value) });
  }

  /** @returns {boolean} whether there is something to choose */
  show() {
    const columns = this.map.attributes.list.filter(({ further }) => further);
    const told = columns.map(({ name, title }) => /** @type {const} */ ([name, title]));
    const { listed } = this.map.view.value;
    if (!same(told, this.offered)) {
      this.offered = told;
      const lines = told.map(([value, title]) =>
        element("label", { class: "name-line" }, element("input", { type: "checkbox", value }), element("span", { class: "name", title }, title)));
      this.list.replaceChildren(...lines);
    }
    for (const box of this.boxes) box.checked = listed.includes(box.value);
    write(this.dropdown.summary, listed.length ? `Columns (${listed.length})` : "Columns");
    return told.length > 0;
  }
}
