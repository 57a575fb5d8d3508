/**
 * Makes two maps follow each other: what is looked at, which tool is in use, where the camera is. What else they share
 * is in the view, and `pair/pair_of_maps.js` passes it on.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 */

export class Link {
  /** @param {HTMLElement} host @param {EmbeddingMap} map */
  constructor(host, map) {
    this.map = map;
    this.pair = /** @type {import("./pair_member.js").PairMember} */ (map.surroundings).pair;
    /** Where the camera was when it was drawn last. */
    this.place = { x: 0, y: 0, zoom: 1 };
  }

  /** @returns {EmbeddingMap} */
  get other() {
    return this.pair.otherThan(this.map);
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (changed.has("tool") && this.other.tool !== this.map.tool) this.other.useTool(this.map.tool);
  }

  /** @param {number} row -1 for none */
  looked(row) {
    const { places } = this.other;
    if (places && row < places.n) this.other.look(row);
  }

  moved() {
    const { x, y, zoom } = this.map.camera;
    Object.assign(this.place, { x, y, zoom });
  }

  close() {}
}
