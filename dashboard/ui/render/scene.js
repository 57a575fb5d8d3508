/**
 * What the points look like: their colours, their markers, their emphasis, and the legend that explains them.
 *
 * @typedef {import("../data/columns.js").Points} Points
 * @typedef {import("./scales.js").Scale} Scale
 * @typedef {{classes: string[], names: string[], correct: string, wrong: string, margin: string[], kept: string[], common: string[],
 *   ramp: string[], groups: string[], muted: string, none: string, background: string}} Paints names: of categories, as many as are told apart
 * @typedef {{
 *   points: Points, attribute: import("../data/attributes.js").Attribute, wrong: Uint8Array | null,
 *   lit: Uint8Array, passing: Uint8Array, selected: Uint8Array | null, chosen: Set<number>, shapes: boolean,
 * }} Look attribute: what the colour says; wrong: 1 where the prediction is; lit: rows that the filters leave; passing: that those beside the legend leave, which counts them; chosen: entries of the legend that pass, none for all;
 *   selected: a mask, or null where there is no selection
 * @typedef {{index: number, name: string, paint: string, shape: number, marker: string, path: string, count: number,
 *   muted: boolean}} Entry marker and path: name and SVG path of its shape
 * @typedef {{name: string, count: number, paint: string}} Rest rows without a colour of their own, and why
 * @typedef {{
 *   n: number, colour: Uint16Array, palette: Uint32Array, shape: Uint8Array | null,
 *   order: Uint32Array, muted: Uint32Array, faded: Uint32Array, fadedWrong: Uint32Array, plain: Uint32Array,
 *   marked: Uint32Array, crossed: boolean, paints: number, wrong: Uint8Array | null, wrongInk: number,
 *   entries: Entry[], rest: Rest[], scale: Scale | null, look: Look,
 * }} Picture look: what it shows; paints: how many there are before the faded ones; wrong: 1 where the prediction is; order: all rows, the
 *   lowest first; the five layers are its parts: filtered out; lit but outside the selection, right and wrong; at full
 *   colour, right and wrong. Right and wrong are only apart where they are coloured; in groups, those stand for wrong
 *   ones that are not in the first or the last group; crossed: wrong ones are crosses
 */

import { mix, pack, scalePalette } from "./colours.js";
import { WRONG } from "../data/attributes.js";
import { stepTotals } from "../data/columns.js";
import { counted } from "../data/numbers.js";
import { barsOf, endsOf, extraShare, levelsOf, marginEnds, marginLimit, marginShare, noValue } from "./scales.js";
import { CROSS, DISC, SHAPES, shapeOf } from "./shapes.js";

const FADE = 0.72; // how far a faded colour is on its way to the background

/**
 * @param {Look} look
 * @param {Paints} paints
 * @param {Picture | null} old one that is needed no more: its memory is used again, and what still holds of it
 * @returns {Picture}
 */
export function compose(look, paints, old = null) {
  const n = look.points.n;
  const { wrong } = look;
  const axis = axisOf(look, paints);
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
    crossed: look.attribute.paint === "outcomes",
    entries: axis.names.length ? entriesOf(look, axis, counts) : [],
    rest: axis.rest?.(counts) ?? [],
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
  const same = /** @type {const} */ (["points", "wrong", "lit", "selected"]).every((name) => one[name] === other[name]);
  return same && raisedBy(one) === raisedBy(other);
}

/** @param {Look} look @returns {unknown} what decides which rows are drawn above others */
function raisedBy({ attribute: { paint, above, values } }) {
  return above || paint === "groups" || paint === "outcomes" ? values : null;
}

/** @param {Picture} picture */
function layersIn({ order, muted, faded, fadedWrong, plain, marked }) {
  return { order, muted, faded, fadedWrong, plain, marked };
}

/**
 * What the colour says of a row.
 *
 * @typedef {{values: Uint8Array | Uint16Array, index: Uint16Array, paints: Uint32Array, names: string[],
 *   hues: string[], shapes: number[] | null, shaped?: boolean, raised?: Uint8Array,
 *   scale: (counts: Uint32Array) => Scale | null, rest?: (counts: Uint32Array) => Rest[]}} Axis values: one a row; index: for each value
 *   its place among the paints; shaped: whether shapes are drawn that nobody asked for; raised: 1 where a row is drawn above others;
 *   rest: what has no colour of its own
 */

/** @param {Look} look @param {Paints} paints @returns {Axis} */
function axisOf({ attribute, shapes }, paints) {
  if (attribute.kind !== "category") return numberAxis(attribute, paints);
  const { paint, names } = attribute;
  if (paint === "outcomes") return { ...namedAxis(attribute, [paints.correct, paints.wrong], [DISC, CROSS], paints), raised: valuesOf(attribute) };
  if (paint === "groups") return groupAxis(attribute, paints);
  const hues = paint === "names" ? paints.names.slice(0, names.length) : paints.classes;
  const marks = marksOf(hues, shapes).map(shapeOf);
  const axis = { ...namedAxis(attribute, hues, marks, paints), shaped: marks.some((mark) => mark !== DISC) };
  return paint === "names" ? { ...axis, rest: (counts) => restOf(attribute, hues.length, counts, paints) } : axis;
}

/** @param {string[]} hues @param {boolean} shapes whether each hue has a shape of its own @returns {number[]} a shape each: of one hue all differ */
function marksOf(hues, shapes) {
  /** @type {Map<string, {place: number, times: number}>} */
  const seen = new Map();
  return hues.map((hue) => {
    const known = seen.get(hue) ?? { place: shapes ? seen.size : 0, times: 0 };
    seen.set(hue, known);
    return known.place + known.times++;
  });
}

/** @param {import("../data/attributes.js").Attribute} attribute that is there @returns {Uint8Array} of few values */
function valuesOf({ values }) {
  return /** @type {Uint8Array} */ (values);
}

/**
 * @param {import("../data/attributes.js").Attribute} attribute whose values are indices of its names; others have none
 * @param {string[]} hues one for each name; names without one are grey @param {number[]} shapes one for each @param {Paints} paints
 * @returns {Axis}
 */
function namedAxis(attribute, hues, shapes, paints) {
  const values = valuesOf(attribute);
  const names = attribute.names.slice(0, hues.length);
  const index = new Uint16Array(values instanceof Uint8Array ? 256 : 65536).fill(names.length);
  for (let name = 0; name < names.length; name++) index[name] = name;
  return { values, index, paints: Uint32Array.of(...hues.map(pack), pack(paints.none)), names, hues, shapes: shapes.slice(0, hues.length), scale: () => null };
}

/** @param {import("../data/attributes.js").Attribute} attribute @param {number} shown names @param {Uint32Array} counts @param {Paints} paints @returns {Rest[]} */
function restOf({ names }, shown, counts, { none: paint }) {
  const others = counts.subarray(shown, names.length).reduce((sum, count) => sum + count, 0);
  const without = counts[counts.length - 1];
  const more = names.length - shown;
  return [
    ...(more > 0 ? [{ name: `${counted(more, "more name")}, rarer`, count: others, paint }] : []),
    ...(without ? [{ name: "No value", count: without, paint }] : []),
  ];
}

/** @param {import("../data/attributes.js").Attribute} attribute @param {Paints} paints @returns {Axis} */
function groupAxis(attribute, paints) {
  const last = attribute.names.length - 1;
  const shapes = attribute.names.map((_, group) => (group === last ? CROSS : DISC));
  const raised = valuesOf(attribute).map((group) => Number(group > 0 && group < last));
  return { ...namedAxis(attribute, paints.groups, shapes, paints), shaped: true, raised };
}

/** @param {import("../data/attributes.js").Attribute} attribute @param {Paints} paints @returns {Axis} */
function numberAxis(attribute, paints) {
  const { title, range, top, above, paint } = attribute;
  const values = valuesOf(attribute);
  const none = noValue(values);
  const isMargin = paint === "margin";
  const limit = isMargin ? marginLimit(stepTotals(/** @type {Uint16Array} */ (attribute.values)), range) : range[1];
  const share = isMargin ? marginShare(limit, range) : extraShare(top);
  const stops = paints[/** @type {import("../data/attributes.js").Stops} */ (paint)] ?? [];
  const ends = isMargin ? marginEnds(limit) : { kind: /** @type {const} */ ("sequential"), low: range[0], high: limit, ends: endsOf(attribute) };
  return {
    ...{ values, index: levelsOf(none, share), paints: scalePalette(stops, paints.none), names: [], hues: [], shapes: null },
    ...(above && { raised: Uint8Array.from(values, (value) => Number(value >= above)) }),
    scale: (counts) => ({ ...ends, title, stops, limit, without: counts[none], none: paints.none, bars: barsOf(counts, share, isMargin ? undefined : top + 1) }),
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
function entriesOf({ chosen }, { names, hues, shapes }, counts) {
  return names.map((name, index) => {
    const shape = shapes?.[index] ?? DISC;
    return {
      ...{ index, name, paint: hues[index], shape, marker: SHAPES[shape].name, path: SHAPES[shape].path },
      ...{ count: counts[index], muted: chosen.size > 0 && !chosen.has(index) },
    };
  });
}
