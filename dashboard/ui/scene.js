/**
 * What the points look like: their colours, their markers, and the legend that explains them.
 *
 * @typedef {import("./columns.js").Points} Points
 * @typedef {import("./columns.js").Columns} Columns
 * @typedef {import("./columns.js").Range} Range
 * @typedef {"true" | "predicted" | "correct" | "margin"} ColourBy
 * @typedef {{classes: string[], correct: string, wrong: string, margin: string[], muted: string, none: string}} Paints
 * @typedef {{
 *   points: Points, columns: Columns | null, classNames: string[], range: Range,
 *   colourBy: ColourBy, shown: Uint8Array | null, isolated: Set<number>, lit?: Uint8Array,
 * }} Look
 * @typedef {{index: number, name: string, paint: string, marker: "disc" | "cross", count: number, muted: boolean}} Entry
 * @typedef {{stops: string[], limit: number, without: number, none: string, bars: number[]}} Scale
 * @typedef {{
 *   colour: Uint16Array, palette: Uint32Array,
 *   muted: Uint32Array, plain: Uint32Array, marked: Uint32Array, lit: Uint8Array,
 *   entries: Entry[], scale: Scale | null, shownCount: number,
 * }} Picture rows of the three layers, lowest first
 */

import { isClass, marginOf, NO_MARGIN } from "./columns.js";
import { marginLevel, marginPalette, pack } from "./colours.js";

const BARS = 41; // of the margin histogram; odd, so that 0 is in the middle of one

/** Index of an outcome. */
export const CORRECT = 0;
export const WRONG = 1;

/**
 * @param {Look} look
 * @param {Paints} paints
 * @returns {Picture}
 */
export function compose(look, paints) {
  const group = groups(look);
  const lit = look.lit ?? litRows(look, group);
  const limit = look.colourBy === "margin" ? marginLimit(look) : 1;
  const palette = paletteOf(look, paints);
  return {
    ...layers(look, group, lit),
    lit,
    colour: colours(look, group, lit, limit, palette.length - 1),
    palette,
    entries: entries(look, paints, group),
    scale: look.colourBy === "margin" ? marginScale(look, paints, limit) : null,
    shownCount: look.shown ? look.shown.reduce((sum, bit) => sum + bit, 0) : look.points.n,
  };
}

/** @param {Look} look @returns {Uint16Array} the legend's entry that each row belongs to; all 0 for margins */
function groups({ points, columns, colourBy }) {
  if (colourBy === "true") return Uint16Array.from(points.label);
  if (colourBy === "predicted" && columns) return Uint16Array.from(columns.predicted);
  const group = new Uint16Array(points.n);
  if (colourBy !== "correct" || !columns) return group;
  for (let row = 0; row < points.n; row++) {
    group[row] = columns.predicted[row] === points.label[row] ? CORRECT : WRONG;
  }
  return group;
}

/** @param {Look} look @param {Uint16Array} group @returns {Uint8Array} 1 where a row is neither filtered out nor muted */
function litRows({ points, shown, isolated }, group) {
  const lit = new Uint8Array(points.n);
  for (let row = 0; row < points.n; row++) {
    const within = isolated.size === 0 || isolated.has(group[row]);
    lit[row] = within && (!shown || shown[row]) ? 1 : 0;
  }
  return lit;
}

/** @param {Look} look @param {Uint16Array} group @param {Uint8Array} lit */
function layers({ points, colourBy }, group, lit) {
  const [muted, plain, marked] = [new Uint32Array(points.n), new Uint32Array(points.n), new Uint32Array(points.n)];
  let [m, p, k] = [0, 0, 0];
  for (let row = 0; row < points.n; row++) {
    if (!lit[row]) muted[m++] = row;
    else if (colourBy === "correct" && group[row] === WRONG) marked[k++] = row;
    else plain[p++] = row;
  }
  return { muted: muted.subarray(0, m), plain: plain.subarray(0, p), marked: marked.subarray(0, k) };
}

/** @param {Look} look @param {Paints} paints @returns {Uint32Array} the last one is for what is muted */
function paletteOf({ colourBy }, paints) {
  const muted = pack(paints.muted);
  if (colourBy === "margin") return Uint32Array.of(...marginPalette(paints.margin, paints.none), muted);
  if (colourBy === "correct") return Uint32Array.of(pack(paints.correct), pack(paints.wrong), muted);
  return Uint32Array.of(...paints.classes.map(pack), pack(paints.none), muted);
}

/** @param {Look} look @param {Uint16Array} group @param {Uint8Array} lit @param {number} limit @param {number} muted */
function colours({ points, columns, colourBy, range, classNames }, group, lit, limit, muted) {
  const colour = new Uint16Array(points.n);
  const levels = colourBy === "margin" && columns;
  for (let row = 0; row < points.n; row++) {
    if (!lit[row]) colour[row] = muted;
    else if (levels) colour[row] = marginLevel(marginOf(columns.margin[row], range), limit);
    else colour[row] = isClass(group[row], classNames.length) ? group[row] : muted - 1;
  }
  return colour;
}

/** @param {Look} look @param {Paints} paints @param {Uint16Array} group @returns {Entry[]} */
function entries({ points, classNames, colourBy, shown, isolated }, paints, group) {
  if (colourBy === "margin") return [];
  const outcome = colourBy === "correct";
  const names = outcome ? ["Correct", "Wrong"] : classNames;
  const colour = outcome ? [paints.correct, paints.wrong] : paints.classes;
  const counts = new Uint32Array(names.length);
  for (let row = 0; row < points.n; row++) if ((!shown || shown[row]) && group[row] < names.length) counts[group[row]]++;
  return names.map((name, index) => ({
    index,
    name,
    paint: colour[index],
    marker: outcome && index === WRONG ? "cross" : "disc",
    count: counts[index],
    muted: isolated.size > 0 && !isolated.has(index),
  }));
}

/** @param {Look} look @returns {number} a margin that 95 % of all margins stay within: few far ones must not pale the rest */
function marginLimit({ columns, range }) {
  const sizes = Float32Array.from(columns ? columns.margin : [], (step) => Math.abs(marginOf(step, range)));
  const known = sizes.filter((size) => !Number.isNaN(size)).sort();
  const limit = known.length ? known[Math.floor((known.length - 1) * 0.95)] : 0;
  return limit > 0 ? limit : 1;
}

/** @param {Look} look @param {Paints} paints @param {number} limit @returns {Scale} */
function marginScale({ points, columns, range, shown }, paints, limit) {
  const bars = new Array(BARS).fill(0);
  let without = 0;
  for (let row = 0; row < points.n; row++) {
    if (!columns || (shown && !shown[row])) continue;
    if (columns.margin[row] === NO_MARGIN) without++;
    else bars[barOf(marginOf(columns.margin[row], range), limit)]++;
  }
  return { stops: paints.margin, limit, without, none: paints.none, bars };
}

/** @param {number} margin @param {number} limit @returns {number} */
function barOf(margin, limit) {
  const share = Math.min(Math.max(margin / limit, -1), 1);
  return Math.round(((share + 1) / 2) * (BARS - 1));
}
