/**
 * Asks the server what it knows of one image at a time: its nearest neighbours in feature space, what a table says of it.
 *
 * @typedef {{state: "none" | "loading"} | {state: "failed", words: string}} Waiting none: the run has no such file
 * @typedef {{rows: number[], distances: number[]}} Neighbours nearest first
 * @typedef {Waiting | ({state: "ready"} & Neighbours)} Near
 * @typedef {Waiting | ({state: "ready"} & {texts: string[]})} Said a text a column of the table
 */

import { get } from "./columns.js";
import { address } from "./source.js";

/** @template Found */
class RowQuestions {
  /**
   * @param {(answer: any, n: number) => Found} read checks what was answered
   * @param {(row: number) => void} onAnswer @param {AbortSignal} signal ends what is asked
   */
  constructor(read, onAnswer, signal) {
    this.read = read;
    this.onAnswer = onAnswer;
    this.url = "";
    this.n = 0;
    /** @type {Map<number, Waiting | ({state: "ready"} & Found)>} small, and asked for one by one: all are kept */
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

  /** @param {number} row @returns {Waiting | ({state: "ready"} & Found)} */
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
      this.keep(row, { state: "ready", ...this.read(await answer.json(), this.n) }, end);
    } catch (error) {
      this.keep(row, { state: "failed", words: /** @type {Error} */ (error).message }, end);
    }
  }

  /** @param {number} row @param {Waiting | ({state: "ready"} & Found)} found @param {AbortController} end of the question */
  keep(row, found, end) {
    if (end.signal.aborted) return;
    this.requests.delete(row);
    this.answers.set(row, found);
    this.onAnswer(row);
  }
}

/** @extends {RowQuestions<Neighbours>} */
export class Nearest extends RowQuestions {
  /** @param {(row: number) => void} onAnswer @param {AbortSignal} signal ends what is asked */
  constructor(onAnswer, signal) {
    super(readNeighbours, onAnswer, signal);
  }
}

/** @extends {RowQuestions<{texts: string[]}>} */
export class TableRows extends RowQuestions {
  /** @param {(row: number) => void} onAnswer @param {AbortSignal} signal ends what is asked */
  constructor(onAnswer, signal) {
    super(readTexts, onAnswer, signal);
  }
}

/** @param {unknown} answer @returns {{texts: string[]}} @throws {Error} if it is not what a server of this version answers */
function readTexts(answer) {
  const whole = Array.isArray(answer) && answer.every((text) => typeof text === "string");
  if (!whole) throw new Error(`A row of the table must be texts. Got ${JSON.stringify(answer).slice(0, 80)}. Try: reload the page.`);
  return { texts: answer };
}

/**
 * @param {Partial<{rows: unknown, distances: unknown}> | null} answer
 * @param {number} n
 * @returns {Neighbours}
 * @throws {Error} if it is not what a server of this version answers
 */
function readNeighbours(answer, n) {
  const { rows, distances } = answer ?? {};
  const isRow = (/** @type {unknown} */ row) => Number.isInteger(row) && Number(row) >= 0 && Number(row) < n;
  const whole = Array.isArray(rows) && Array.isArray(distances) && rows.length === distances.length;
  if (!whole || !rows.every(isRow) || !distances.every(Number.isFinite)) {
    throw new Error(`Neighbours must be rows below ${n} and their distances. Got ${JSON.stringify(answer).slice(0, 80)}. Try: reload the page.`);
  }
  return { rows, distances };
}
