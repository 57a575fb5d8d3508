/**
 * Asks the server for an image's nearest neighbours in feature space.
 *
 * @typedef {{state: "none" | "loading"} | {state: "failed", words: string}
 *   | {state: "ready", rows: number[], distances: number[]}} Near nearest first; none: the run has no neighbours
 */

import { get } from "./columns.js";
import { address } from "./source.js";

export class Nearest {
  /** @param {(row: number) => void} onAnswer @param {AbortSignal} signal ends what is asked */
  constructor(onAnswer, signal) {
    this.onAnswer = onAnswer;
    this.url = "";
    this.n = 0;
    /** @type {Map<number, Near>} small, and asked for one by one: all are kept */
    this.answers = new Map();
    /** @type {Map<number, AbortController>} */
    this.requests = new Map();
    signal.addEventListener("abort", () => this.want([]));
  }

  /** @param {string | null | undefined} url of one run's neighbours @param {number} n rows of that run */
  use(url, n) {
    if (this.url === (url ?? "")) return;
    this.want([]);
    this.answers.clear();
    this.url = url ?? "";
    this.n = n;
  }

  /** @param {number} row @returns {Near} */
  of(row) {
    if (!this.url) return { state: "none" };
    return this.answers.get(row) ?? { state: "loading" };
  }

  /** Asks for what is wanted, and for nothing else any more. @param {number[]} rows */
  want(rows) {
    for (const [row, end] of this.requests) {
      if (rows.includes(row)) continue;
      end.abort();
      this.requests.delete(row);
    }
    for (const row of rows) {
      const known = this.answers.get(row)?.state === "ready";
      if (this.url && !known && !this.requests.has(row)) this.ask(row);
    }
  }

  /** @param {number} row */
  async ask(row) {
    const end = new AbortController();
    this.requests.set(row, end);
    this.answers.delete(row);
    const url = address(this.url);
    try {
      const answer = await get(`${url}${url.includes("?") ? "&" : "?"}row=${row}`, { signal: end.signal });
      this.keep(row, read(await answer.json(), this.n), end);
    } catch (error) {
      this.keep(row, { state: "failed", words: /** @type {Error} */ (error).message }, end);
    }
  }

  /** @param {number} row @param {Near} near @param {AbortController} end of the question */
  keep(row, near, end) {
    if (end.signal.aborted) return;
    this.requests.delete(row);
    this.answers.set(row, near);
    this.onAnswer(row);
  }
}

/**
 * @param {Partial<{rows: unknown, distances: unknown}> | null} answer
 * @param {number} n
 * @returns {Near}
 * @throws {Error} if it is not what a server of this version answers
 */
function read(answer, n) {
  const { rows, distances } = answer ?? {};
  const isRow = (/** @type {unknown} */ row) => Number.isInteger(row) && Number(row) >= 0 && Number(row) < n;
  const whole = Array.isArray(rows) && Array.isArray(distances) && rows.length === distances.length;
  if (!whole || !rows.every(isRow) || !distances.every(Number.isFinite)) {
    throw new Error(`Neighbours must be rows below ${n} and their distances. Got ${JSON.stringify(answer).slice(0, 80)}. Try: reload the page.`);
  }
  return { state: "ready", rows, distances };
}
