/** Keeps the views of two maps in the page's address. */

import { AddressBar } from "../session/address_bar.js";
import { readPair } from "./pair_hash.js";

export class PairAddressBar extends AddressBar {
  /** @param {import("./pair_of_maps.js").PairOfMaps} pair */
  constructor(pair) {
    super(/** @type {any} */ (pair));
    this.pair = pair;
    this.taken = []; // the query says which images the page below shows
  }

  /** @param {string} hash that the views are to follow */
  async adopt(hash) {
    const { left, right, refused } = await readPair(hash, this.pair.limits);
    if (this.pair.end.signal.aborted) return;
    this.pair.open(left, right);
    this.pair.complain(refused);
  }

  /** @returns {Promise<string | null>} the views as a hash; null: they have changed meanwhile */
  compose() {
    return this.pair.written();
  }
}
