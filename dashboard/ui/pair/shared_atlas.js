/**
 * One atlas for several maps of the same images: no sheet is loaded or decoded twice.
 *
 * @typedef {import("../render/atlas.js").Sheets} Sheets
 */

import { Atlas } from "../render/atlas.js";

export class SharedAtlas {
  constructor() {
    /** @type {Map<string, {atlas: Atlas, leases: Set<Lease>}>} by the sheets' addresses */
    this.known = new Map();
  }

  /** @param {Sheets | null} sheets @param {() => void} onLoad called when a sheet has arrived, or has failed to */
  lease(sheets, onLoad) {
    const name = JSON.stringify(sheets);
    let found = this.known.get(name);
    if (!found) {
      const leases = /** @type {Set<Lease>} */ (new Set());
      found = { atlas: new Atlas(sheets, () => leases.forEach((lease) => lease.onLoad())), leases };
      this.known.set(name, found);
    }
    const { atlas, leases } = found;
    const lease = new Lease(atlas, leases, onLoad, () => leases.size || this.close(name));
    leases.add(lease);
    return lease;
  }

  /** Nobody looks at these any more. @param {string} name */
  close(name) {
    this.known.get(name)?.atlas.close();
    this.known.delete(name);
  }
}

/** An atlas as one of its maps sees it. */
class Lease {
  /** @param {Atlas} atlas @param {Set<Lease>} leases @param {() => void} onLoad @param {() => void} onClose */
  constructor(atlas, leases, onLoad, onClose) {
    this.atlas = atlas;
    this.leases = leases;
    this.onLoad = onLoad;
    this.onClose = onClose;
    /** @type {number[]} */
    this.wanted = [];
    this.sheets = atlas.sheets;
    this.images = atlas.images;
    this.small = atlas.small;
    this.failed = atlas.failed;
    this.cell = atlas.cell.bind(atlas);
    this.peek = atlas.peek.bind(atlas);
    this.prefetch = atlas.prefetch.bind(atlas);
  }

  /** @returns {string} as `Atlas` says it */
  get trouble() {
    return this.atlas.trouble;
  }

  /** What one map wants must not push out what another one shows. @param {number[]} indices of sheets, the most wanted first */
  want(indices) {
    this.wanted = indices;
    this.atlas.want(inTurn([...this.leases].map((lease) => lease.wanted)));
  }

  close() {
    if (this.leases.delete(this)) this.onClose();
  }
}

/** @param {number[][]} lists @returns {number[]} the first of each, the second of each, …; each number once */
export function inTurn(lists) {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const turns = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1)));
  return [...new Set(turns.flat())];
}
