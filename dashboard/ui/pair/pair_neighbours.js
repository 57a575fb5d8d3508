/**
 * The neighbours of the pinned image on one of two maps: those that both feature spaces have, only A's, and only B's.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {{rows: number[], colour?: string, dashed: boolean, width: number}} Kind of neighbours
 */

const LINE = 1.5; // pixels

export class PairMarks {
  /** @param {HTMLElement} host @param {EmbeddingMap} map */
  constructor(host, map) {
    this.map = map;
    this.pair = /** @type {import("./pair_member.js").PairMember} */ (map.surroundings).pair;
  }

  update() {}

  /** @returns {Kind[]} common ones last: above the others */
  kinds() {
    const { split } = this.pair.near;
    const [, ours, theirs] = this.map.paints().groups ?? [];
    return [
      { rows: split.ours, colour: ours, dashed: false, width: 1.5 },
      { rows: split.theirs, colour: theirs, dashed: true, width: 1.5 },
      { rows: split.common, dashed: false, width: 2 },
    ];
  }

  /** @returns {import("../render/overlay.js").Line[]} */
  lines() {
    const { row } = this.pair.near;
    return this.kinds().flatMap(({ rows, colour, dashed }) => rows.map((to) => ({ from: row, to, torn: dashed, colour, width: LINE })));
  }

  /** @returns {import("../render/overlay.js").Ring[]} */
  rings() {
    return this.kinds().flatMap(({ rows, ...look }) => rows.map((row) => ({ row, reach: 2, ...look })));
  }

  close() {}
}
