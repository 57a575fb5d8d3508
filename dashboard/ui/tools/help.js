/** Lists keys and gestures over the map. */

import { element } from "../dom/element.js";

const LINES = [
  ["Drag, wheel, pinch", "move and zoom"],
  ["Click, or tap twice", "pin a card; two compare"],
  ["Shift + drag or click", "add to the selection"],
  ["Alt + drag or click", "take from the selection"],
  ["Ctrl or ⌘ + A", "select all that is lit"],
  ["V, B, L", "point, box, lasso"],
  ["Arrows", "walk to the next point"],
  ["Enter, S", "pin it; add it to the selection"],
  ["+, −, 0", "zoom in, out, show all"],
  ["G, I, F", "grid, images, full screen"],
  ["Esc", "one step back"],
];

export class Help {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {HTMLElement | null} that opens it */
    this.button = root.querySelector('button[data-do="help"]');
    this.back = this.button;
    const lines = LINES.flatMap(([hand, meaning]) => [element("dt", {}, hand), element("dd", {}, meaning)]);
    const attributes = { class: "help", role: "dialog", "aria-label": "Keys and gestures", tabindex: "-1", hidden: true };
    this.element = element("div", attributes, element("dl", {}, ...lines));
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle());
    this.element.addEventListener("focusout", () => this.set(false));
    this.element.addEventListener("click", () => this.toggle());
    root.querySelector(".frame")?.append(this.element);
  }

  toggle() {
    const opens = Boolean(this.element.hidden);
    const before = /** @type {ShadowRoot} */ (this.element.getRootNode()).activeElement;
    if (opens) this.back = /** @type {HTMLElement | null} */ (before) ?? this.button;
    this.set(opens);
    if (opens) this.element.focus({ preventScroll: true });
    else this.back?.focus({ preventScroll: true });
  }

  /** @param {boolean} open */
  set(open) {
    this.element.hidden = !open;
    this.button?.setAttribute("aria-expanded", String(open));
  }
}
