/**
 * What the points look like: their colours, their markers, their emphasis, and the legend that explains them.
 *
 * @typedef {import("../data/columns.js").Points} Points
 * @typedef {import("../data/columns.js").Columns} Columns
 * @typedef {import("../data/columns.js").Range} Range
 * @typedef {import("./scales.js").Extra} Extra
 * @typedef {import("./scales.js").Scale} Scale
 * @typedef {import("../state/lit_rows.js").Groups} Groups
 * @typedef {string} ColourBy `true`, `predicted`, `correct`, `margin`, or the name of an extra column or of groups
 * @typedef {{classes: string[], correct: string, wrong: string, margin: string[], kept: string[], common: string[], groups: string[],
 *   muted: string, none: string, background: string}} Paints
 * @typedef {{
 *   points: Points, columns: Columns | null, classNames: string[], range: Range, colourBy: ColourBy,
 *   lit: Uint8Array, passing: Uint8Array, selected: Uint8Array | null, isolated: Set<number>,
 *   shapes: boolean, extra: Extra | null, groups?: Groups | null,
 * }} Look lit: rows that filters and legend leave; passing: that the filters alone leave, which the legend counts;
 *   selected: a mask, or null where there is no selection
 * @typedef {{index: number, name: string, paint: string, shape: number, marker: string, path: string, count: number,
 *   muted: boolean}} Entry marker and path: name and SVG path of its shape
 * @typedef {{
 *   n: number, colour: Uint16Array, palette: Uint32Array, shape: Uint8Array | null,
 *   order: Uint32Array, muted: Uint32Array, faded: Uint32Array, fadedWrong: Uint32Array, plain: Uint32Array,
 *   marked: Uint32Array, crossed: boolean, paints: number, wrong: Uint8Array | null, wrongInk: number,
 *   entries: Entry[], scale: Scale | null, look: Look,
 * }} Picture look: what it shows; paints: how many there are before the faded ones; wrong: 1 where the prediction is; order: all rows, the
 *   lowest first; the five layers are its parts: filtered out; lit but outside the selection, right and wrong; at full
 *   colour, right and wrong. Right and wrong are only apart where they are coloured; in groups, those stand for wrong
 *   ones that are not in the first or the last group; crossed: wrong ones are crosses
 */

import { mix, pack, scalePalette } from "./colours.js";
import { stepTotals } from "../data/columns.js";
import { barsOf, extraShare, levelsOf, marginLimit, marginShare, noValue } from "./scales.js";
import { CROSS, DISC, SHAPES, shapeOf } from "./shapes.js";

const FADE = 0.72; // how far a faded colour is on its way to the background

/** Index of an outcome. */
export const CORRECT = 0;
export const WRONG = 1;

/**
 * @param {Look} look
 * @param {Paints} paints
 * @param {Picture | null} old one that is needed no more: its memory is used again, and what still holds of it
 * @returns {Picture}
 */
export function compose(look, paints, old = null) {
  const n = look.points.n;
  const wrong = wrongRows(look, old);
  const axis = axisOf(look, wrong, paints);
  const { colour, order } = old?.n === n ? old : { colour: new Uint16Array(n), order: new Uint32Array(n) };
  const { counts, ends } = colourRows(look, axis, colour);
  return {
    n,
    colour,
    palette: paletteOf(axis, paints),
    paints: axis.paints.length,
    wrong,
    wrongInk: pack(paints.wrong),
    shape: shapesOf(look, axis),
    ...(old && sameLayers(old.look, look) ? layersIn(old) : layersOf(look, axis.raised ?? null, order, ends)),
    crossed: axis.raised === wrong,
    entries: axis.names.length ? entriesOf(look, axis, counts) : [],
    scale: axis.scale(counts),
    look,
  };
}

/** @param {Picture} picture @param {number} row @returns {number} index of the legend's entry that it is coloured as, or NaN: it is not lit */
export function entryOf({ colour, paints }, row) {
  return colour[row] < 2 * paints ? colour[row] % paints : NaN;
}

/** @param {Look} one @param {Look} other @returns {boolean} whether the same rows are in the same layers */
function sameLayers(one, other) {
  const same = /** @type {const} */ (["points", "columns", "lit", "selected"]).every((name) => one[name] === other[name]);
  return same && raisedBy(one) === raisedBy(other);
}

/** @param {Look} look @returns {unknown} what decides which rows are drawn above others */
function raisedBy({ colourBy, groups, extra }) {
  if (extra?.above && colourBy === extra.name) return extra.values;
  return colourBy === groups?.name ? groups.values : colourBy === "correct";
}

/** @param {Picture} picture */
function layersIn({ order, muted, faded, fadedWrong, plain, marked }) {
  return { order, muted, faded, fadedWrong, plain, marked };
}

/** @param {Look} look @param {Picture | null} old @returns {Uint8Array | null} */
function wrongRows({ points, columns }, old) {
  if (!columns) return null;
  if (old?.wrong && old.look.columns === columns && old.look.points === points) return old.wrong;
  const { n, label } = points;
  const { predicted } = columns;
  const wrong = old?.n === n && old.wrong ? old.wrong : new Uint8Array(n);
  for (let row = 0; row < n; row++) wrong[row] = predicted[row] === label[row] ? CORRECT : WRONG;
  return wrong;
}

/**
 * What the colour says of a row.
 *
 * @typedef {{values: Uint8Array | Uint16Array, index: Uint16Array, paints: Uint32Array, names: string[],
 *   hues: string[], shapes: number[] | null, shaped?: boolean, raised?: Uint8Array,
 *   scale: (counts: Uint32Array) => Scale | null}} Axis values: one a row; index: for each value its place among the paints;
 *   shaped: whether shapes are drawn that nobody asked for; raised: 1 where a row is drawn above others
 */

/** @param {Look} look @param {Uint8Array | null} wrong @param {Paints} paints @returns {Axis} */
function axisOf(look, wrong, paints) {
  const { colourBy, columns, points, extra, groups } = look;
  if (groups?.values && colourBy === groups.name) return groupAxis(groups.values, groups.names, paints);
  if (extra && colourBy === extra.name) return extraAxis(extra, paints);
  if (columns && colourBy === "margin") return marginAxis(columns, look.range, paints);
  if (wrong && colourBy === "correct") return outcomeAxis(wrong, paints);
  if (columns && colourBy === "predicted") return classAxis(columns.predicted, look, paints);
  return classAxis(points.label, look, paints);
}

/**
 * @param {Axis["values"]} values indices of the names; others have none
 * @param {string[]} names @param {string[]} hues one for each @param {number[]} shapes one for each @param {Paints} paints
 * @returns {Axis}
 */
function namedAxis(values, names, hues, shapes, paints) {
  const index = new Uint16Array(values instanceof Uint8Array ? 256 : 65536).fill(names.length);
  for (let name = 0; name < names.length; name++) index[name] = name;
  return { values, index, paints: Uint32Array.of(...hues.map(pack), pack(paints.none)), names, hues, shapes, scale: () => null };
}

/** @param {import("../data/columns.js").Labels} values @param {Look} look @param {Paints} paints @returns {Axis} */
function classAxis(values, { classNames, shapes }, paints) {
  const kinds = classNames.map((_, label) => (shapes ? shapeOf(label) : DISC));
  return namedAxis(values, classNames, paints.classes, kinds, paints);
}

/** @param {Uint8Array} values @param {Paints} paints @returns {Axis} */
function outcomeAxis(values, paints) {
  return { ...namedAxis(values, ["Correct", "Wrong"], [paints.correct, paints.wrong], [DISC, CROSS], paints), raised: values };
}

/** @param {Uint8Array} values @param {string[]} names @param {Paints} paints @returns {Axis} */
function groupAxis(values, names, paints) {
  const last = names.length - 1;
  const shapes = names.map((_, group) => (group === last ? CROSS : DISC));
  const raised = values.map((group) => Number(group > 0 && group < last));
  return { ...namedAxis(values, names, paints.groups, shapes, paints), shaped: true, raised };
}

/** @param {Columns} columns @param {Range} range @param {Paints} paints @returns {Axis} */
function marginAxis({ margin }, range, paints) {
  const limit = marginLimit(stepTotals(margin), range);
  const ends = { kind: /** @type {const} */ ("diverging"), title: "Margin", stops: paints.margin, low: -limit, high: limit, limit };
  return numberAxis(margin, marginShare(limit, range), ends, paints);
}

/** @param {Extra} extra @param {Paints} paints @returns {Axis} */
function extraAxis({ title, stops, range: [low, high], top, values, words, above }, paints) {
  const ends = { kind: /** @type {const} */ ("sequential"), title, stops, low, high, limit: high, words };
  const axis = numberAxis(values, extraShare(top), ends, paints, top + 1); // few values have a bar each
  return above ? { ...axis, raised: Uint8Array.from(values, (value) => Number(value >= above)) } : axis;
}

/**
 * @param {Axis["values"]} values @param {import("./scales.js").Share} share @param {Omit<Scale, "without" | "none" | "bars">} ends
 * @param {Paints} paints @param {number} [most] bars of the histogram
 * @returns {Axis}
 */
function numberAxis(values, share, ends, paints, most) {
  const none = noValue(values);
  const index = levelsOf(none, share);
  return {
    ...{ values, index, paints: scalePalette(ends.stops, paints.none), names: [], hues: [], shapes: null },
    scale: (counts) => ({ ...ends, without: counts[none], none: paints.none, bars: barsOf(counts, share, most) }),
  };
}

/** @param {Axis} axis @param {Paints} paints @returns {Uint32Array} all paints, all of them faded, and the muted one */
function paletteOf(axis, paints) {
  const background = pack(paints.background);
  const faded = axis.paints.map((paint) => mix(paint, background, FADE));
  return Uint32Array.of(...axis.paints, ...faded, pack(paints.muted));
}

/**
 * Gives each row its colour, in one pass that counts as well.
 *
 * @param {Look} look @param {Axis} axis @param {Uint16Array} colour written to
 * @returns {{counts: Uint32Array, ends: number[]}} rows of each value that pass the filters; rows muted, and faded
 */
function colourRows({ points, lit, passing, selected }, { values, index, paints }, colour) {
  const counts = new Uint32Array(index.length);
  const [faded, grey] = [paints.length, 2 * paints.length];
  let [muted, dim] = [0, 0];
  for (let row = 0; row < points.n; row++) {
    const value = values[row];
    if (passing[row] === 1) counts[value]++;
    if (lit[row] !== 1) {
      colour[row] = grey;
      muted++;
    } else if (selected !== null && selected[row] !== 1) {
      colour[row] = index[value] + faded;
      dim++;
    } else colour[row] = index[value];
  }
  return { counts, ends: [muted, muted + dim] };
}

/**
 * Puts the rows in the order that they are drawn in.
 *
 * @param {Look} look @param {Uint8Array | null} raised 1 where a row is drawn above the others
 * @param {Uint32Array} order written to @param {number[]} ends of the muted and of the faded rows
 */
function layersOf({ points, lit, selected }, raised, order, [mutedEnd, fadedEnd]) {
  const n = points.n;
  let [muted, faded, fadedWrong, plain, marked] = [0, mutedEnd, fadedEnd, fadedEnd, n]; // wrong ones from their end down
  for (let row = 0; row < n; row++) {
    const wrong = raised !== null && raised[row] === WRONG;
    if (lit[row] !== 1) order[muted++] = row;
    else if (selected !== null && selected[row] !== 1) {
      if (wrong) order[--fadedWrong] = row;
      else order[faded++] = row;
    } else if (wrong) order[--marked] = row;
    else order[plain++] = row;
  }
  return {
    order,
    muted: order.subarray(0, mutedEnd),
    faded: order.subarray(mutedEnd, faded),
    fadedWrong: order.subarray(faded, fadedEnd).reverse(),
    plain: order.subarray(fadedEnd, plain),
    marked: order.subarray(plain, n).reverse(),
  };
}

/** @param {Look} look @param {Axis} axis @returns {Uint8Array | null} of each row, where classes have shapes */
function shapesOf({ shapes }, { values, names, shapes: kinds, shaped }) {
  if (!(shapes || shaped) || !kinds || kinds.length !== names.length || kinds.length === 0) return null;
  const shape = new Uint8Array(values.length);
  for (let row = 0; row < shape.length; row++) shape[row] = kinds[values[row]] ?? DISC;
  return shape;
}

/** @param {Look} look @param {Axis} axis @param {Uint32Array} counts @returns {Entry[]} */
function entriesOf({ isolated }, { names, hues, shapes }, counts) {
  return names.map((name, index) => {
    const shape = shapes?.[index] ?? DISC;
    return {
      ...{ index, name, paint: hues[index], shape, marker: SHAPES[shape].name, path: SHAPES[shape].path },
      ...{ count: counts[index], muted: isolated.size > 0 && !isolated.has(index) },
    };
  });
}
