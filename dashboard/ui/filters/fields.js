/**
 * The fields that filters are made of: a title with a control, a choice of a few, a search.
 *
 * @typedef {import("../state/view_store.js").View} View
 */

import { button, element } from "../dom/element.js";
import { same } from "../state/view_store.js";

const PAUSE = 120; // milliseconds after the last key of a search

/** @param {string} title @param {HTMLElement} control @returns {HTMLElement} */
export function titled(title, control) {
  return element("label", { class: "filter" }, element("span", { class: "filter-title" }, title), control);
}

/** Searches once the viewer pauses. */
export class SearchField {
  /** @param {(text: string) => void} onSearch */
  constructor(onSearch) {
    this.onSearch = onSearch;
    this.timer = 0;
    this.input = element("input", { type: "search", placeholder: "Id or file name", spellcheck: "false" });
    this.element = titled("Search", this.input);
    this.input.addEventListener("input", () => {
      this.stop();
      this.timer = window.setTimeout(() => this.now(), PAUSE);
    });
  }

  now() {
    this.stop();
    this.onSearch(this.input.value);
  }

  /** @param {boolean} texts whether there are other texts to look into */
  offer(texts) {
    this.input.placeholder = texts ? "Id, name or text" : "Id or file name";
  }

  /** What is being typed stays. @param {string} text */
  show(text) {
    if (!this.timer && this.input.value !== text) this.input.value = text;
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}

/** Clears some fields of the view; disabled where none is set. */
export class ClearButton {
  /** @param {View} defaults @param {readonly (keyof View)[]} names @param {(patch: Partial<View>) => void} onClear */
  constructor(defaults, names, onClear) {
    this.defaults = defaults;
    this.names = names;
    this.element = button({ class: "filter-clear" }, "Clear");
    this.element.addEventListener("click", () => onClear(Object.fromEntries(names.map((name) => [name, defaults[name]]))));
  }

  /** @param {View} view @returns {number} how many are set */
  show(view) {
    const set = this.names.filter((name) => !same(view[name], this.defaults[name])).length;
    this.element.disabled = set === 0;
    return set;
  }
}
