/** Keys and gestures, listed over the map: opens the dialog, and closes it when the viewer goes on. */

import { find } from "../dom/element.js";

export class Help {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.dialog = /** @type {HTMLDialogElement} */ (find(root, ".help"));
    this.button = root.querySelector('button[data-do="help"]');
    this.dialog.addEventListener("keydown", (event) => event.key === "Escape" && this.dialog.close());
    for (const end of ["focusout", "click"]) this.dialog.addEventListener(end, () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.button?.setAttribute("aria-expanded", "false"));
  }

  toggle() {
    if (this.dialog.open) return this.dialog.close(); // and what had the focus has it again
    this.dialog.show();
    this.button?.setAttribute("aria-expanded", "true");
  }
}
