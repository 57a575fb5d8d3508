/**
 * What surrounds a map on a page of its own: the address, and what this page shares with others. `pair/pair_member.js` is
 * the other kind.
 *
 * @typedef {import("../data/source.js").Data} Data
 * @typedef {import("./capabilities.js").Surrounded} Surrounded
 * @typedef {import("./capabilities.js").Surroundings} Surroundings
 * @typedef {import("../session/address_bar.js").Addressed} Addressed
 */

import { AddressBar } from "../session/address_bar.js";
import { Atlas } from "../render/atlas.js";
import { LIST } from "./parts.js";
import { openingView, recall, remember } from "../session/opening.js";
import { seedOf, Seeds, whole } from "../session/seeds.js";
import { sheetsOf } from "../data/source.js";
import { readHash, writeHash } from "../state/view_hash.js";
import { DEFAULTS } from "../state/view_store.js";

/** @implements {Surroundings} @implements {Addressed} */
export class OwnPage {
  parts = LIST;
  groups = null;
  turn = 0; // how many sets of points have been shown
  /** @type {import("../state/view_store.js").View | null} what `text` says */
  said = null;
  text = "";

  /** @param {Surrounded} map */
  constructor(map) {
    this.map = map;
    this.frame = map.frame;
    this.screen = map.frame.root;
    this.signal = map.signal;
    this.addressBar = new AddressBar(this);
    this.seeds = this.seedsOf(map.rows.data);
    const pressed = (/** @type {Event} */ event) => event.composedPath().includes(this.screen) || this.seeds.tellNow();
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, pressed, { capture: true, signal: map.signal }); // on a link to another page
    map.signal.addEventListener("abort", () => this.seeds.stop());
  }

  get data() {
    return this.map.rows.data;
  }

  /** @param {Data} data @param {() => void} onLoad */
  atlas(data, onLoad) {
    return new Atlas(sheetsOf(data), onLoad);
  }

  /** @param {Data} data */
  seedsOf(data) {
    return new Seeds(whole(data.seed), (news) => this.map.send("view", news));
  }

  /** Finds the view to begin with; the points are under way meanwhile. @param {Data} data */
  async begin(data) {
    const fresh = !this.turn || !data.seed; // the page was opened, or the viewer went back: else the hash is about other points
    const hash = fresh && data.linked !== false && (this.addressBar.hash || !data.seed) ? this.addressBar.said : "";
    const turn = ++this.turn;
    this.map.attributes.missed = ""; // in the run before
    this.seeds.stop();
    this.seeds = this.seedsOf(data);
    const remembered = data.apart || (fresh && this.addressBar.wrote) ? "" : recall(data.run, data.points);
    const said = { hash, seed: data.seed && whole(data.seed), remembered, chosen: data.chosen };
    const view = await openingView(said, this.map.attributes.limits);
    if (this.signal.aborted || turn !== this.turn) return;
    this.map.begin(view);
    if (!hash && view.pinned.length) this.map.navigation.reveal(view.pinned[0]);
  }

  /** @param {Data} data @param {boolean} linked */
  hear(data, linked = false) {
    if (linked) this.addressBar.changed();
    if (!this.map.open) return;
    this.map.attributes.hear();
    if (!data.seed) return; // the viewer went back: the address says it
    const patch = this.seeds.hear(whole(data.seed), this.map.attributes.limits);
    this.map.view.set(patch);
    if (patch.pinned?.length) this.map.navigation.reveal(patch.pinned[0]);
  }

  changed() {
    this.seeds.choose(this.map.view.value);
    this.addressBar.soon();
  }

  /** @param {"confusion" | "errors" | "overview"} page @param {number} row */
  leaveFor(page, row) {
    this.seeds.tellNow();
    const { points, columns } = this.map.rows;
    this.map.send("open", { page, row, classes: columns ? [points.label[row], columns.predicted[row]] : [] });
  }

  async link() {
    await this.addressBar.write(); // it may be behind the view
    return location.href;
  }

  /** @param {string} hash that the view is to follow */
  async adopt(hash) {
    const patch = await readHash(hash, this.map.attributes.limits);
    if (this.signal.aborted) return;
    this.map.view.set({ ...DEFAULTS, ...patch });
    this.seeds.tellSoon(seedOf(this.map.view.value)); // Python does not see the hash, nor an address that the map writes
  }

  takeArrival() {
    return this.map.navigation.takeArrival();
  }

  /** @returns {Promise<string | null>} the view as a hash; null: it has changed meanwhile */
  async compose() {
    const view = this.map.view.value;
    const text = view === this.said ? this.text : await writeHash(view);
    if (view !== this.map.view.value) return null;
    [this.said, this.text] = [view, text];
    return text;
  }

  /** This tab will open the run like this again. @param {string} hash */
  remember(hash) {
    if (!this.data.apart) remember(this.data.run, this.data.points, hash);
  }
}
