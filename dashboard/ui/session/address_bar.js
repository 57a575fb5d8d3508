/**
 * Keeps the view in the page's address, so that a link is a state. Python owns the query; the map owns the hash.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 */

import { readHash, withoutSelection, writeHash } from "../state/view_hash.js";
import { DEFAULTS } from "../state/view_store.js";

const PAUSE = 150; // milliseconds
const LATER = 1000; // Streamlit drops the hash when it writes the query, some time after a script run
const LONGEST = 4000; // characters: longer links get lost on the way
const TAKEN = ["true", "predicted", "only", "colour", "image"]; // query parameters that the hash says too: `TAKEN` in address.py

export class AddressBar {
  /** @param {EmbeddingMap} map */
  constructor(map) {
    this.map = map;
    this.path = location.pathname;
    this.taken = TAKEN;
    this.written = "";
    this.text = "";
    /** @type {import("../state/view_store.js").View | null} what `text` says */
    this.said = null;
    this.timers = [0, 0];
    const { signal } = map.end;
    window.addEventListener("hashchange", () => this.changed(), { signal });
    window.navigation?.addEventListener("currententrychange", () => this.lost() && this.soon(), { signal });
  }

  /** @returns {string} what the address says now */
  get hash() {
    return location.hash.slice(1);
  }

  /** Another hash was pasted, or an earlier one has come back. */
  async changed() {
    if (!this.hash || this.hash === this.written) return this.soon();
    await this.adopt(this.hash);
  }

  /** @param {string} hash that the view is to follow */
  async adopt(hash) {
    const patch = await readHash(hash, this.map.limits);
    if (!this.map.end.signal.aborted) this.map.view.set({ ...DEFAULTS, ...patch });
  }

  /** @returns {Promise<string | null>} the view as a hash; null: it has changed meanwhile */
  async compose() {
    const view = this.map.view.value;
    const whole = view === this.said ? this.text : await writeHash(view);
    if (view !== this.map.view.value) return null;
    this.said = view;
    this.text = whole;
    return whole;
  }

  /** @returns {boolean} whether somebody else wrote the address */
  lost() {
    return this.hash !== this.written;
  }

  /** Writes the view once the viewer pauses, and once more when Streamlit may have dropped it. */
  soon() {
    this.stop();
    this.timers = [PAUSE, LATER].map((delay) => window.setTimeout(() => this.write(), delay));
  }

  async write() {
    const whole = await this.compose();
    if (whole === null || !this.isHere()) return;
    this.map.remember(whole);
    const absent = this.map.data.linked === false; // the points that the address is about are being laid out
    if (absent && this.lost()) return;
    const fits = whole.length <= LONGEST;
    if (fits !== this.fits && !fits) this.map.say("The selection is too large for a link: the address leaves it out.");
    this.fits = fits;
    this.written = absent ? "" : fits ? whole : withoutSelection(whole);
    const target = location.pathname + this.query() + (this.written && `#${this.written}`);
    if (target === location.pathname + location.search + location.hash) return;
    history.replaceState(history.state, "", target);
  }

  /** @returns {boolean} whether the map is still what the address is of */
  isHere() {
    return !this.map.end.signal.aborted && location.pathname === this.path && this.map.root.isConnected;
  }

  /** @returns {string} the query, less what the hash says, and with the run: a link must not depend on a default */
  query() {
    const query = new URLSearchParams(location.search);
    for (const name of this.taken) query.delete(name);
    const { run } = this.map.data;
    if (run && !query.has("run")) query.set("run", run);
    return query.size ? `?${query}` : "";
  }

  stop() {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
