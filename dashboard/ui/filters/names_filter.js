/** Chooses some of a column's categories: boxes to tick, with a search where they are many. */

import { element } from "../dom/element.js";
import { Dropdown } from "./dropdown.js";
import { counted, thousands } from "../data/numbers.js";

const MANY = 12; // names; more are searched

export class NamesFilter {
  /**
   * @param {string} title @param {(labels: number[]) => void} onChoose none: all
   * @param {AbortSignal} signal ends it
   */
  constructor(title, onChoose, signal) {
    this.onChoose = onChoose;
    /** @type {string[]} */
    this.names = [];
    /** @type {unknown} what they were listed for */
    this.listed = null;
    this.search = element("input", { type: "search", class: "names-find", spellcheck: "false", hidden: true });
    this.list = element("div", { class: "names" });
    this.dropdown = new Dropdown(title, [this.search, this.list], signal);
    this.element = this.dropdown.element;
    this.search.addEventListener("input", () => this.find());
    this.list.addEventListener("change", () => this.choose());
  }

  /** @param {import("../data/attributes.js").Attribute} attribute */
  take({ names, values }) {
    if (this.listed === values) return;
    this.listed = values;
    this.names = names;
    const counts = new Uint32Array(65536);
    for (const value of values ?? []) counts[value]++;
    const lines = names.map((name, label) =>
      element("label", { class: "name-line" }, element("input", { type: "checkbox", value: label }),
        element("span", { class: "name", title: name }, name), element("span", { class: "count" }, thousands(counts[label]))));
    this.list.replaceChildren(...lines);
    this.search.hidden = names.length <= MANY;
    this.search.placeholder = `Find one of ${counted(names.length, "name")}`;
    this.search.setAttribute("aria-label", this.search.placeholder);
  }

  /** @returns {HTMLInputElement[]} */
  get boxes() {
    return [...this.list.querySelectorAll("input")];
  }

  choose() {
    const chosen = this.boxes.filter((box) => box.checked).map((box) => Number(box.value));
    this.onChoose(chosen.length === this.names.length ? [] : chosen);
  }

  /** Lists the names that hold what was typed. */
  find() {
    const wanted = this.search.value.trim().toLowerCase();
    this.boxes.forEach((box, label) => {
      const line = /** @type {HTMLElement} */ (box.parentElement);
      line.hidden = !this.names[label].toLowerCase().includes(wanted);
    });
  }

  /** @param {import("../state/view_store.js").Filter | undefined} filter */
  show(filter) {
    const labels = filter && "labels" in filter ? filter.labels : [];
    for (const box of this.boxes) box.checked = labels.includes(Number(box.value));
    const said = labels.map((label) => this.names[label]).filter((name) => name !== undefined);
    const words = said.length > 2 ? `${said[0]} and ${said.length - 1} more` : said.join(", ");
    this.dropdown.say(words || "All", labels.length > 0);
  }
}
