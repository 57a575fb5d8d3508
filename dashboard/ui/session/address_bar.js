/**
 * Keeps the view in the page's address, so that a link is a state. Filters are in the query, where all pages have them; what only
 * the map has is in the hash. Each change of the view is a step of the browser's history, but for where a hand or a wheel takes the camera:
 * Back undoes it.
 *
 * @typedef {{
 *   signal: AbortSignal, frame: import("../map/capabilities.js").Frame, data: {run: string, linked?: boolean},
 *   compose: () => Promise<string | null>, adopt: (hash: string) => Promise<void>, remember: (hash: string) => void,
 *   takeArrival: () => boolean,
 * }} Addressed what the address is of; compose: the view as a hash, null where it has changed meanwhile; adopt: the view is to
 *   follow a hash; takeArrival: whether a camera has come to where it was sent since this was asked last
 */

import { FILTER_PARAMETERS, joined, parted } from "../state/filter_texts.js";
import { withoutCamera, withoutSelection } from "../state/view_hash.js";

const PAUSE = 150; // milliseconds
const LATER = 1000; // Streamlit drops the hash when it writes the query, some time after a script run
const LONGEST = 4000; // characters: longer links get lost on the way
const TAKEN = ["colour", "image", "rows"]; // query parameters that the hash says too: the fields marked "on_map" of ViewState
const WROTE = { lazybones: "wrote" }; // what an entry of the history has that says all there is to say

export class AddressBar {
  /** @param {Addressed} page @param {string[]} taken parameters that the query need not say @param {boolean} filters whether it says filters */
  constructor(page, taken = TAKEN, filters = true) {
    this.page = page;
    this.filters = filters;
    this.taken = taken;
    this.path = location.pathname;
    this.written = "";
    /** @type {string | null} the last view that was written, or followed */
    this.shown = null;
    this.fits = true;
    this.timers = [0, 0];
    const { signal } = page;
    window.addEventListener("popstate", () => this.travelled(), { signal });
    window.navigation?.addEventListener("currententrychange", () => this.lost() && this.soon(), { signal });
  }

  /** @returns {string} what the address says now */
  get hash() {
    return location.hash.slice(1);
  }

  /** @returns {string} all that the address says of the view, as one hash */
  get said() {
    return this.filters ? joined(location.search, this.hash) : this.hash;
  }

  /** @returns {boolean} whether a map wrote the address: then what it leaves out is at its default */
  get wrote() {
    return history.state?.lazybones === WROTE.lazybones;
  }

  /** The viewer went back or forward to an address of this page, or pasted a hash. */
  async travelled() {
    if (!this.isHere()) return this.stop();
    this.written = this.hash;
    this.shown = this.said;
    await this.page.adopt(this.said);
  }

  /** The address has begun to be about these points. */
  async changed() {
    if (!this.hash || this.hash === this.written) return this.soon();
    await this.page.adopt(this.said);
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
    const whole = await this.page.compose();
    if (whole === null || !this.isHere()) return;
    this.page.remember(whole);
    const absent = this.page.data.linked === false; // the points that the address is about are being laid out
    if (absent && this.lost()) return;
    const fits = whole.length <= LONGEST;
    if (this.fits && !fits) this.page.frame.say("The selection is too large for a link: the address leaves it out.");
    this.fits = fits;
    const before = this.shown;
    const text = fits ? whole : withoutSelection(whole);
    const { query, hash } = this.filters ? parted(text) : { query: [], hash: text };
    this.written = absent ? "" : hash;
    this.shown = text;
    const target = location.pathname + this.query(query) + (this.written && `#${this.written}`);
    if (target === location.pathname + location.search + location.hash && this.wrote) return;
    const sent = this.page.takeArrival();
    const isStep = !absent && before !== null && (sent || withoutCamera(before) !== withoutCamera(text));
    history[isStep ? "pushState" : "replaceState"](WROTE, "", target);
  }

  /** @returns {boolean} whether the map is still what the address is of */
  isHere() {
    const { signal, frame, data } = this.page;
    const run = new URLSearchParams(location.search).get("run") ?? data.run;
    return !signal.aborted && location.pathname === this.path && run === data.run && frame.root.isConnected;
  }

  /** @param {[string, string][]} filters @returns {string} the query with them, less what the hash says, and with the run: a link must not depend on a default */
  query(filters) {
    const query = new URLSearchParams(location.search);
    for (const name of [...this.taken, ...(this.filters ? FILTER_PARAMETERS : [])]) query.delete(name);
    const { run } = this.page.data;
    if (run && !query.has("run")) query.set("run", run);
    for (const [name, text] of filters) query.set(name, text);
    return query.size ? `?${query}` : "";
  }

  stop() {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
