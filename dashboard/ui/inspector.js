/**
 * Looks at one point at a time: finds it under a pointer or in a direction, shows its card, says what it is.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 */

import { Card } from "./card.js";
import { isClass, marginOf } from "./columns.js";
import { pointRadius } from "./painter.js";
import { nextInDirection } from "./pick.js";
import { describe, Speaker } from "./speech.js";

const REACH = 14; // pixels a pointer may be off
const TOUCH_REACH = 26;
const GAP = 18; // pixels between a point and its card
const TOUCH_GAP = 34; // a finger is wider
const EVERYWHERE = 131072; // positions

export class Inspector {
  /** @param {EmbeddingMap} map @param {HTMLElement} card @param {HTMLElement} spoken a live region */
  constructor(map, card, spoken) {
    this.map = map;
    this.card = new Card(card);
    this.speaker = new Speaker(spoken);
    this.row = -1; // the point looked at, or -1
    this.touch = false;
  }

  /** @param {number} x @param {number} y pixels @param {boolean} touch @returns {number} the row there, or -1 */
  hit(x, y, touch = false) {
    const { grid, picture, camera, source } = this.map;
    if (!grid || !picture) return -1;
    const [left, bottom] = camera.toPosition(x, y);
    const reach = Math.max(touch ? TOUCH_REACH : REACH, pointRadius(source.points.n, camera) + 3) / camera.scale;
    const row = grid.nearest(left, bottom, reach, (candidate) => picture.lit[candidate] === 1);
    return row >= 0 ? row : grid.nearest(left, bottom, reach / 2, () => true);
  }

  /** @param {number} row -1 for none @param {boolean} touch */
  look(row, touch = false) {
    if (row === this.row) return;
    this.row = row;
    this.touch = touch;
    this.map.stage.dataset.hovering = String(row >= 0);
    if (row < 0) {
      delete this.map.root.dataset.hoverId;
      this.card.hide();
    } else {
      this.map.root.dataset.hoverId = String(row);
      this.fill();
    }
    this.map.drawMarks();
  }

  /** Shows the facts anew, if there are any: names and predictions may come later than points. */
  fill() {
    if (this.row < 0) return;
    this.card.fill(this.facts(this.row), this.map.atlas.cell(this.row), this.touch);
    this.place();
  }

  /** Draws the thumbnail anew: its sheet has come. */
  drawThumbnail() {
    if (this.row >= 0) this.card.draw(this.map.atlas.cell(this.row));
  }

  /** Puts the card beside its point: the camera has moved. */
  place() {
    if (this.row < 0) return;
    const { source, camera } = this.map;
    const point = camera.toScreen(source.points.x[this.row], source.points.y[this.row]);
    this.card.move(point, camera, this.touch ? TOUCH_GAP : GAP, this.touch);
  }

  /**
   * @param {number} dx @param {number} dy a direction (y upwards); without one, goes to the selected point or to the
   *   one nearest to the middle
   */
  walk(dx, dy) {
    const { picture, source, camera } = this.map;
    if (!picture || !source.points.n) return;
    const { x, y } = source.points;
    const row = this.row < 0 ? this.start() : nextInDirection(x, y, this.row, dx, dy, this.accept());
    if (row < 0) return;
    camera.reveal(x[row], y[row]);
    this.look(row);
    this.map.draw();
    this.place();
    this.speaker.say(describe(this.facts(row)));
  }

  /** @returns {number} where a walk begins */
  start() {
    const { grid, camera, selected } = this.map;
    return selected.value ?? grid.nearest(camera.x, camera.y, EVERYWHERE, this.accept());
  }

  /** @returns {import("./pick.js").Accept} walks go over what is not muted, if there is any */
  accept() {
    const { lit, muted } = this.map.picture;
    return muted.length < lit.length ? (row) => lit[row] === 1 : () => true;
  }

  /** @param {number} row @returns {import("./card.js").Facts} */
  facts(row) {
    const { points, columns, ids } = this.map.source;
    const names = this.map.data.class_names;
    const { classes } = this.map.paints();
    const mark = (/** @type {number} */ label) =>
      isClass(label, names.length) ? { name: names[label], paint: classes[label] } : null;
    return {
      row,
      id: ids?.[row] ?? String(row),
      truth: mark(points.label[row]),
      predicted: columns && mark(columns.predicted[row]),
      runnerUp: columns && mark(columns.runnerUp[row]),
      margin: columns && marginOf(columns.margin[row], columns.range),
      correct: columns && columns.predicted[row] === points.label[row],
    };
  }

  stop() {
    this.speaker.stop();
  }
}
