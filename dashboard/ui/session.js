/**
 * One run on the map, from opening it on: with which view it begins, what Python says of it, and is told.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("./source.js").Data} Data
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
    this.seeds = new Seeds(whole(data.seed), (news) => map.send?.("view", news));
    this.begin(data, hash);
  }

  /** Finds the view to begin with; the points are under way meanwhile. @param {Data} data @param {string} hash */
  async begin(data, hash) {
    const view = await openingView({ hash, seed: whole(data.seed), remembered: recall(data.run) }, this.map.limits);
    if (this.stopped) return;
    this.open = true;
    this.map.view.set(view);
    this.map.changed(new Set());
    if (!hash && view.pinned.length) this.map.reveal(view.pinned[0]);
  }

  /** Python says something of the same points. @param {Data} data */
  hear(data) {
    if (!this.open) return;
    const patch = this.seeds.hear(whole(data.seed));
    this.map.view.set(patch);
    if (patch.pinned?.length) this.map.reveal(patch.pinned[0]);
  }

  stop() {
    this.stopped = true;
    this.seeds.stop();
  }
}
