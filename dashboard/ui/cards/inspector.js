/**
 * The card of the point that is looked at: shows it, and keeps it beside its point.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 */

import { Card } from "./hover_card.js";
import { element } from "../dom/element.js";

const GAP = 18; // pixels between a point and its card
const TOUCH_GAP = 34; // a finger is wider
const REST = 60; // milliseconds at a point until its sheet is loaded: a sweep over a million points passes hundreds of them
const SHOWN = ["columns", "ids", "theme", "points", "layout", "shapes"];

export class Inspector {
  /** @param {HTMLElement} host @param {EmbeddingMap} map */
  constructor(host, map) {
    this.map = map;
    const card = element("div");
    host.replaceChildren(card);
    this.card = new Card(card);
    this.touch = false;
    this.timer = 0;
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { hovered, view } = this.map;
    if (hovered < 0) return;
    // A finger has pinned it: the card would only hide the lines to its neighbours from here on.
    if (changed.has("pinned") && this.touch && view.value.pinned.includes(hovered)) this.map.look(-1);
    else if (SHOWN.some((name) => changed.has(name))) this.fill();
    else if (changed.has("thumbnails")) this.card.draw(this.map.atlas.peek(hovered));
  }

  /** @param {number} row -1 for none @param {boolean} touch */
  looked(row, touch) {
    this.touch = touch;
    if (row < 0) this.card.hide();
    else this.fill();
  }

  fill() {
    const row = this.map.hovered;
    const cell = this.map.atlas.peek(row);
    this.card.fill(this.map.facts(row), cell, this.hint(row));
    this.moved();
    clearTimeout(this.timer);
    if (cell === "loading") this.timer = setTimeout(() => this.drawThumbnail(), REST);
  }

  /** @param {number} row @returns {string} */
  hint(row) {
    if (!this.touch) return "";
    return this.map.view.value.pinned.includes(row) ? "Tap again to unpin" : "Tap again to pin";
  }

  /** Draws what has come; what has not begins to load. */
  drawThumbnail() {
    if (this.map.hovered >= 0) this.card.draw(this.map.atlas.cell(this.map.hovered));
  }

  /** Puts the card beside its point: the camera has moved. */
  moved() {
    const { places, camera, hovered } = this.map;
    if (hovered < 0) return;
    const point = camera.toScreen(places.x[hovered], places.y[hovered]);
    this.card.move(point, camera, this.touch ? TOUCH_GAP : GAP, this.touch);
  }

  close() {
    clearTimeout(this.timer);
    this.card.close();
  }
}
