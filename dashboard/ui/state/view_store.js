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
 * @typedef {"selection" | "pin" | "guest"} Tab what stands beside the map
 * @typedef {Readonly<{by: string, down: boolean}>} Order of images, by one of their columns
 * @typedef {Readonly<{
 *   colourBy: ColourBy, layout: Layout, images: boolean, shapes: boolean,
 *   trueLabels: number[], predictedLabels: number[], outcome: "all" | "correct" | "wrong",
 *   margin: Bounds, text: string, flips: "" | "fixed" | "broke" | "both", where: Readonly<Record<string, Filter>>,
 *   pinned: number[], selection: PolygonSelection | RowsSelection | null, camera: CameraView | null, listed: readonly string[],
 *   tab: "" | Tab, listing: "gallery" | "table", order: Order | null, ranking: Order | null,
 * }>} View trueLabels, predictedLabels: ascending, none for all; flips: whether only those pass that the classifier fixes, or breaks;
 *   where: filters of other attributes, by their names; pinned: oldest first; camera: null at home; listed: columns that the table
 *   beside the map shows, besides the margin; tab: "" for the one that what is pinned asks for; listing: how images are listed; order: of
 *   the gallery; ranking: of the table; null for the first that there is
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
  tab: "",
  listing: "gallery",
  order: null,
  ranking: null,
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
 * A place on the map is elsewhere in another layout; an image that is pinned is to be seen; a tab that is open anyway need not be said.
 *
 * @param {View} view @param {Partial<View>} patch @returns {Partial<View>}
 */
function withConsequences(view, patch) {
  const moved = patch.layout !== undefined && patch.layout !== view.layout;
  const { pinned = view.pinned, tab = pinned.every((row) => view.pinned.includes(row)) ? view.tab : "" } = patch;
  return { ...(moved && { camera: null }), ...patch, tab: tab === usualTab(pinned) ? "" : tab };
}

/** @param {View} view @returns {Tab} the one that is open */
export function tabOf({ tab, pinned }) {
  return tab || usualTab(pinned);
}

/** @param {number[]} pinned @returns {Tab} */
function usualTab(pinned) {
  return pinned.length ? "pin" : "selection";
}

/** @param {unknown} a @param {unknown} b @returns {boolean} equal values; long bit sets only when they are the same one */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || ArrayBuffer.isView(a)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return keys.length === others.length && keys.every((key) => same(Reflect.get(a, key), Reflect.get(b, key)));
}
