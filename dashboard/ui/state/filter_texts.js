/**
 * Filters as texts, as they stand in the query of a page's address, where Python reads and writes the same
 * (`dashboard/page/filter.py`), and in an older link's hash. Anyone may have typed them.
 *
 * @typedef {import("./view_store.js").View} View
 * @typedef {import("./view_hash.js").Limits} Limits
 */

export const LONGEST = 200; // characters of a searched text
const LAST_MOMENT = 8.64e15; // milliseconds from 1970 to the last date there is
const NAMED = 1000; // categories that a column may have

/**
 * @template {keyof View} F
 * @typedef {{parameter: string, write: (value: View[F]) => string, read: (text: string, limits: Limits) => View[F] | undefined}} FilterText
 */

/** How the filters of a view stand in the query; read gives undefined where a text cannot be right. */
export const FILTER_TEXTS = Object.freeze({
  trueLabels: labels("true"),
  predictedLabels: labels("predicted"),
  outcome: words("only", /** @type {View["outcome"][]} */ (["all", "correct", "wrong"])),
  margin: { parameter: "margin", write: writeRange, read: readRange },
  text: { parameter: "find", write: (/** @type {string} */ text) => text, read: (/** @type {string} */ text) => text.slice(0, LONGEST) },
  where: { parameter: "where", write: writeWhere, read: readWhere },
  flips: words("flips", /** @type {View["flips"][]} */ (["fixed", "broke", "both"]), { 1: "both" }),
});

/** @typedef {keyof typeof FILTER_TEXTS} FilterField */
export const FILTER_FIELDS = /** @type {FilterField[]} */ (Object.keys(FILTER_TEXTS));
export const FILTER_PARAMETERS = FILTER_FIELDS.map((field) => FILTER_TEXTS[field].parameter);

/** @param {View} view @param {FilterField} field @returns {string} */
export function filterText(view, field) {
  return /** @type {FilterText<any>} */ (FILTER_TEXTS[field]).write(view[field]);
}

/** @param {FilterField} field @param {string} text @param {Limits} limits @returns {Partial<View>} nothing where the text cannot be right */
export function readFilter(field, text, limits) {
  const value = /** @type {FilterText<any>} */ (FILTER_TEXTS[field]).read(text, limits);
  return value === undefined ? {} : { [field]: value };
}

/**
 * @param {string} search of an address @param {string} hash of it, without the #
 * @returns {string} all that it says of the view, as one hash; an older link's hash says filters, too, and is right
 */
export function joined(search, hash) {
  const said = [...new URLSearchParams(search)].filter(([name]) => FILTER_PARAMETERS.includes(name));
  const parts = said.map(([name, text]) => `${name}=${name === FILTER_TEXTS.text.parameter ? encodeURIComponent(text) : text}`);
  return [...parts, hash].filter(Boolean).join("&");
}

/**
 * @param {string} text a view as one hash
 * @returns {{query: [string, string][], hash: string}} its filters as parameters of the query, and the rest
 */
export function parted(text) {
  /** @type {[string, string][]} */
  const query = [];
  const rest = text.split("&").filter((part) => {
    const at = part.indexOf("=");
    const [name, value] = [part.slice(0, at), part.slice(at + 1)];
    const isFilter = FILTER_PARAMETERS.includes(name);
    if (isFilter) query.push([name, name === FILTER_TEXTS.text.parameter ? decodeURIComponent(value) : value]);
    return !isFilter;
  });
  return { query, hash: rest.join("&") };
}

/** @param {string} parameter @returns {FilterText<"trueLabels">} */
function labels(parameter) {
  return { parameter, write: list, read: (text, { classes }) => readIndices(text, classes)?.sort(ascending) };
}

/** @template {string} W @param {string} parameter @param {W[]} known @param {Record<string, W>} [older] words of older links */
function words(parameter, known, older = {}) {
  const read = (/** @type {string} */ text) => known.find((word) => word === text) ?? (Object.hasOwn(older, text) ? older[text] : undefined);
  return { parameter, write: (/** @type {W} */ word) => word, read };
}

const ascending = (/** @type {number} */ a, /** @type {number} */ b) => a - b;
const encoded = (/** @type {string} */ text) => encodeURIComponent(text.toWellFormed?.() ?? text);

/** @param {number[]} values @returns {string} */
export function list(values) {
  return values.join(".");
}

/** @param {string} text @param {number} end @returns {number | undefined} */
export function below(text, end) {
  return /^\d{1,9}$/.test(text) && Number(text) < end ? Number(text) : undefined;
}

/** @param {string} text @returns {number} NaN where it is none, or absurd */
export function finite(text) {
  return /^-?\d{1,22}(\.\d{1,20})?(e[+-]?\d{1,3})?$/.test(text) ? Number(text) : NaN;
}

/** @param {string} text @param {number} end @returns {number[] | undefined} each once */
export function readIndices(text, end) {
  const found = text.split(".").map((part) => below(part, end));
  const known = found.filter((index) => index !== undefined);
  return known.length ? [...new Set(known)] : undefined;
}

/** @param {View["where"]} where @returns {string} for example "column.weather:1.4,column.price:..20" */
function writeWhere(where) {
  const written = (/** @type {import("./view_store.js").Filter} */ filter) => ("labels" in filter ? list(filter.labels) : writeRange(filter.range));
  return Object.entries(where).map(([name, filter]) => `${encoded(name)}:${written(filter)}`).join(",");
}

/** @param {string} text @param {Limits} limits @returns {View["where"] | undefined} what cannot be right is left out, filter by filter */
function readWhere(text, { further = {}, names = {} }) {
  /** @type {[string, import("./view_store.js").Filter][]} */
  const found = [];
  for (const part of text.split(",")) {
    const [encodedName, rest = ""] = part.split(":");
    const name = decoded(encodedName) ?? "";
    const kind = Object.hasOwn(further, name) ? further[name] : "text";
    const chosen = kind === "category" ? readIndices(rest, Object.hasOwn(names, name) ? names[name] : NAMED) : undefined;
    const range = kind === "number" || kind === "date" ? readRange(rest) : undefined;
    if (chosen) found.push([name, { labels: chosen.sort(ascending) }]);
    if (range && (kind === "number" || range.every((end) => Math.abs(end ?? 0) <= LAST_MOMENT))) found.push([name, { range }]);
  }
  return found.length ? Object.fromEntries(found) : undefined;
}

/** @param {import("./view_store.js").Bounds} bounds @returns {string} */
function writeRange([low, high]) {
  return `${low ?? ""}..${high ?? ""}`;
}

/** @param {string} text @returns {View["margin"] | undefined} */
function readRange(text) {
  const at = text.indexOf("..");
  if (at < 0) return undefined;
  const [low, high] = [text.slice(0, at), text.slice(at + 2)].map((end) => (end === "" ? null : finite(end)));
  const known = [low, high].every((end) => end === null || Number.isFinite(end));
  return known && (low === null || high === null || low <= high) ? [low, high] : undefined;
}

/** @param {string} text @returns {string | undefined} */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
