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
    /** @type {(() => Promise<void>)[]} */
    this.queue = [];
    this.running = 0;
  }

  /** @param {string} labels @param {Said[]} wanted the most wanted first @param {number} n images @param {boolean} wide whether a label takes two bytes */
  want(labels, wanted, n, wide) {
    if (bare(labels) !== this.labels) this.forget(bare(labels));
    this.fetch(labels, (bytes) => (this.truth = decodeLabels(bytes, n, wide)));
    for (const { columns, range } of wanted) {
      this.fetch(columns, (bytes) => {
        const { predicted, margin } = decodeColumns(bytes, n, wide);
        this.answers.set(bare(columns), { predicted, margin, range });
      });
    }
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

  /** @param {string} path @param {(bytes: ArrayBuffer) => unknown} keep */
  fetch(path, keep) {
    if (this.asked.has(bare(path))) return;
    this.asked.add(bare(path));
    const { labels } = this;
    this.queue.push(async () => {
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
    });
    this.next();
  }

  next() {
    while (this.running < AT_ONCE) {
      const job = this.queue.shift();
      if (!job) return;
      this.running++;
      job().then(() => {
        this.running--;
        this.next();
      });
    }
  }
}
