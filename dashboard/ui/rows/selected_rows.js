/**
 * Keeps what is selected: made by gestures and by lists, said by the view, as a mask for those who draw.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "lighting" | "marks"> &
 *   {arrangement: import("../map/arrangement.js").Arrangement}} Needs
 * @typedef {import("../state/selection.js").Mode} Mode
 * @typedef {import("../state/view_store.js").View["selection"]} Made
 */

import { insideMask } from "../space/polygon.js";
import { bitsOf, combine, maskOf, maskWith, selectedOf } from "../state/selection.js";

export class SelectedRows {
  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    this.forget();
  }

  forget() {
    /** @type {import("../state/selection.js").Selected | null} */
    this.selected = null;
    /** @type {Made} what `selected` was found for */
    this.made = null;
  }

  /**
   * @param {ArrayLike<number> | null} rows null clears; rows that are not lit are left out
   * @param {Mode} mode
   */
  select(rows, mode = "replace") {
    if (rows) this.take(maskWith(rows, this.map.arrangement.places.n), mode, null);
    else this.map.view.set({ selection: null });
  }

  selectLit() {
    this.take(this.map.lighting.lit, "replace", null);
  }

  /** @param {number[]} points a polygon in the layout in use @param {Mode} mode */
  selectInside(points, mode) {
    const { arrangement, marks } = this.map;
    marks.begin("select");
    marks.begin("gallery");
    const made = { kind: /** @type {const} */ ("polygon"), layout: arrangement.name, points };
    this.take(insideMask(arrangement.grid, points), mode, made);
    marks.end("select");
  }

  /**
   * A polygon says it all where it alone decides: a link then stays short. Anything else is kept row by row.
   *
   * @param {Uint8Array} mask @param {Mode} mode @param {Made} made
   */
  take(mask, mode, made) {
    const { lit, count } = this.map.lighting;
    const alone = mode === "replace" || (mode === "add" && !this.selected);
    const whole = alone && count === lit.length;
    const next = combine(this.selected?.mask ?? null, mask, mode, lit);
    this.selected = selectedOf(next);
    this.made = null;
    if (this.selected) this.made = (whole && made) || { kind: "rows", bits: bitsOf(next) };
    this.map.view.set({ selection: this.made, ...(this.made && { tab: "selection" }) }); // whoever selects wants to see it
  }

  /** The points are about to lie elsewhere: what a shape holds now stays selected, the shape means nothing any more. */
  keepRows() {
    const { selection } = this.map.view.value;
    if (selection?.kind !== "polygon") return;
    this.made = this.selected && { kind: "rows", bits: bitsOf(this.selected.mask) };
    this.map.view.set({ selection: this.made });
  }

  /** @param {Set<string>} changed @returns {boolean} whether other rows may be selected after it */
  follow(changed) {
    const { selection } = this.map.view.value;
    const asked = changed.has("selection") || changed.has("points");
    if (!asked && (selection === this.made || !changed.has("layout"))) return false;
    const moved = changed.has("points") && selection?.kind === "polygon"; // it may have been found where others lay before
    if (selection === this.made && !moved) return true;
    const mask = selection && this.maskOf(selection);
    this.selected = mask && selectedOf(mask);
    this.made = selection && !mask ? null : selection;
    return true;
  }

  /** @param {NonNullable<Made>} selection @returns {Uint8Array | null} null: its layout is not there yet */
  maskOf(selection) {
    const { arrangement } = this.map;
    if (selection.kind === "rows") return maskOf(selection.bits, arrangement.places.n);
    const grid = arrangement.indexOf(selection.layout);
    return grid && insideMask(grid, selection.points);
  }
}
