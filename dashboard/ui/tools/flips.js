/**
 * Rings round the images that the classifier in use has right and the one it is compared with had wrong, or the other
 * way round.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "lighting" | "selection" | "appearance" | "penalty" | "drawing" | "marks">} Needs
 * @typedef {import("../render/overlay.js").Ring} Ring
 * @typedef {{label: string, fixed: string, broke: string}} FlipRows label: of what it is compared with; bits a row, packed
 */

import { marginOf } from "../data/columns.js";
import { button, write } from "../dom/element.js";
import { thousands } from "../data/numbers.js";
import { unpackBits } from "../state/packed_bits.js";
import { maskOf, rowsOf } from "../state/selection.js";

export const MOST = 2000; // rings: more would hide the points

export class Flips {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.map = map;
    this.button = button({ "data-do": "flips", hidden: "" });
    this.button.addEventListener("click", () => map.view.set({ flips: !map.view.value.flips }));
    host.append(this.button);
    /** @type {FlipRows | null} */
    this.wanted = null;
    this.forget();
  }

  forget() {
    /** @type {number[]} */
    this.fixed = [];
    /** @type {number[]} */
    this.broke = [];
    /** What the rings were made for, and they. @type {{key: unknown[], rings: Ring[]}} */
    this.made = { key: [], rings: [] };
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const flips = this.map.rows.data.flips ?? null;
    if (JSON.stringify(flips) !== JSON.stringify(this.wanted)) this.read(flips);
    this.show();
    if (changed.has("flips")) this.map.drawing.drawOverlay();
  }

  /** @param {FlipRows | null} flips */
  async read(flips) {
    this.wanted = flips;
    this.forget();
    const { n } = this.map.rows.data;
    const sets = flips ? await Promise.all([flips.fixed, flips.broke].map((text) => unpackBits(text, n))) : [];
    if (this.wanted !== flips) return;
    [this.fixed = [], this.broke = []] = sets.map((bits) => (bits ? [...rowsOf(maskOf(bits, n))] : []));
    this.show();
    this.map.drawing.drawOverlay();
  }

  /** Between the choice of another C and Python's answer, what is known is about the C before. @returns {boolean} */
  get known() {
    const { penalty, rows } = this.map;
    const { data } = rows;
    return this.fixed.length + this.broke.length > 0 && (penalty.value ?? data.C) === data.C;
  }

  show() {
    const { fixed, broke, map } = this;
    const count = fixed.length + broke.length;
    this.button.hidden = !this.known;
    this.button.setAttribute("aria-pressed", String(map.view.value.flips));
    write(this.button, `Flips (${thousands(count)})`);
    const few = count > MOST ? `\nAt most ${thousands(MOST)} are ringed, of the selection if there is one: those with the largest margins.` : "";
    const said = `against ${this.wanted?.label}: ${thousands(fixed.length)} fixed, ${thousands(broke.length)} broke`;
    this.button.title = `${said}\nA whole ring: fixed. A broken ring: broke.${few}`;
    map.marks.note({ flips: this.known ? `${fixed.length}.${broke.length}` : "" });
  }

  /** @returns {Ring[]} */
  rings() {
    const { map } = this;
    if (!this.known || !map.view.value.flips) return [];
    const key = [map.lighting.lit, map.selection.selected, map.appearance.theme, map.rows.columns, this.fixed];
    if (!key.every((part, i) => this.made.key[i] === part)) this.made = { key, rings: this.make() };
    return this.made.rings;
  }

  /** @returns {Ring[]} round lit images */
  make() {
    const { lighting, selection, rows: known, appearance } = this.map;
    const rows = [...this.fixed, ...this.broke].filter((row) => lighting.lit[row] === 1);
    const shown = new Set(fewer(rows, selection.selected?.mask ?? null, known.columns));
    const { correct, wrong } = appearance.paints;
    const ring = (/** @type {string} */ colour, /** @type {boolean} */ dashed) => (/** @type {number} */ row) =>
      ({ row, reach: 3, width: 2, colour, dashed });
    const seen = (/** @type {number} */ row) => shown.has(row);
    return [...this.fixed.filter(seen).map(ring(correct, false)), ...this.broke.filter(seen).map(ring(wrong, true))];
  }
}

/**
 * @param {number[]} rows
 * @param {Uint8Array | null} mask 1 where a row is selected
 * @param {(import("../data/columns.js").Columns & {range: import("../data/columns.js").Range}) | null} columns
 * @param {number} most
 * @returns {number[]} all of them where they are few; else the selected ones, the farthest from margin 0 first
 */
export function fewer(rows, mask, columns, most = MOST) {
  if (rows.length <= most) return rows;
  const chosen = mask ? rows.filter((row) => mask[row] === 1) : rows;
  if (!columns) return chosen.slice(0, most);
  const far = (/** @type {number} */ row) => Math.abs(marginOf(columns.margin[row], columns.range)) || 0; // none: last
  return chosen.sort((a, b) => far(b) - far(a)).slice(0, most);
}
