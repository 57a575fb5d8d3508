/**
 * The view as a URL's hash: `colour=margin&only=wrong&at=32768,20000,2.5`. Anyone may have typed it, so what cannot be
 * right is left out, field by field.
 *
 * @typedef {import("./view_store.js").View} View
 * @typedef {{n: number, classes: number, colours: string[], further?: Record<string, import("../data/attributes.js").Kind>,
 *   names?: Record<string, number>}} Limits what there is to look at; further: other attributes that a filter may speak of; names: how
 *   many names those of them have of which that is known
 */

import { decoded, FILTER_TEXTS, LONGEST, finite, list, readIndices } from "./filter_texts.js";
import { withLabels } from "./lit_rows.js";
import { packBits, unpackBits } from "./packed_bits.js";
import { DEFAULTS, same } from "./view_store.js";

const VERTICES = 600;
const FAR = 1e6; // positions: outside of it nobody can draw
const NAMES_SHOWN = 20; // of categories, that a legend has at most
const ALWAYS = "margin"; // a column that is always listed: it stands for none besides
const DOWN = ",down"; // behind a column: largest first
const ZOOMS = [0.01, 1e4]; // the camera has narrower ones of its own

/**
 * @param {View} view
 * @param {View} [defaults] what a link need not say
 * @returns {Promise<string>} without the #; empty where all is at its default
 */
export async function writeHash(view, defaults = DEFAULTS) {
  const changed = NAMES.filter((field) => !same(view[field], defaults[field]));
  return (await Promise.all(changed.map((field) => written(field, view[field])))).join("&");
}

/** @template {keyof View} F @param {F} field @param {View[F]} value @returns {Promise<string>} */
async function written(field, value) {
  const { parameter, write } = FIELDS[field];
  return `${parameter}=${value === null ? "" : await write(value)}`;
}

/**
 * @param {string} text with or without the #
 * @param {Limits} limits
 * @param {View} [before] what the text comes on top of
 * @returns {Promise<Partial<View>>} the fields that the text has, and has right
 */
export async function readHash(text, limits, before = DEFAULTS) {
  const parameters = parametersOf(text);
  const view = {};
  for (const field of NAMES) {
    const { parameter, read } = FIELDS[field];
    const value = parameters.get(parameter);
    const found = value === undefined ? undefined : await read(value, limits);
    if (found !== undefined) Object.assign(view, { [field]: found });
  }
  return { ...older(parameters, { ...before, ...view }, limits), ...view };
}

/**
 * What a link of before said by entries of the legend, which are those of the colour.
 *
 * @param {Map<string, string>} parameters @param {View} view @param {Limits} limits @returns {Partial<View>}
 */
function older(parameters, view, { classes, further = {}, names }) {
  const listed = further[view.colourBy] === "category" ? NAMES_SHOWN : 0;
  const entries = new Map(Object.entries({ true: classes, predicted: classes, correct: 2, ...names })).get(view.colourBy) ?? listed;
  const shown = readIndices(parameters.get("classes") ?? "", entries);
  return shown ? withLabels(view, view.colourBy, shown.sort((a, b) => a - b)) : {};
}

/** @param {string} text @returns {string} the hash less its selection, for which it would be too long */
export function withoutSelection(text) {
  return without(text, /^(b\.)?select=/);
}

/** @param {string} text @returns {string} the hash less what it says of places: shapes drawn, and where the camera is */
export function withoutPlaces(text) {
  return without(text, /^(at=|select=(?!rows:))/);
}

/** @param {string} text @returns {string} the hash less where the cameras are */
export function withoutCamera(text) {
  return without(text, /^(b\.)?at=/);
}

/** @param {string} text @param {RegExp} part @returns {string} */
function without(text, part) {
  return text.split("&").filter((one) => !part.test(one)).join("&");
}

/** @param {string} text @returns {Map<string, string>} still encoded */
function parametersOf(text) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [, name, value] of text.replace(/^#/, "").matchAll(/([^&=]*)=([^&]*)/g)) found.set(name, value);
  return found;
}

/**
 * How a field is written, and read: undefined where the text cannot be right.
 *
 * @template {keyof View} F
 * @typedef {{
 *   parameter: string, write: (value: NonNullable<View[F]>) => string | Promise<string>,
 *   read: (text: string, limits: Limits) => View[F] | undefined | Promise<View[F] | undefined>,
 * }} Field
 */

const encoded = (/** @type {string} */ text) => encodeURIComponent(text.toWellFormed?.() ?? text);
const { text: searched, ...filters } = FILTER_TEXTS;
const flag = { write: (/** @type {boolean} */ value) => (value ? "1" : "0"), read: readFlag };
const ordering = { write: writeOrder, read: readOrder };

/** @type {{[F in keyof View]: Field<F>}} */
const FIELDS = {
  .../** @type {{[F in Exclude<import("./filter_texts.js").FilterField, "text">]: Field<F>}} */ (filters),
  text: { parameter: searched.parameter, write: encoded, read: (text) => decoded(text)?.slice(0, LONGEST) },
  colourBy: { parameter: "colour", write: encoded, read: (text, { colours }) => oneOf(decoded(text), colours) },
  layout: { parameter: "layout", write: String, read: (text) => oneOf(text, ["scatter", "grid"]) },
  images: { parameter: "images", ...flag },
  shapes: { parameter: "shapes", ...flag },
  pinned: { parameter: "pin", write: list, read: (text, { n }) => readIndices(text, n)?.slice(-2) },
  selection: { parameter: "select", write: writeSelection, read: readSelection },
  camera: { parameter: "at", write: ({ x, y, zoom }) => [x, y, zoom].join(","), read: readCamera },
  listed: {
    parameter: "list",
    write: (names) => names.map(encoded).join(",") || ALWAYS,
    read: (text, limits) => {
      const found = text.split(",").map((name) => readColumn(name, limits)).filter((name) => name !== undefined);
      return found.length ? /** @type {string[]} */ ([...new Set(found)]).filter((name) => name !== ALWAYS) : undefined;
    },
  },
  tab: { parameter: "tab", write: String, read: (text) => oneOf(text, ["selection", "pin", "guest"]) },
  listing: { parameter: "as", write: String, read: (text) => oneOf(text, ["gallery", "table"]) },
  order: { parameter: "order", ...ordering },
  ranking: { parameter: "rank", ...ordering },
};

const NAMES = /** @type {(keyof View)[]} */ (Object.keys(FIELDS)); // in the order that a link has

/** @template {string} const T @param {string | undefined} text @param {readonly T[]} allowed @returns {T | undefined} */
function oneOf(text, allowed) {
  return allowed.find((one) => one === text);
}

/** @param {string} text @returns {boolean | undefined} */
function readFlag(text) {
  return text === "1" ? true : text === "0" ? false : undefined;
}

/** @param {string} text @param {Limits} limits @returns {string | undefined} a column that images are listed or put in order by */
function readColumn(text, { further = {} }) {
  const name = decoded(text);
  return name !== undefined && (name === ALWAYS || DEFAULTS.listed.includes(name) || Object.hasOwn(further, name)) ? name : undefined;
}

/** @param {import("./view_store.js").Order} order @returns {string} */
function writeOrder({ by, down }) {
  return `${encoded(by)}${down ? DOWN : ""}`;
}

/** @param {string} text @param {Limits} limits @returns {import("./view_store.js").Order | undefined} */
function readOrder(text, limits) {
  const down = text.endsWith(DOWN);
  const by = readColumn(down ? text.slice(0, -DOWN.length) : text, limits);
  return by === undefined ? undefined : { by, down };
}

/** @param {NonNullable<View["selection"]>} made @returns {Promise<string>} */
async function writeSelection(made) {
  return made.kind === "rows" ? `rows:${await packBits(made.bits)}` : `${made.layout}:${list(made.points)}`;
}

/** @param {string} text @param {Limits} limits @returns {Promise<View["selection"] | undefined>} */
async function readSelection(text, { n }) {
  const at = text.indexOf(":");
  const [kind, content] = [text.slice(0, at), text.slice(at + 1)];
  if (kind === "rows") {
    const bits = await unpackBits(content, n);
    return bits ? { kind: "rows", bits } : undefined;
  }
  if (kind !== "scatter" && kind !== "grid") return undefined;
  const points = content.split(".").map(finite);
  const shaped = points.length >= 6 && points.length <= 2 * VERTICES && points.length % 2 === 0;
  if (!shaped || !points.every((value) => Math.abs(value) <= FAR)) return undefined;
  return { kind: "polygon", layout: kind, points };
}

/** @param {string} text @returns {View["camera"] | undefined} */
function readCamera(text) {
  const [x, y, zoom, ...more] = text.split(",").map(finite);
  const placed = Math.abs(x) <= FAR && Math.abs(y) <= FAR && zoom >= ZOOMS[0] && zoom <= ZOOMS[1];
  return placed && !more.length ? { x, y, zoom } : undefined;
}
