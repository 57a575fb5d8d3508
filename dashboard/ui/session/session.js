/**
 * One run on the map, from opening it on: with which view it begins, what Python says of it, and is told.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("../data/source.js").Data} Data
 */

import { openingView, recall } from "./opening.js";
import { Seeds, whole } from "./seeds.js";

export class Session {
  /**
   * @param {EmbeddingMap} map
   * @param {Data} data
   * @param {string} hash of the address, if it is about these points
   */
  constructor(map, data, hash) {
    this.map = map;
    this.open = false;
    this.stopped = false;
    map.extra.missed = ""; // in the run before
    this.seeds = new Seeds(whole(data.seed), (news) => map.send?.("view", news));
    this.end = new AbortController();
    const options = { capture: true, signal: this.end.signal };
    document.addEventListener("pointerdown", (event) => this.pressed(event), options);
    this.begin(data, hash);
  }

  /** Finds the view to begin with; the points are under way meanwhile. @param {Data} data @param {string} hash */
  async begin(data, hash) {
    const view = await openingView({ hash, seed: whole(data.seed), remembered: recall(data.run, data.points) }, this.map.limits);
    if (this.stopped) return;
    this.open = true;
    this.map.view.set(view);
    this.map.changed(new Set());
    if (!hash && view.pinned.length) this.map.reveal(view.pinned[0]);
  }

  /** Python says something of the same points. @param {Data} data */
  hear(data) {
    if (!this.open) return;
    this.map.extra.hear();
    const patch = this.seeds.hear(whole(data.seed));
    this.map.view.set(patch);
    if (patch.pinned?.length) this.map.reveal(patch.pinned[0]);
  }

  /** Beside the map there are links to other pages. @param {Event} event */
  pressed(event) {
    if (!event.composedPath().includes(this.map.root)) this.seeds.tellNow();
  }

  /** @param {"confusion" | "errors"} page where an image is shown @param {number} row */
  leaveFor(page, row) {
    this.seeds.tellNow();
    this.map.send?.("open", { page, row });
  }

  stop() {
    this.stopped = true;
    this.end.abort();
    this.seeds.stop();
  }
}
