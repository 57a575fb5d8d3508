/**
 * The view as a URL's hash: `colour=margin&only=wrong&at=32768,20000,2.5`. Anyone may have typed it, so what cannot be
 * right is left out, field by field.
 *
 * @typedef {import("./view_store.js").View} View
 * @typedef {{n: number, classes: number, colours: string[], groups?: number}} Limits what there is to look at; groups: of
 *   images that the legend may show
 */

import { packBits, unpackBits } from "./packed_bits.js";
import { DEFAULTS, same } from "./view_store.js";

const LONGEST = 200; // characters of a searched text
const VERTICES = 600;
const FAR = 1e6; // positions: outside of it nobody can draw
const ZOOMS = [0.01, 1e4]; // the camera has narrower ones of its own

/** The parameter of each field. @type {[string, keyof View][]} */
const PARAMETERS = [
  ["colour", "colourBy"],
  ["layout", "layout"],
  ["images", "images"],
  ["shapes", "shapes"],
  ["true", "trueLabel"],
  ["predicted", "predictedLabel"],
  ["only", "outcome"],
  ["margin", "margin"],
  ["find", "text"],
  ["classes", "isolated"],
  ["pin", "pinned"],
  ["select", "selection"],
  ["at", "camera"],
  ["flips", "flips"],
];

/**
 * @param {View} view
 * @param {View} [defaults] what a link need not say
 * @returns {Promise<string>} without the #; empty where all is at its default
 */
export async function writeHash(view, defaults = DEFAULTS) {
  const written = [];
  for (const [name, field] of PARAMETERS) {
    if (!same(view[field], defaults[field])) written.push(`${name}=${await WRITERS[field](view[field])}`);
  }
  return written.join("&");
}

/**
 * @param {string} text with or without the #
 * @param {Limits} limits
 * @returns {Promise<Partial<View>>} the fields that the text has, and has right
 */
export async function readHash(text, limits) {
  const parameters = parametersOf(text);
  const view = /** @type {Record<string, unknown>} */ ({});
  for (const [name, field] of PARAMETERS) {
    const value = parameters.get(name);
    const read = value === undefined ? undefined : await READERS[field](value, limits);
    if (read !== undefined) view[field] = read;
  }
  return view;
}

/** @param {string} text @returns {string} the hash less its selection, for which it would be too long */
export function withoutSelection(text) {
  return text.split("&").filter((part) => !/^(b\.)?select=/.test(part)).join("&");
}

/** @param {string} text @returns {string} the hash less what it says of places: shapes drawn, and where the camera is */
export function withoutPlaces(text) {
  return text.split("&").filter((part) => !/^(at=|select=(?!rows:))/.test(part)).join("&");
}

/** @param {string} text @returns {Map<string, string>} still encoded */
function parametersOf(text) {
  const parts = text.replace(/^#/, "").split("&");
  const pairs = parts.filter((part) => part.includes("=")).map((part) => {
    const at = part.indexOf("=");
    return /** @type {[string, string]} */ ([part.slice(0, at), part.slice(at + 1)]);
  });
  return new Map(pairs);
}

const encoded = (/** @type {string} */ text) => encodeURIComponent(text.toWellFormed?.() ?? text);
const flag = (/** @type {boolean} */ value) => (value ? "1" : "0");
const list = (/** @type {number[]} */ values) => values.join(".");
const open = (/** @type {number | null} */ value) => (value === null ? "" : String(value));

/** @type {Record<keyof View, (value: any) => string | Promise<string>>} */
const WRITERS = {
  colourBy: encoded,
  layout: String,
  images: flag,
  shapes: flag,
  trueLabel: String,
  predictedLabel: String,
  outcome: String,
  margin: ([low, high]) => `${open(low)}..${open(high)}`,
  text: encoded,
  isolated: list,
  pinned: list,
  selection: async (made) => (made.kind === "rows" ? `rows:${await packBits(made.bits)}` : `${made.layout}:${list(made.points)}`),
  camera: ({ x, y, zoom }) => [x, y, zoom].join(","),
  flips: flag,
};

/** @type {Record<keyof View, (text: string, limits: Limits) => any>} undefined where the text cannot be right */
const READERS = {
  colourBy: (text, { colours }) => oneOf(decoded(text), colours),
  layout: (text) => oneOf(text, ["scatter", "grid"]),
  images: readFlag,
  shapes: readFlag,
  trueLabel: (text, { classes }) => below(text, classes),
  predictedLabel: (text, { classes }) => below(text, classes),
  outcome: (text) => oneOf(text, ["all", "correct", "wrong"]),
  margin: readRange,
  text: (text) => decoded(text)?.slice(0, LONGEST),
  isolated: (text, { classes, groups = 2 }) => readIndices(text, Math.max(classes, groups))?.sort((a, b) => a - b),
  pinned: (text, { n }) => readIndices(text, n)?.slice(-2),
  selection: readSelection,
  camera: readCamera,
  flips: readFlag,
};

/** @param {string} text @returns {string | undefined} */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** @template T @param {T} value @param {T[]} allowed @returns {T | undefined} */
function oneOf(value, allowed) {
  return allowed.includes(value) ? value : undefined;
}

/** @param {string} text @returns {boolean | undefined} */
function readFlag(text) {
  return text === "1" ? true : text === "0" ? false : undefined;
}

/** @param {string} text @param {number} end @returns {number | undefined} */
function below(text, end) {
  return /^\d{1,9}$/.test(text) && Number(text) < end ? Number(text) : undefined;
}

/** @param {string} text @returns {number} NaN where it is none, or absurd */
function finite(text) {
  return /^-?\d{1,9}(\.\d{1,20})?(e-?\d{1,3})?$/.test(text) ? Number(text) : NaN;
}

/** @param {string} text @param {number} end @returns {number[] | undefined} each once */
function readIndices(text, end) {
  const found = text.split(".").map((part) => below(part, end));
  const known = found.filter((index) => index !== undefined);
  return known.length ? [...new Set(known)] : undefined;
}

/** @param {string} text @returns {View["margin"] | undefined} */
function readRange(text) {
  const at = text.indexOf("..");
  if (at < 0) return undefined;
  const ends = [text.slice(0, at), text.slice(at + 2)].map((end) => (end === "" ? null : finite(end)));
  if (!ends.every((end) => end === null || Number.isFinite(end)) || (ends[0] !== null && ends[1] !== null && ends[0] > ends[1])) return undefined;
  return /** @type {View["margin"]} */ (ends);
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
