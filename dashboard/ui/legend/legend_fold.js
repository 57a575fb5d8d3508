/**
 * Keeps the legend low: a line or two of it stand above the map, and a button says how many entries have no room there, and
 * shows them.
 *
 * @typedef {import("../map/capabilities.js").Uses<"signal">} Needs
 */

import { afterPaint } from "../render/after_paint.js";
import { button, find, write } from "../dom/element.js";
import { whenLeft } from "../dom/when_left.js";
import { thousands } from "../data/numbers.js";

const HEARD = ["colourBy", "points", "columns", "extra", "table", "shapes"];

export class LegendFold {
  /** @param {HTMLElement} host of the legend @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.legend = find(host, ".legend");
    this.more = button({ class: "legend-more", hidden: "" });
    this.width = 0;
    host.append(this.more);
    this.more.addEventListener("click", () => this.open(host.dataset.open !== "true"));
    host.addEventListener("keydown", (event) => this.key(event));
    whenLeft(host, map.signal, () => this.open(false));
    new ResizeObserver(([{ contentRect }]) => this.resized(contentRect.width)).observe(host);
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (HEARD.some((name) => changed.has(name))) afterPaint(() => this.measure());
  }

  /** @param {number} width */
  resized(width) {
    if (width === this.width) return;
    this.width = width;
    this.host.style.minHeight = "";
    this.measure();
  }

  /** @returns {HTMLElement[]} entries that have no room */
  get hidden() {
    const list = this.legend.querySelector(".entries");
    if (!list) return [];
    return [...list.querySelectorAll(".entry")].map((entry) => /** @type {HTMLElement} */ (entry)).filter((entry) => entry.offsetTop - /** @type {HTMLElement} */ (list).offsetTop >= list.clientHeight);
  }

  /** Counts what has no room; and keeps the height that was needed, so that the map stays where it is when the colours change. */
  measure() {
    if (this.host.dataset.open === "true") return;
    this.more.hidden = true;
    this.more.hidden = !this.hidden.length;
    const count = this.hidden.length; // the button takes room, too
    write(this.more, `+${thousands(count)}`);
    this.more.setAttribute("aria-label", `Show ${thousands(count)} more of the legend`);
    this.host.style.minHeight = `${this.host.offsetHeight}px`;
  }

  /** @param {boolean} open whether all entries are seen, over the map */
  open(open) {
    if ((this.host.dataset.open === "true") === open) return;
    this.host.dataset.open = String(open);
    this.more.setAttribute("aria-expanded", String(open));
    if (open) write(this.more, "Less");
    else this.measure();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || this.host.dataset.open !== "true") return;
    event.stopPropagation();
    this.open(false);
    this.more.focus();
  }
}
