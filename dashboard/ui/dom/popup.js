/** A button that opens a short menu: arrow keys move in it, Escape and a click elsewhere close it. */

import { button, element, icon } from "./element.js";
import { whenLeft } from "./when_left.js";

const DOWN = "M4 6.5l4 4 4-4";

export class Popup {
  /**
   * @param {HTMLElement} host @param {string} name @param {() => HTMLElement[]} contents made anew at each opening
   * @param {AbortSignal} signal ends it
   */
  constructor(host, name, contents, signal) {
    this.contents = contents;
    this.opener = button({ class: "menu-opener", "aria-haspopup": "menu", "aria-expanded": "false" }, name, icon(DOWN));
    this.menu = element("div", { class: "menu", role: "menu", "aria-label": name, hidden: true });
    this.host = element("div", { class: "menu-host" }, this.opener, this.menu);
    host.append(this.host);
    this.opener.addEventListener("click", () => (this.menu.hidden ? this.open() : this.close()));
    this.host.addEventListener("keydown", (event) => this.key(event));
    whenLeft(this.host, signal, () => this.close());
  }

  open() {
    this.menu.replaceChildren(...this.contents());
    this.menu.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.items[0]?.focus({ preventScroll: true });
  }

  close() {
    if (this.menu.hidden) return;
    this.menu.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
  }

  /** @returns {HTMLElement[]} */
  get items() {
    return [...this.menu.querySelectorAll("button")];
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.menu.hidden) return;
    const { items } = this;
    const at = items.findIndex((item) => item.matches(":focus"));
    /** @type {Record<string, number | undefined>} */
    const goals = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 };
    const goal = goals[event.key];
    if (goal !== undefined) items.at(goal === items.length ? 0 : goal)?.focus();
    else if (event.key === "Escape") this.close();
    else return;
    if (this.menu.hidden) this.opener.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}
