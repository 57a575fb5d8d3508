/** A filter that opens: a title, a button that says what is chosen, and below it what is chosen with. */

import { button, element, write } from "../dom/element.js";
import { whenLeft } from "../dom/when_left.js";

export class Dropdown {
  /** @param {string} title @param {HTMLElement[]} content @param {AbortSignal} signal ends it @param {string} [kind] class */
  constructor(title, content, signal, kind = "") {
    this.summary = element("span", { class: "drop-summary" });
    this.opener = button({ class: "drop-open", "aria-expanded": false }, this.summary);
    this.body = element("div", { class: "drop-body", tabindex: -1 }, ...content); // a press between its fields must not lose the focus
    const name = element("span", { class: "filter-title", title }, title);
    this.element = element("div", { class: `filter drop ${kind}`, role: "group", "aria-label": title }, name, this.opener, this.body);
    this.body.hidden = true;
    this.opener.addEventListener("click", () => this.open(Boolean(this.body.hidden)));
    this.element.addEventListener("keydown", (event) => this.key(event));
    whenLeft(this.element, signal, () => this.open(false));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || this.body.hidden) return;
    event.stopPropagation();
    this.open(false);
    this.opener.focus();
  }

  /** @param {boolean} open */
  open(open) {
    this.body.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.keepInSight();
  }

  /** The last ones of a line open to the left. */
  keepInSight() {
    this.body.dataset.side = "left";
    const room = /** @type {HTMLElement} */ (this.element.closest(".filters") ?? this.element).getBoundingClientRect();
    if (this.body.getBoundingClientRect().right > room.right) this.body.dataset.side = "right";
  }

  /** @param {string} words what is chosen @param {boolean} active whether that is not all */
  say(words, active) {
    write(this.summary, words);
    this.summary.title = words;
    this.element.dataset.active = String(active);
  }
}
