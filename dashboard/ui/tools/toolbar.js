/**
 * The buttons above the map and on it: layout, tools, zoom, help, full screen.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "tools" | "screen" | "navigation" | "looking" | "selection" | "frame">} Needs
 */

import { closest } from "../dom/element.js";
import { press } from "../input/keys.js";

/** Which key does the same. @type {Record<string, string>} */
const KEYS = { in: "+", out: "-", home: "0", point: "v", box: "b", lasso: "l", images: "i", full: "f", help: "?" };
const MODES = ["add", "remove"];

export class Toolbar {
  /** @param {HTMLElement} host @param {Needs} map @param {HTMLElement} root where its buttons are */
  constructor(host, map, root = map.frame.root) {
    this.host = host;
    this.map = map;
    this.root = root;
    /** @type {NodeListOf<HTMLInputElement>} */
    this.layouts = host.querySelectorAll('input[name="layout"]');
    for (const input of this.layouts) input.addEventListener("change", () => map.view.set({ layout: /** @type {"scatter" | "grid"} */ (input.value) }));
    root.addEventListener("click", (event) => this.click(event));
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { view, rows, tools, screen } = this.map;
    const { layout, images, shapes } = view.value;
    if (changed.has("data")) this.offer(rows.data);
    if (changed.has("layout")) for (const input of this.layouts) input.checked = layout === input.value;
    const pressed = { images, shapes, full: screen.isFull };
    for (const [name, on] of Object.entries(pressed)) this.press(name, on);
    for (const name of ["point", "box", "lasso"]) this.press(name, tools.tool === name);
    for (const name of MODES) this.press(name, tools.mode === name);
  }

  /** A grid is not offered where none may be computed. @param {import("../data/source.js").Data} data */
  offer({ grid, refusal = "" }) {
    for (const input of this.layouts) {
      input.disabled = input.value === "grid" && !grid && Boolean(refusal);
      if (input.disabled) /** @type {HTMLElement} */ (input.parentElement).title = refusal;
    }
  }

  /** @param {string} name of a button @param {boolean} on */
  press(name, on) {
    this.root.querySelector(`button[data-do="${name}"]`)?.setAttribute("aria-pressed", String(on));
  }

  /** @param {Event} event */
  click(event) {
    const action = closest(event, "button")?.dataset.do;
    if (action === "shapes") this.map.view.set({ shapes: !this.map.view.value.shapes });
    else if (MODES.includes(action ?? "")) this.map.tools.toggleMode(/** @type {"add" | "remove"} */ (action));
    else if (action && KEYS[action]) press(this.map, KEYS[action]);
  }
}
