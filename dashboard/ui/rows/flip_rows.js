/**
 * Which images the classifier in use fixes, and which it breaks, against the one that it is compared with.
 *
 * @typedef {import("../map/capabilities.js").Uses<"rows">} Needs
 * @typedef {{label: string, fixed: string, broke: string}} FlipFiles label: of what it is compared with; bits a row, packed
 * @typedef {"fixed" | "broke"} Kind
 * @typedef {Record<Kind, Uint8Array>} Masks 1 where a row is of the kind
 */

import { unpackBits } from "../state/packed_bits.js";
import { maskOf } from "../state/selection.js";

export const KINDS = /** @type {const} */ (["fixed", "broke"]);

/** @param {"" | Kind | "both"} flips what the view asks for @returns {Kind[]} */
export function kindsOf(flips) {
  return flips === "both" ? [...KINDS] : flips ? [flips] : [];
}

export class FlipRows {
  /** @param {Needs} map @param {() => void} onChange called when other rows are known */
  constructor(map, onChange) {
    this.map = map;
    this.onChange = onChange;
    this.told = "null";
    /** @type {Masks | null} */
    this.masks = null;
  }

  /** @param {FlipFiles | null | undefined} flips what Python says */
  async hear(flips) {
    const told = JSON.stringify(flips ?? null);
    if (told === this.told) return;
    this.told = told;
    this.masks = null;
    const { n } = this.map.rows.data;
    const bits = flips ? await Promise.all(KINDS.map((kind) => unpackBits(flips[kind], n))) : [];
    if (told !== this.told) return;
    const [fixed, broke] = bits.map((found) => (found ? maskOf(found, n) : new Uint8Array(n)));
    this.masks = fixed ? { fixed, broke } : null;
    this.onChange();
  }

  /** @returns {Masks | null} null where there is nothing to compare with */
  get known() {
    return this.masks?.fixed.length === this.map.rows.points.n ? this.masks : null;
  }

  /** Leaves the kinds that the view asks for, where it does. @param {Uint8Array} lit written to @param {"" | Kind | "both"} flips */
  keep(lit, flips) {
    const { known } = this;
    if (!known || !flips) return;
    const [one, other = one] = kindsOf(flips).map((kind) => known[kind]);
    for (let row = 0; row < lit.length; row++) lit[row] &= one[row] | other[row];
  }
}
