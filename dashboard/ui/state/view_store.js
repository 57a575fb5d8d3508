/**
 * What the viewer looks at, as one value: everything on the screen is a function of it and of the files.
 *
 * @typedef {"true" | "predicted" | "correct" | "margin" | string} ColourBy a string: an extra column
 * @typedef {"scatter" | "grid"} Layout
 * @typedef {{kind: "polygon", layout: Layout, points: number[]}} PolygonSelection x, y, x, y ... in positions
 * @typedef {{kind: "rows", bits: Uint8Array<ArrayBuffer>}} RowsSelection a bit a row, lowest bit first
 * @typedef {{x: number, y: number, zoom: number}} CameraView middle in positions, zoom against home
 * @typedef {[number | null, number | null]} Bounds null: open
 * @typedef {{labels: number[]} | {range: Bounds}} Filter of an attribute: some of its names, ascending, or a range of its numbers
 * @typedef {Readonly<{
 *   colourBy: ColourBy, layout: Layout, images: boolean, shapes: boolean,
 *   trueLabels: number[], predictedLabels: number[], outcome: "all" | "correct" | "wrong",
 *   margin: Bounds, text: string, flips: "" | "fixed" | "broke" | "both", where: Readonly<Record<string, Filter>>,
 *   pinned: number[], selection: PolygonSelection | RowsSelection | null, camera: CameraView | null, listed: readonly string[],
 * }>} View trueLabels, predictedLabels: ascending, none for all; flips: whether only those pass that the classifier fixes, or breaks;
 *   where: filters of other attributes, by their names; pinned: oldest first; camera: null at home; listed: columns that the table
 *   beside the map shows, besides the margin
 */

/** @type {View} */
export const DEFAULTS = Object.freeze(/** @satisfies {View} */ ({
  colourBy: "true",
  layout: "scatter",
  images: true,
  shapes: false,
  trueLabels: [],
  predictedLabels: [],
  outcome: "all",
  margin: [null, null],
  text: "",
  pinned: [],
  selection: null,
  camera: null,
  flips: "",
  where: Object.freeze({}),
  listed: Object.freeze(["id", "true", "predicted", "runnerUp", "ahead"]),
}));

/** Fields of which the map is drawn, as against which rows are lit, chosen or in view. */
export const LOOKS = /** @type {const} */ (["colourBy", "layout", "images", "shapes"]);

export class ViewStore {
  /** @param {(changed: Set<string>) => void} onChange told the names of the fields that changed */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {View} */
    this.value = DEFAULTS;
  }

  /** @param {Partial<View>} patch */
  set(patch) {
    const next = { ...this.value, ...withConsequences(this.value, patch) };
    const names = /** @type {(keyof View)[]} */ (Object.keys(DEFAULTS));
    const changed = new Set(names.filter((name) => !same(next[name], this.value[name])));
    if (!changed.size) return;
    this.value = Object.freeze(next);
    this.onChange(changed);
  }
}

/**
 * A place on the map is elsewhere in another layout.
 *
 * @param {View} view @param {Partial<View>} patch @returns {Partial<View>}
 */
function withConsequences(view, patch) {
  const moved = patch.layout !== undefined && patch.layout !== view.layout;
  return { ...(moved && { camera: null }), ...patch };
}

/** @param {unknown} a @param {unknown} b @returns {boolean} equal values; long bit sets only when they are the same one */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || ArrayBuffer.isView(a)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return keys.length === others.length && keys.every((key) => same(Reflect.get(a, key), Reflect.get(b, key)));
}
