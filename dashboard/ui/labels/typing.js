/**
 * A field for what is typed: a class, a tag, a note, with what there is to choose from below it.
 *
 * @typedef {{label: string, value: string, options: string[], free: boolean, longest: number, done: (text: string) => void}} Asked options:
 *   the first one is taken where nothing else fits better; free: whether any text will do; longest: in characters
 */

import { button, closest, element } from "../dom/element.js";

const SHOWN = 8; // options

export class Typing {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.at = 0;
    /** @type {Asked | null} */
    this.asked = null;
    this.field = element("input", { type: "text", autocomplete: "off", role: "combobox", "aria-autocomplete": "list", "aria-controls": "options", "aria-expanded": "true" });
    this.label = element("label", {}, element("span"), this.field);
    this.list = element("div", { id: "options", role: "listbox", class: "options" });
    this.close = button({ class: "close" }, "Cancel");
    host.append(this.label, this.list, this.close);
    this.field.addEventListener("input", () => this.listed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.take(closest(event, "[role=option]")?.dataset.value));
    this.close.addEventListener("click", () => this.leave());
  }

  /** @param {Asked} asked @param {Element | null} from what gets the focus back */
  open(asked, from) {
    this.asked = asked;
    this.from = from;
    this.host.hidden = false;
    /** @type {HTMLElement} */ (this.label.firstElementChild).textContent = asked.label;
    this.list.setAttribute("aria-label", asked.label);
    this.field.maxLength = asked.longest;
    this.field.value = asked.value;
    this.listed();
    this.field.focus();
    this.field.select();
  }

  leave() {
    if (this.host.hidden) return;
    this.host.hidden = true;
    this.asked = null;
    if (this.from instanceof HTMLElement) this.from.focus({ preventScroll: true });
    else this.field.blur();
  }

  /** @returns {string[]} the options that fit what is typed: those that begin with it first */
  get fitting() {
    const typed = this.field.value.trim().toLowerCase();
    const options = this.asked?.options ?? [];
    const begin = options.filter((option) => option.toLowerCase().startsWith(typed));
    const hold = options.filter((option) => !begin.includes(option) && option.toLowerCase().includes(typed));
    return [...begin, ...hold].slice(0, SHOWN);
  }

  listed() {
    this.at = 0;
    this.draw();
  }

  draw() {
    const chosen = this.asked?.free ? this.at - 1 : this.at; // of a free text the first choice is what is typed
    const options = this.fitting.map((option, i) =>
      element("div", { role: "option", id: `option-${i}`, "data-value": option, "aria-selected": i === chosen }, option),
    );
    const none = options.length || this.asked?.free ? [] : [element("div", { role: "option", "aria-disabled": "true" }, "There is no such class.")];
    this.list.replaceChildren(...options, ...none);
    if (options[chosen]) this.field.setAttribute("aria-activedescendant", `option-${chosen}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.leave();
    else if (event.key === "Enter") this.take(this.chosen);
    else if (step) {
      const most = this.fitting.length - (this.asked?.free ? 0 : 1);
      this.at = Math.min(Math.max(0, most), Math.max(0, this.at + step));
      this.draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @returns {string | undefined} */
  get chosen() {
    if (!this.asked?.free) return this.fitting[this.at];
    return this.at > 0 ? this.fitting[this.at - 1] : this.field.value.trim();
  }

  /** @param {string | undefined} text */
  take(text) {
    const { asked } = this;
    if (text === undefined || !asked) return;
    this.leave();
    asked.done(text);
  }
}
