/**
 * The card of the point that is looked at: shows it, and keeps it beside its point.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 */

import { Card } from "./card.js";
import { element } from "./element.js";

const GAP = 18; // pixels between a point and its card
const TOUCH_GAP = 34; // a finger is wider
const SHOWN = ["columns", "ids", "theme", "points", "layout", "shapes"];

export class Inspector {
  /** @param {HTMLElement} host @param {EmbeddingMap} map */
  constructor(host, map) {
    this.map = map;
    const card = element("div");
    host.replaceChildren(card);
    this.card = new Card(card);
    this.touch = false;
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (this.map.hovered < 0) return;
    if (SHOWN.some((name) => changed.has(name))) this.fill();
    else if (changed.has("thumbnails")) this.card.draw(this.map.atlas.cell(this.map.hovered));
  }

  /** @param {number} row -1 for none @param {boolean} touch */
  looked(row, touch) {
    this.touch = touch;
    if (row < 0) this.card.hide();
    else this.fill();
  }

  fill() {
    const row = this.map.hovered;
    this.card.fill(this.map.facts(row), this.map.atlas.cell(row), this.touch);
    this.moved();
  }

  /** Puts the card beside its point: the camera has moved. */
  moved() {
    const { places, camera, hovered } = this.map;
    if (hovered < 0) return;
    const point = camera.toScreen(places.x[hovered], places.y[hovered]);
    this.card.move(point, camera, this.touch ? TOUCH_GAP : GAP, this.touch);
  }

  close() {
    this.card.close();
  }
}
