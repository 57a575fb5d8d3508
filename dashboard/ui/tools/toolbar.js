/**
 * The buttons above the map and on it: colours, layout, tools, zoom, help, full screen.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "tools" | "screen" | "navigation" | "looking" | "selection" | "drawing" | "frame" | "camera" | "appearance" | "atlas" | "extra">} Needs
 */

import { closest, radios } from "../dom/element.js";
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
    /** @type {(readonly [string, string])[]} */
    this.offered = [];
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

  /** @returns {boolean} whether there are other colours to choose from than before */
  offerColours() {
    const colours = this.map.extra.choices.map(({ name, title }) => /** @type {const} */ ([name, title]));
    if (same(colours, this.offered)) return false;
    this.offered = colours;
    const modes = this.host.querySelector(".modes");
    modes?.replaceChildren(...radios("colourBy", colours));
    modes?.toggleAttribute("hidden", colours.length < 2); // nothing to choose
    return true;
  }

  /** @param {Event} event of a radio button */
  choose(event) {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    this.map.view.set({ [name]: value });
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
  const label = /** @type {HTMLElement | null | undefined} */ (row?.querySelector(":checked")?.closest("label"));
  if (!row || !label || row.scrollWidth <= row.clientWidth) return;
  row.scrollLeft = label.offsetLeft - (row.clientWidth - label.offsetWidth) / 2;
}
