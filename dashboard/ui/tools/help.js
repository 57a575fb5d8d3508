/** Lists keys and gestures over the map. */

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
  /** @param {HTMLElement} root @param {HTMLElement | null} button that opens it */
  constructor(root, button) {
    this.button = button;
    this.element = document.createElement("div");
    this.element.className = "help";
    this.element.setAttribute("role", "dialog");
    this.element.setAttribute("aria-label", "Keys and gestures");
    this.element.tabIndex = -1;
    this.element.hidden = true;
    this.element.append(list());
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle());
    this.element.addEventListener("focusout", () => this.set(false));
    this.element.addEventListener("click", () => this.toggle());
    root.querySelector(".frame")?.append(this.element);
  }

  toggle() {
    const opens = this.element.hidden;
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

  close() {
    this.element.remove();
  }
}

/** @returns {HTMLElement} */
function list() {
  const made = document.createElement("dl");
  for (const [hand, meaning] of LINES) {
    const [term, text] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = hand;
    text.textContent = meaning;
    made.append(term, text);
  }
  return made;
}
