/**
 * Chooses which columns the list of images shows as a table, but for the margin, which it always has.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "signal">} Needs
 * @typedef {import("./table_list.js").Column} Column
 */

import { element } from "../dom/element.js";
import { Dropdown } from "../filters/dropdown.js";
import { same } from "../state/view_store.js";
import { MARGIN } from "./table_list.js";

export class ColumnChoice {
  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    /** @type {Column[]} */
    this.offered = [];
    this.list = element("div", { class: "names" });
    this.dropdown = new Dropdown("Columns", [this.list], map.signal, "column-choice");
    this.dropdown.say("Columns", false);
    this.element = this.dropdown.element;
    this.list.addEventListener("change", () => this.choose());
  }

  /** @returns {HTMLInputElement[]} */
  get boxes() {
    return [...this.list.querySelectorAll("input")];
  }

  choose() {
    this.map.view.set({ listed: this.boxes.filter((box) => box.checked).map((box) => box.value) });
  }

  /** @param {Column[]} columns that there are */
  offer(columns) {
    const { listed } = this.map.view.value;
    if (!same(columns, this.offered)) {
      this.offered = columns;
      const lines = columns.filter(({ by }) => by !== MARGIN).map(({ by, title, words }) =>
        element("label", { class: "name-line" }, element("input", { type: "checkbox", value: by }), element("span", { class: "name", title: words }, title)));
      this.list.replaceChildren(...lines);
    }
    for (const box of this.boxes) box.checked = listed.includes(box.value);
  }
}
