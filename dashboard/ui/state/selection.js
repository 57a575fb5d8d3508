/**
 * Sets of rows: made by gestures, joined, taken away, and kept as a bit a row.
 *
 * @typedef {"replace" | "add" | "remove"} Mode
 * @typedef {{mask: Uint8Array, count: number, rows: Uint32Array}} Selected mask: 1 where a row is in; rows: ascending
 */

/**
 * @param {Uint8Array | null} before what is selected already
 * @param {Uint8Array} mask of a gesture
 * @param {Mode} mode
 * @param {Uint8Array} lit only such rows can be selected; what is selected already stays
 * @returns {Uint8Array} a new mask
 */
export function combine(before, mask, mode, lit) {
  const next = new Uint8Array(lit.length);
  const old = before && mode !== "replace" ? before : next;
  if (mode === "remove") for (let row = 0; row < next.length; row++) next[row] = old[row] & ~(mask[row] & lit[row]);
  else for (let row = 0; row < next.length; row++) next[row] = old[row] | (mask[row] & lit[row]);
  return next;
}

/** @param {ArrayLike<number>} rows @param {number} n @returns {Uint8Array} */
export function maskWith(rows, n) {
  const mask = new Uint8Array(n);
  for (let i = 0; i < rows.length; i++) if (rows[i] < n) mask[rows[i]] = 1;
  return mask;
}

/** @param {Uint8Array} mask @returns {Selected | null} null where nothing is selected */
export function selectedOf(mask) {
  const rows = rowsOf(mask);
  return rows.length ? { mask, count: rows.length, rows } : null;
}

/** @param {Uint8Array} mask @returns {Uint32Array} ascending */
export function rowsOf(mask) {
  const rows = new Uint32Array(mask.length);
  let count = 0;
  for (let row = 0; row < mask.length; row++) {
    rows[count] = row; // overwritten where the row is not in: no branch
    count += mask[row];
  }
  return rows.slice(0, count);
}

/** @param {Uint8Array} mask @returns {Uint8Array<ArrayBuffer>} a bit a row, lowest bit first */
export function bitsOf(mask) {
  const bits = new Uint8Array((mask.length + 7) >> 3);
  for (let row = 0; row < mask.length; row++) bits[row >> 3] |= mask[row] << (row & 7);
  return bits;
}

/** @param {Uint8Array} bits @param {number} n @returns {Uint8Array} the mask; rows beyond the bits are not in */
export function maskOf(bits, n) {
  const mask = new Uint8Array(n);
  for (let row = 0; row < n; row++) mask[row] = (bits[row >> 3] >> (row & 7)) & 1;
  return mask;
}
