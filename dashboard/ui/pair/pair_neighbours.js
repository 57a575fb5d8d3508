/**
 * The neighbours of the pinned image on one of two maps: those that both feature spaces have, only A's, and only B's.
 *
 * @typedef {{rows: number[], colour?: string, dashed: boolean, width: number}} Kind of neighbours
 */

const LINE = 1.5; // pixels

export class PairNeighbours {
  /** @param {import("../map/capabilities.js").Uses<"appearance">} map @param {import("./pair_near.js").PairNear} near */
  constructor(map, near) {
    this.map = map;
    this.near = near;
  }

  update() {}

  /** @returns {Kind[]} common ones last: above the others */
  kinds() {
    const { split } = this.near;
    const [, ours, theirs] = this.map.appearance.paints.groups ?? [];
    return [
      { rows: split.ours, colour: ours, dashed: false, width: 1.5 },
      { rows: split.theirs, colour: theirs, dashed: true, width: 1.5 },
      { rows: split.common, dashed: false, width: 2 },
    ];
  }

  /** @returns {import("../render/overlay.js").Line[]} */
  lines() {
    const { row } = this.near;
    return this.kinds().flatMap(({ rows, colour, dashed }) => rows.map((to) => ({ from: row, to, torn: dashed, colour, width: LINE })));
  }

  /** @returns {import("../render/overlay.js").Ring[]} */
  rings() {
    return this.kinds().flatMap(({ rows, ...look }) => rows.map((row) => ({ row, reach: 2, ...look })));
  }

  close() {}
}
