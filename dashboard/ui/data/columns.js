/**
 * Reads the columns that `dashboard/server/columns.py` writes.
 *
 * @typedef {Uint8Array | Uint16Array} Labels
 * @typedef {{n: number, x: Uint16Array, y: Uint16Array, label: Labels}} Points
 * @typedef {{predicted: Labels, runnerUp: Labels, margin: Uint16Array, runnerUpMargin: Uint16Array}} Columns margins in steps
 * @typedef {[number, number]} Range
 */

export const STEPS = 65534;
export const NO_MARGIN = 65535;

/**
 * @param {ArrayBuffer} bytes
 * @param {number} n number of points
 * @param {boolean} wide whether a label takes two bytes
 * @returns {Points}
 */
export function decodePoints(bytes, n, wide) {
  expect(bytes, n * (wide ? 6 : 5));
  const x = new Uint16Array(bytes, 0, n);
  const y = new Uint16Array(bytes, 2 * n, n);
  return { n, x, y, label: labels(bytes, 4 * n, n, wide) };
}

/**
 * @param {ArrayBuffer} bytes
 * @param {number} n
 * @param {boolean} wide
 * @returns {Columns}
 */
export function decodeColumns(bytes, n, wide) {
  const size = wide ? 2 : 1;
  expect(bytes, n * (2 * size + 4));
  const margin = new Uint16Array(bytes, 2 * size * n, n);
  const difference = new Uint16Array(bytes, (2 * size + 2) * n, n);
  return {
    predicted: labels(bytes, 0, n, wide),
    runnerUp: labels(bytes, size * n, n, wide),
    margin,
    runnerUpMargin: difference.map((step, row) => step + margin[row]), // a Uint16Array wraps round
  };
}

/** @param {ArrayBuffer} bytes @param {number} n @param {boolean} wide @returns {Labels} true labels alone */
export function decodeLabels(bytes, n, wide) {
  expect(bytes, n * (wide ? 2 : 1));
  return labels(bytes, 0, n, wide);
}

/** @param {ArrayBuffer} bytes @param {number} n @returns {Uint8Array} a number for each point */
export function decodeBytes(bytes, n) {
  expect(bytes, n);
  return new Uint8Array(bytes);
}

/**
 * @param {number} step
 * @param {Range} range lowest and highest margin
 * @returns {number} NaN where there is no margin
 */
export function marginOf(step, [low, high]) {
  return step === NO_MARGIN ? NaN : low + (step / STEPS) * (high - low);
}

/** @param {Columns["margin"]} margin @returns {Uint32Array} rows at each step; the last: without a margin */
export function stepTotals(margin) {
  const totals = new Uint32Array(NO_MARGIN + 1);
  for (let row = 0; row < margin.length; row++) totals[margin[row]]++;
  return totals;
}

/** @typedef {(url: string, request?: RequestInit) => Promise<Response>} Ask */

/** @type {Ask} who answers */
let ask = (url, request) => fetch(url, request);

/** Has somebody else answer than a server: a site has its files with it. @param {Ask} other */
export function answerWith(other) {
  ask = other;
}

/**
 * @param {string} url
 * @param {RequestInit} [request]
 * @returns {Promise<Response>}
 * @throws {Error} with the server's words, if it has no such file
 */
export async function get(url, request) {
  const response = await ask(url, request);
  if (!response.ok) throw new Error(await wordsOf(response));
  return response;
}

/**
 * Give what an answer says that is no success: the server's own words, and not the page that a proxy before it has for people.
 *
 * @param {Response} response @returns {Promise<string>}
 */
export async function wordsOf(response) {
  const words = response.headers.get("Content-Type")?.startsWith("text/plain") ? await response.text() : "";
  return words.slice(0, 400) || `The server says ${response.status}.`;
}

/**
 * Fetches all of a file; what breaks off on its way is told from what never came.
 *
 * @param {string} url @param {RequestInit} [request] @returns {Promise<Blob>}
 */
export async function getWhole(url, request) {
  const response = await get(url, request);
  try {
    return await response.blob();
  } catch (error) {
    if (request?.signal?.aborted) throw error;
    throw new Error("A file must arrive whole. Got a transfer that broke off: a file of the cache is damaged, as the command verify tells, or the server has gone. Try: again.");
  }
}

/** @param {unknown} error that `get` throws @returns {string} why, and what to do */
export function reasonOf(error) {
  const unreachable = error instanceof TypeError; // what fetch throws where nobody answers
  return unreachable ? "The server does not answer. Try again in a moment." : /** @type {Error} */ (error).message;
}

/** @param {ArrayBuffer} bytes @param {number} offset @param {number} n @param {boolean} wide @returns {Labels} */
function labels(bytes, offset, n, wide) {
  return wide ? new Uint16Array(bytes, offset, n) : new Uint8Array(bytes, offset, n);
}

/** @param {ArrayBuffer} bytes @param {number} size */
function expect(bytes, size) {
  if (bytes.byteLength !== size) throw new Error(`The file must have ${size} bytes. Got ${bytes.byteLength}.`);
}

/** @param {string} path of a file @returns {string} without its ticket, which is renewed from time to time */
export function bare(path) {
  return path.split("?")[0];
}
