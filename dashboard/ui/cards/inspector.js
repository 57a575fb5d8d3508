/**
 * The card of the point that is looked at: shows it, and keeps it beside its point.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "looking" | "arrangement" | "camera" | "atlas" | "attributes">} Needs
 */

import { wordsAt } from "../data/attributes.js";
import { DASH } from "../data/numbers.js";
import { HoverCard } from "./hover_card.js";
import { element } from "../dom/element.js";
import { onSpot } from "../space/point_index.js";
import { spotOf } from "../data/facts.js";

const GAP = 18; // pixels between a point and its card
const TOUCH_GAP = 34; // a finger is wider
const REST = 60; // milliseconds at a point until its sheet is loaded: a sweep over a million points passes hundreds of them
const MOST = 3; // lines of a table
const SHOWN = ["columns", "table", "colourBy", "where", "ids", "theme", "points", "layout", "shapes"];

export class Inspector {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.map = map;
    const card = element("div");
    host.replaceChildren(card);
    this.card = new HoverCard(card);
    this.touch = false;
    this.timer = 0;
    this.hushed = -1; // just pinned: what the card says stands beside the map now, and it would only hide the lines to its neighbours
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { looking, view } = this.map;
    const { row } = looking;
    if (row < 0) return;
    if (changed.has("pinned") && view.value.pinned.at(-1) === row) this.hush(row);
    else if (row === this.hushed) return;
    else if (SHOWN.some((name) => changed.has(name))) this.fill();
    else if (changed.has("thumbnails")) this.card.draw(this.map.atlas.peek(row));
  }

  /** @param {number} row -1 for none @param {boolean} touch */
  looked(row, touch) {
    this.touch = touch;
    if (row !== this.hushed) this.hushed = -1;
    if (row < 0 || row === this.hushed) this.card.hide();
    else this.fill();
  }

  /** @param {number} row that was pinned: its card comes again once the viewer has looked elsewhere */
  hush(row) {
    if (this.touch) return this.map.looking.look(-1);
    this.hushed = row;
    this.card.hide();
  }

  fill() {
    const { row } = this.map.looking;
    const cell = this.map.atlas.peek(row);
    this.card.fill(this.map.rows.facts(row), cell, this.hint(row), this.further(row));
    this.moved();
    clearTimeout(this.timer);
    if (cell === "loading") this.timer = window.setTimeout(() => this.drawThumbnail(), REST);
  }

  /** What a table says of an image, as far as it is in use: its colour, and what is filtered. @param {number} row */
  further(row) {
    const { colourBy, where } = this.map.view.value;
    const used = new Set([colourBy, ...Object.keys(where)]);
    const columns = this.map.attributes.list.filter((one) => one.further && used.has(one.name)).slice(0, MOST);
    return columns.map((one) => ({ name: one.name, label: one.title, words: wordsAt(one, row) || DASH }));
  }

  /** @param {number} row @returns {string} */
  hint(row) {
    const spot = spotOf(onSpot(this.map.arrangement.places, row));
    if (!this.touch) return spot;
    const next = this.map.view.value.pinned.includes(row) ? "Tap again to unpin" : "Tap again to pin";
    return spot ? `${spot}. ${next}` : next;
  }

  /** Draws what has come; what has not begins to load. */
  drawThumbnail() {
    const { row } = this.map.looking;
    if (row >= 0) this.card.draw(this.map.atlas.cell(row));
  }

  /** Puts the card beside its point: the camera has moved. */
  moved() {
    const { arrangement, camera, looking } = this.map;
    if (looking.row < 0 || looking.row === this.hushed) return;
    const { x, y } = arrangement.places;
    const point = camera.toScreen(x[looking.row], y[looking.row]);
    this.card.move(point, camera, this.touch ? TOUCH_GAP : GAP, this.touch);
  }
}
