/**
 * Keeps the views of two maps alike, finds those to begin with, and says both in one address.
 *
 * @typedef {import("../map/capabilities.js").Surrounded} Surrounded
 * @typedef {import("../session/address_bar.js").Addressed} Addressed
 * @typedef {import("../state/view_store.js").View} View
 * @typedef {{group: number | null, true: number | null}} Shown what the page beside the maps shows: one of NAMES, a label
 */

import { AddressBar } from "../session/address_bar.js";
import { recall, remember } from "../session/opening.js";
import { bitsOf } from "../state/selection.js";
import { OUTCOMES } from "./outcome_groups.js";
import { PAIR_DEFAULTS, readPair, shared, writePair } from "./pair_hash.js";

/** @implements {Addressed} */
export class Coordination {
  /** @param {import("./pair_of_maps.js").PairOfMaps} pair */
  constructor(pair) {
    this.pair = pair;
    this.signal = pair.end.signal;
    this.frame = { root: pair.root, stage: pair.root, say: (/** @type {string} */ words) => pair.maps[0].frame.say(words) };
    this.turn = 0;
    /** Selections that came from the other map. @type {Map<Surrounded, View["selection"]>} */
    this.received = new Map();
    /** The selection that was passed on. @type {Map<Surrounded, View["selection"]>} */
    this.sent = new Map();
    this.addressBar = new AddressBar(this, [], false); // the query says which images the page below shows
  }

  get data() {
    return this.pair.data.left;
  }

  /** What the tab remembers these two by. */
  get name() {
    return `compare.${this.data.run}.${this.pair.data.right.run}`;
  }

  get limits() {
    return this.pair.maps[0].attributes.limits;
  }

  /** What the address says in its query, for the page below, and the hash need not say again. @returns {View} */
  get defaults() {
    return { ...PAIR_DEFAULTS, ...patchOf(this.pair.data.seed) };
  }

  /**
   * Finds the view to begin with: what the link says; else what the tab remembers. Other runs keep the looks.
   *
   * @param {boolean} again whether other maps of as many images were there before
   */
  async begin(again) {
    const linked = this.turn ? "" : this.addressBar.hash;
    const turn = ++this.turn;
    const [left, right] = this.pair.maps.map((map) => ({ ...map.view.value, camera: null, selection: null }));
    const kept = again ? await writePair(left, right, this.defaults) : recall(this.name, "");
    const found = await readPair(linked || kept, this.limits, this.defaults);
    if (this.signal.aborted || turn !== this.turn) return;
    this.open(found, linked ? {} : patchOf(this.pair.data.seed));
    if (linked) this.complain(found.refused);
  }

  /** @param {string} hash that the views are to follow */
  async adopt(hash) {
    const found = await readPair(hash, this.limits, this.defaults);
    if (this.signal.aborted) return;
    this.open(found);
    this.complain(found.refused);
  }

  /** @param {{left: View, right: View}} views @param {Partial<View>} patch of both */
  open({ left, right }, patch = {}) {
    const [a, b] = this.pair.maps;
    this.sent = new Map();
    this.received = new Map([[right.selection ? a : b, null]]);
    a.view.set({ ...left, ...patch });
    b.view.set({ ...right, ...patch });
    for (const map of this.pair.maps) map.begin(map.view.value);
  }

  /** @param {string[]} refused parameters of a link */
  complain(refused) {
    if (refused.length) this.frame.say(`The link says “${refused.join("”, “")}” in a way that means nothing here: left out.`);
  }

  /** The view of one map has changed. @param {Surrounded} map */
  follow(map) {
    const { pinned } = map.view.value;
    if (!map.ready) return;
    if (pinned.length > 1) return map.view.set({ pinned: pinned.slice(-1) });
    const other = this.pair.otherThan(map);
    const pins = pinned.some((row) => !other.view.value.pinned.includes(row));
    other.view.set(shared(map.view.value));
    this.passSelection(map, other);
    if (pins) this.pair.cameras.bringIntoView(other, pinned[0]);
    this.pair.show();
  }

  /** A shape stays where it was drawn; the other map gets the images that it holds. @param {Surrounded} map @param {Surrounded} other */
  passSelection(map, other) {
    const { selection } = map.view.value;
    if (this.received.get(map) === selection || this.sent.get(map) === selection) return;
    const { selected, made } = map.selection;
    if (made !== selection) return; // the layout that it was drawn in is not there yet
    const given = selection && selected ? { kind: /** @type {const} */ ("rows"), bits: bitsOf(selected.mask) } : null;
    this.sent = new Map([[map, selection]]);
    this.received = new Map([[other, given]]);
    other.view.set({ selection: given });
  }

  /** @returns {Promise<string | null>} what a link says: a selection once, where it was made; null: it has changed meanwhile */
  async compose() {
    const views = this.pair.maps.map((map) => map.view.value);
    const [left, right] = this.pair.maps.map((map, i) =>
      this.received.get(map) === views[i].selection ? { ...views[i], selection: null } : views[i],
    );
    const text = await writePair(left, right, this.defaults);
    return this.pair.maps.every((map, i) => map.open && map.view.value === views[i]) ? text : null;
  }

  takeArrival() {
    return this.pair.maps.map((map) => map.navigation.takeArrival()).includes(true);
  }

  /** This tab will open the two runs like this again. @param {string} hash */
  remember(hash) {
    remember(this.name, "", hash);
  }

  /** Python says what the page shows. @param {Shown} now @param {Shown} before */
  hear(now, before) {
    this.pair.maps[0].view.set(patchOf(now, before));
  }
}

/** @param {Shown} now @param {Shown} before @returns {Partial<View>} what the page has begun to ask for */
function patchOf(now, before = { group: null, true: null }) {
  /** @type {Partial<View>} */
  const group = now.group === null ? { where: {} } : { colourBy: OUTCOMES, where: { [OUTCOMES]: { labels: [now.group] } } };
  return { ...(now.group !== before.group && group), ...(now.true !== before.true && { trueLabels: now.true === null ? [] : [now.true] }) };
}
