/**
 * Puts rows in order. Keys are small whole numbers, so rows are counted into place: a million take some milliseconds.
 */

const CODES = 65537; // a UTF-16 code unit, one up; 0: the text has ended
const DIGITS = 12; // of a number in a name: shorter ones are compared as if they began with zeros

/**
 * @param {Uint32Array} rows
 * @param {ArrayLike<number>} key one of each row of the run
 * @param {number} limit keys from here on stand for "none" and come last either way
 * @param {boolean} down largest first
 * @returns {Uint32Array} equals stay in the order they were in
 */
export function sortByKey(rows, key, limit, down) {
  const places = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const value = key[rows[i]];
    places[i] = value >= limit ? limit : down ? limit - 1 - value : value;
  }
  return distribute(rows, places, limit + 1);
}

/**
 * Ranks names as people order them: capital letters apart from small ones, numbers in them by their size.
 *
 * @param {string[]} names one of each row of the run
 * @returns {Uint32Array} place of each row; equals in the order of the rows
 */
export function rankNames(names) {
  const keys = names.map((name) => name.replace(/\d+/g, (digits) => digits.padStart(DIGITS, "0")));
  const rows = sortKeys(keys);
  const ranks = new Uint32Array(names.length);
  for (let place = 0; place < rows.length; place++) ranks[rows[place]] = place;
  return ranks;
}

/** @param {string[]} keys @returns {Uint32Array} rows by their keys, from the last character to the first */
function sortKeys(keys) {
  /** @type {Uint32Array} */
  let rows = Uint32Array.from(keys, (_, row) => row);
  if (keys.every((key, row) => row === 0 || keys[row - 1] <= key)) return rows;
  const longest = keys.reduce((most, key) => Math.max(most, key.length), 0);
  const codes = new Uint32Array(keys.length);
  for (let at = longest - 1; at >= 0; at--) {
    if (readCodes(rows, keys, at, codes)) rows = distribute(rows, codes, CODES);
  }
  return rows;
}

/**
 * @param {Uint32Array} rows @param {string[]} names @param {number} at
 * @param {Uint32Array} codes is written: what each row has at that character
 * @returns {boolean} whether they differ
 */
function readCodes(rows, names, at, codes) {
  let differ = 0;
  for (let i = 0; i < rows.length; i++) {
    const name = names[rows[i]];
    codes[i] = at < name.length ? name.charCodeAt(at) + 1 : 0;
    differ |= codes[i] ^ codes[0];
  }
  return differ !== 0;
}

/**
 * @param {Uint32Array} rows @param {Uint32Array} places of each of them, below `limit` @param {number} limit
 * @returns {Uint32Array} the rows by their places
 */
function distribute(rows, places, limit) {
  const next = new Uint32Array(limit + 1);
  for (let i = 0; i < rows.length; i++) next[places[i] + 1]++;
  for (let place = 0; place < limit; place++) next[place + 1] += next[place];
  const sorted = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) sorted[next[places[i]]++] = rows[i];
  return sorted;
}
