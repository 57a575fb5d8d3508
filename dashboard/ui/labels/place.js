/** Which image is looked at stands in the address, behind the #: a link is a state, and Back goes to what was looked at before. */

import { AddressBar } from "../session/address_bar.js";

export class Place {
  /** @param {import("./deck.js").Deck} deck */
  constructor(deck) {
    this.deck = deck;
    /** @type {number | null} an image of another list, which is on its way */
    this.wished = read(location.hash.slice(1));
    const page = {
      signal: deck.end.signal,
      frame: { root: deck.root, stage: deck.root, say: () => {} },
      get data() {
        return deck.data;
      },
      compose: async () => (deck.item ? `suspect=${deck.item.number}` : ""),
      adopt: async (/** @type {string} */ hash) => this.adopt(hash),
      remember: () => {},
      takeArrival: () => false,
    };
    this.bar = new AddressBar(page, [], false);
  }

  /** @param {string} hash */
  adopt(hash) {
    this.wished = read(hash);
    const at = this.deck.placed(this.wished);
    if (at !== undefined) this.deck.go(at);
  }

  /** @returns {number | null} the image that the address asks for, once */
  wish() {
    const { wished } = this;
    this.wished = null;
    return wished;
  }

  soon() {
    this.bar.soon();
  }
}

/** @param {string} hash @returns {number | null} */
function read(hash) {
  const found = /(?:^|&)suspect=(\d{1,9})(?:&|$)/.exec(hash);
  return found ? Number(found[1]) : null;
}
