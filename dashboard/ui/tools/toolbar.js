/**
 * The buttons above the map and on it: colours, layout, tools, zoom, help, full screen.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "tools" | "screen" | "navigation" | "looking" | "selection" | "drawing" | "frame" | "camera" | "appearance" | "atlas" | "attributes">} Needs
 */

import { closest, element, radios } from "../dom/element.js";
import { press } from "../input/keys.js";
import { same } from "../state/view_store.js";

/** Which key does the same. @type {Record<string, string>} */
const KEYS = { in: "+", out: "-", home: "0", point: "v", box: "b", lasso: "l", images: "i", full: "f", help: "?" };
const MODES = ["add", "remove"];

export class Toolbar {
  /** @param {HTMLElement} host @param {Needs} map @param {HTMLElement} root where its buttons are */
  constructor(host, map, root = map.frame.root) {
    this.host = host;
    this.map = map;
    this.root = root;
    /** @type {(readonly [string, string])[]} those that are buttons */
    this.offered = [];
    /** @type {(readonly [string, string])[]} all */
    this.told = [];
    this.further = element("select", { class: "further", "aria-label": "Colour the points by a column of the table" });
    this.offerColours();
    host.addEventListener("change", (event) => this.choose(event));
    root.addEventListener("click", (event) => this.click(event));
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { view, tools, screen } = this.map;
    const { colourBy, layout, images, shapes } = view.value;
    const chosen = [colourBy, layout];
    const others = changed.has("data") && this.offerColours();
    if (others || changed.has("colourBy") || changed.has("layout")) {
      for (const input of this.host.querySelectorAll("input")) input.checked = chosen.includes(input.value);
      this.further.value = this.offered.some(([name]) => name === colourBy) ? "" : colourBy;
      this.further.dataset.chosen = String(this.further.value !== "");
      bringIn(this.host.querySelector(".modes"));
    }
    const pressed = { images, shapes, full: screen.isFull };
    for (const [name, on] of Object.entries(pressed)) this.press(name, on);
    for (const name of ["point", "box", "lasso"]) this.press(name, tools.tool === name);
    for (const name of MODES) this.press(name, tools.mode === name);
  }

  /** @param {string} name of a button @param {boolean} on */
  press(name, on) {
    this.root.querySelector(`button[data-do="${name}"]`)?.setAttribute("aria-pressed", String(on));
  }

  /** Those of every run are buttons; columns of a table, which may be many, are listed. @returns {boolean} whether there are others than before */
  offerColours() {
    const { choices } = this.map.attributes;
    const told = choices.map(({ name, title }) => /** @type {const} */ ([name, title]));
    if (same(told, this.told)) return false;
    this.told = told;
    this.offered = told.filter((_, i) => !choices[i].further);
    const listed = told.filter((_, i) => choices[i].further);
    const options = listed.map(([value, title]) => element("option", { value }, title));
    this.further.replaceChildren(element("option", { value: "", hidden: true }, "Column…"), ...options);
    const modes = this.host.querySelector(".modes");
    modes?.replaceChildren(...radios("colourBy", this.offered), ...(listed.length ? [this.further] : []));
    modes?.toggleAttribute("hidden", told.length < 2); // nothing to choose
    return true;
  }

  /** @param {Event} event of a radio button, or of the list */
  choose(event) {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    this.map.view.set({ [event.target === this.further ? "colourBy" : name]: value });
  }

  /** @param {Event} event */
  click(event) {
    const action = closest(event, "button")?.dataset.do;
    if (action === "shapes") this.map.view.set({ shapes: !this.map.view.value.shapes });
    else if (MODES.includes(action ?? "")) this.map.tools.toggleMode(/** @type {"add" | "remove"} */ (action));
    else if (action === "picture") this.savePicture();
    else if (action && KEYS[action]) press(this.map, KEYS[action]);
  }

  /** What makes pictures comes when somebody asks for one. */
  async savePicture() {
    const { savePicture } = await import("./picture.js");
    await savePicture(this.map);
  }
}

/** Scrolls a row of choices that is too narrow for all of them to the chosen one. @param {HTMLElement | null} row */
function bringIn(row) {
  const chosen = row?.querySelector("input:checked")?.closest("label") ?? row?.querySelector('[data-chosen="true"]');
  const label = /** @type {HTMLElement | null | undefined} */ (chosen);
  if (!row || !label || row.scrollWidth <= row.clientWidth) return;
  row.scrollLeft = label.offsetLeft - (row.clientWidth - label.offsetWidth) / 2;
}
