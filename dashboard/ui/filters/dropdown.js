/** A filter that opens: a title, a button that says what is chosen, and below it what is chosen with. */

import { Disclosure } from "../dom/disclosure.js";
import { button, element, write } from "../dom/element.js";

export class Dropdown {
  /** @param {string} title @param {HTMLElement[]} content @param {AbortSignal} signal ends it @param {string} [kind] class */
  constructor(title, content, signal, kind = "") {
    this.summary = element("span", { class: "drop-summary" });
    this.opener = button({ class: "drop-open" }, this.summary);
    const body = element("div", { class: "drop-body" }, ...content);
    const name = element("span", { class: "filter-title", title }, title);
    this.element = element("div", { class: `filter drop ${kind}`, role: "group", "aria-label": title }, name, this.opener, body);
    this.disclosure = new Disclosure(this.element, this.opener, body, signal);
  }

  /** @param {boolean} open */
  open(open) {
    this.disclosure.open(open);
  }

  /** @param {string} words what is chosen @param {boolean} active whether that is not all */
  say(words, active) {
    write(this.summary, words);
    this.summary.title = words;
    this.element.dataset.active = String(active);
  }
}
