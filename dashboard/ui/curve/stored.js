/**
 * What the classifiers at all values of C say of the images: fetched once, those nearest to the one in use first.
 *
 * @typedef {import("./changes.js").Answers} Answers
 * @typedef {import("../data/columns.js").Labels} Labels
 * @typedef {{columns: string, range: import("../data/columns.js").Range}} Said where it is, and what the ends of its margins stand for
 */

import { bare, decodeColumns, decodeLabels, get } from "../data/columns.js";
import { address } from "../data/source.js";

const AT_ONCE = 4; // files

export class Stored {
  /** @param {(error?: Error) => void} onArrival */
  constructor(onArrival) {
    this.onArrival = onArrival;
    this.labels = ""; // whose answers these are
    /** @type {Labels | null} */
    this.truth = null;
    /** @type {Map<string, Answers>} by address, without its ticket */
    this.answers = new Map();
    /** @type {Set<string>} */
    this.asked = new Set();
    /** @type {(() => Promise<void>)[]} those that are asked for last come first */
    this.queue = [];
    this.running = 0;
  }

  /** @param {string} labels @param {Said[]} wanted the most wanted first @param {number} n images @param {boolean} wide whether a label takes two bytes */
  want(labels, wanted, n, wide) {
    if (bare(labels) !== this.labels) this.forget(bare(labels));
    const jobs = [this.fetch(labels, (bytes) => (this.truth = decodeLabels(bytes, n, wide)))];
    for (const { columns, range } of wanted) {
      const keep = (/** @type {ArrayBuffer} */ bytes) => {
        const { predicted, margin } = decodeColumns(bytes, n, wide);
        this.answers.set(bare(columns), { predicted, margin, range });
      };
      jobs.push(this.fetch(columns, keep));
    }
    this.queue.unshift(...jobs.filter((job) => job !== null)); // what was fitted just now does not wait for what is farther
    this.next();
  }

  /** Other images are asked for: what is on its way counts no more. @param {string} labels */
  forget(labels) {
    this.labels = labels;
    this.truth = null;
    this.queue = [];
    this.answers.clear();
    this.asked.clear();
  }

  /** @param {Said | null} said @returns {Answers | null} null until they are there */
  of(said) {
    return (said && this.answers.get(bare(said.columns))) ?? null;
  }

  /**
   * @param {string} path @param {(bytes: ArrayBuffer) => unknown} keep
   * @returns {(() => Promise<void>) | null} what fetches it; null where it was asked for before
   */
  fetch(path, keep) {
    if (this.asked.has(bare(path))) return null;
    this.asked.add(bare(path));
    const { labels } = this;
    return async () => {
      try {
        const bytes = await (await get(address(path))).arrayBuffer();
        if (labels !== this.labels) return;
        keep(bytes);
        this.onArrival();
      } catch (error) {
        if (labels !== this.labels) return;
        this.asked.delete(bare(path)); // the next message of the server asks again
        this.onArrival(/** @type {Error} */ (error));
      }
    };
  }

  next() {
    while (this.running < AT_ONCE) {
      const job = this.queue.shift();
      if (!job) return;
      this.running++;
      job().finally(() => {
        this.running--; // also where drawing what came has failed
        this.next();
      });
    }
  }
}
