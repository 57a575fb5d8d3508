/**
 * What the points are coloured by: a button that says it, and below it all that there is to choose, columns of a table too.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "attributes" | "signal">} Needs
 */

import { Disclosure } from "../dom/disclosure.js";
import { button, element, radios, write } from "../dom/element.js";
import { same } from "../state/view_store.js";

export class ColourMenu {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    /** @type {(readonly [string, string])[]} names and titles of what there is to choose */
    this.told = [];
    this.current = element("span", { class: "tool-value" });
    this.modes = element("div", { class: "modes", role: "radiogroup", "aria-label": "Colour the points by" });
    const opener = button({ class: "tool-open" }, element("span", { class: "tool-name" }, "Colour "), this.current);
    const body = element("div", { class: "drop-body" }, this.modes);
    host.classList.add("drop");
    host.replaceChildren(opener, body);
    this.disclosure = new Disclosure(host, opener, body, map.signal);
    this.modes.addEventListener("change", ({ target }) => map.view.set({ colourBy: /** @type {HTMLInputElement} */ (target).value }));
    this.modes.addEventListener("click", (event) => event.detail && this.disclosure.shut()); // by hand: keys may go on
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (changed.has("data")) this.offer();
    if (!changed.has("data") && !changed.has("colourBy")) return;
    const { colourBy } = this.map.view.value;
    for (const input of this.modes.querySelectorAll("input")) input.checked = input.value === colourBy;
    write(this.current, this.told.find(([name]) => name === colourBy)?.[1] ?? "");
  }

  offer() {
    const told = this.map.attributes.choices.map(({ name, title }) => /** @type {const} */ ([name, title]));
    if (same(told, this.told)) return;
    this.told = told;
    this.modes.replaceChildren(...radios("colourBy", told));
    this.host.hidden = told.length < 2; // nothing to choose
  }
}
