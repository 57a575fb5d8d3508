/**
 * Explains the colours, and filters by them: a click on a class lets only it pass, one on another lets that pass too, a second
 * click takes it away again; the eye mutes a class.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "selection" | "drawing">} Needs
 * @typedef {import("../render/scene.js").Entry} Entry
 */

import { button, closest, element, find, icon, write } from "../dom/element.js";
import { entryOf } from "../render/scene.js";
import { plainEntry, scaleParts, swatch } from "./legend_symbols.js";
import { labelsOf, withLabels } from "../state/lit_rows.js";
import { muted, toggled } from "./choosing.js";
import { counted, thousands } from "../data/numbers.js";

const IN_SIGHT = 12; // entries; more may be scrolled
const MANY = 20; // classes; more have a search field
const EYE = "M1.5 8C4 3.8 12 3.8 14.5 8 12 12.2 4 12.2 1.5 8ZM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z";
const ALL = "M2.5 5V2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11M5.5 8l2 2 3.5-4";
/** @type {Record<string, number | undefined>} */
const NEXT = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const HEARD = ["colourBy", "shapes", "lit", "columns", "extra", "theme", "points"];

export class Legend {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    this.shown = ""; // what the items were built for
    /** @type {Map<number, HTMLElement>} by index */
    this.items = new Map();
    this.list = element("div", { class: "entries" });
    this.rest = element("div", { class: "rest" });
    this.search = element("input", { type: "search", class: "legend-find", spellcheck: "false" });
    this.search.addEventListener("input", () => this.find());
    this.list.addEventListener("click", (event) => this.press(event));
    this.list.addEventListener("dblclick", (event) => this.selectAll(this.indexOf(event)));
    this.list.addEventListener("keydown", (event) => this.step(event));
    this.list.addEventListener("focusin", (event) => this.setTabStop(this.indexOf(event)));
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { picture } = this.map.drawing;
    if (!picture || !HEARD.some((name) => changed.has(name))) return;
    const { entries, scale, rest } = picture;
    const { shapes, colourBy } = this.map.view.value;
    const marks = entries.map(({ name, paint, shape }) => [name, paint, shape]);
    const wanted = JSON.stringify([colourBy, shapes, marks]);
    if (scale || wanted !== this.shown) this.build(entries, scale);
    this.shown = wanted;
    this.rest.replaceChildren(...rest.map(plainEntry));
    for (const entry of entries) this.refresh(entry);
  }

  /** @param {Entry[]} entries @param {import("../render/scene.js").Scale | null} scale */
  build(entries, scale) {
    this.items = new Map(entries.map((entry) => [entry.index, this.item(entry)]));
    this.list.replaceChildren(...this.items.values());
    if (entries.length <= IN_SIGHT) this.list.append(this.rest);
    this.search.value = "";
    this.search.placeholder = `Find one of ${counted(entries.length, "class", "classes")}`;
    this.search.setAttribute("aria-label", this.search.placeholder);
    this.host.dataset.many = String(entries.length > MANY);
    this.host.replaceChildren(...(scale ? scaleParts(scale) : entries.length > MANY ? [this.search, this.list] : entries.length > IN_SIGHT ? [this.list, this.rest] : [this.list]));
    this.setTabStop(entries[0]?.index ?? -1);
  }

  /** @param {Entry} entry @returns {HTMLElement} */
  item(entry) {
    const { index, name } = entry;
    const shown = button({ class: "entry-name", "data-do": "choose", "aria-pressed": false }, swatch(entry), element("span", { class: "name" }, name), element("span", { class: "count" }));
    shown.title = `Show only “${name}”, and what else you click; again to take it away.\nAlt or ctrl: dim it on the map. Twice: select all of it.`;
    const eye = button({ class: "entry-tool", "data-do": "mute", "aria-label": `Dim ${name} on the map`, title: "Dim on the map" }, icon(EYE));
    const all = button({ class: "entry-tool", "data-do": "all", "aria-label": `Select all of ${name}`, title: "Select all of it" }, icon(ALL));
    return element("div", { class: "entry", "data-index": index }, shown, element("span", { class: "entry-tools" }, eye, all));
  }

  /** @param {Entry} entry its count, and whether it is shown */
  refresh({ index, count, muted: isMuted }) {
    const item = this.items.get(index);
    if (!item) return;
    write(find(item, ".count"), thousands(count));
    item.dataset.muted = String(isMuted);
    find(item, '[data-do="choose"]').ariaPressed = String(this.chosen.includes(index));
    find(item, '[data-do="mute"]').ariaPressed = String(isMuted);
  }

  /** @returns {number[]} the entries that a filter lets pass; none: all */
  get chosen() {
    const { value } = this.map.view;
    return labelsOf(value, value.colourBy);
  }

  /** @param {Event} event @returns {number} of the entry, -1 for none */
  indexOf(event) {
    return Number(closest(event, ".entry")?.dataset.index ?? -1);
  }

  /** @param {MouseEvent} event a click */
  press(event) {
    const what = closest(event, "button")?.dataset.do;
    const index = this.indexOf(event);
    if (!what || index < 0) return;
    if (what === "all") return this.selectAll(index);
    const { view } = this.map;
    const change = what === "mute" || event.altKey || event.ctrlKey || event.metaKey ? muted : toggled;
    view.set(withLabels(view.value, view.value.colourBy, change(this.chosen, index, this.items.size)));
  }

  /** Selects every lit image of an entry. @param {number} index */
  selectAll(index) {
    const { picture } = this.map.drawing;
    if (!picture || index < 0) return;
    const rows = [];
    for (let row = 0; row < picture.n; row++) if (entryOf(picture, row) === index) rows.push(row);
    this.map.selection.select(rows, "replace");
  }

  /** Only one entry is in the tab order: arrows lead to the others. @param {number} index */
  setTabStop(index) {
    if (index < 0) return;
    for (const [other, item] of this.items) {
      for (const one of item.querySelectorAll("button")) one.tabIndex = other === index ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const way = NEXT[event.key];
    if (!way) return;
    const seen = [...this.items.values()].filter((item) => !item.hidden);
    const place = seen.findIndex((item) => Number(item.dataset.index) === this.indexOf(event));
    const next = seen[(place + way + seen.length) % seen.length];
    next?.querySelector("button")?.focus();
    event.preventDefault();
  }

  /** Lists the classes whose names hold what was typed. */
  find() {
    const wanted = this.search.value.trim().toLowerCase();
    for (const item of this.items.values()) {
      item.hidden = !find(item, ".name").textContent.toLowerCase().includes(wanted);
    }
    const first = [...this.items.values()].find((item) => !item.hidden);
    if (first) this.setTabStop(Number(first.dataset.index));
  }
}
