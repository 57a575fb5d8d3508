/** What opens below a button, and closes when the viewer turns elsewhere or presses Escape. */

import { whenLeft } from "./when_left.js";

export class Disclosure {
  /**
   * @param {HTMLElement} place of button and body: whoever leaves it closes it
   * @param {HTMLElement} opener a button @param {HTMLElement} body what opens @param {AbortSignal} signal ends it
   */
  constructor(place, opener, body, signal) {
    this.place = place;
    this.opener = opener;
    this.body = body;
    body.tabIndex = -1; // a press between its fields must not lose the focus
    this.open(false);
    opener.addEventListener("click", () => this.open(body.hidden === true));
    place.addEventListener("keydown", (event) => this.key(event));
    whenLeft(place, signal, () => this.open(false));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || this.body.hidden) return;
    event.stopPropagation();
    this.shut();
  }

  /** Closes it; the button has the focus again. */
  shut() {
    this.open(false);
    this.opener.focus({ preventScroll: true });
  }

  /** @param {boolean} open */
  open(open) {
    this.body.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.keepInSight();
  }

  /** What would be cut off on the right opens to the left, and what would be below, above the button. */
  keepInSight() {
    const { dataset } = this.body;
    [dataset.side, dataset.rise] = ["left", "false"];
    const room = (this.place.closest(".lb-map") ?? document.documentElement).getBoundingClientRect();
    const { right, bottom, height } = this.body.getBoundingClientRect();
    if (right > room.right) dataset.side = "right";
    if (bottom > room.bottom && this.opener.getBoundingClientRect().top - height > room.top) dataset.rise = "true";
  }
}
