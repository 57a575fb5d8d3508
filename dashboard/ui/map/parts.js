/**
 * The parts round the map, in one list. A part builds its own elements in its host, and hears of every change.
 *
 * @typedef {import("./capabilities.js").Capabilities} Capabilities
 * @typedef {{
 *   update?: (changed: Set<string>) => void,
 *   looked?: (row: number, touch: boolean) => void, moved?: () => void, lines?: () => import("../render/overlay.js").Line[],
 *   rings?: () => import("../render/overlay.js").Ring[], drawn?: () => import("../render/overlay.js").Mark[],
 * }} Part lines: between points; rings: round them; drawn: in their place; looked: the viewer looks at another row, -1 for none; moved: the camera has, called in the frame that shows it
 * @typedef {new (host: HTMLElement, map: Capabilities) => Part} Kind
 * @typedef {{name: string, part: Part}} Ready there already, without elements of its own
 * @typedef {{name: string, host: string | HTMLElement, kind: Kind}} Early host: where it is within the map, or an element elsewhere
 * @typedef {{name: string, host: string | HTMLElement, load: () => Promise<Kind>}} Late comes after the first drawing, so that
 *   nobody waits for it
 * @typedef {Ready | Early | Late} Entry
 */

import { DEFAULTS } from "../state/view_store.js";
import { find } from "../dom/element.js";
import { FilterBar } from "../filters/filter_bar.js";
import { Found } from "../filters/found.js";
import { ColourMenu } from "../tools/colour_menu.js";
import { Inspector } from "../cards/inspector.js";
import { Legend } from "../legend/legend.js";
import { LegendFold } from "../legend/legend_fold.js";
import { Side } from "../tools/side.js";
import { Toolbar } from "../tools/toolbar.js";
import { ViewMenu } from "../tools/view_menu.js";

/** Those of a map on a page of its own. @type {Entry[]} */
export const LIST = [
  { name: "toolbar", host: ".toolbar", kind: Toolbar },
  { name: "colours", host: ".colours", kind: ColourMenu },
  { name: "filters", host: ".filters", kind: FilterBar },
  { name: "found", host: ".filters", kind: Found },
  { name: "view", host: ".looks", kind: ViewMenu },
  { name: "legend", host: ".legend", kind: Legend },
  { name: "all of the legend", host: ".legend-fold", kind: LegendFold },
  { name: "inspector", host: ".cards", kind: Inspector },
  { name: "side", host: ".side", kind: Side },
  { name: "minimap", host: ".minimap", load: () => import("../tools/minimap.js").then((module) => module.Minimap) },
  { name: "pinned cards", host: ".pins", load: () => import("../cards/pins.js").then((module) => module.PinnedCards) },
  { name: "guests", host: ".guest-panel", load: () => import("../guests/guests.js").then((module) => module.Guests) },
  { name: "flips", host: ".flips", load: () => import("../tools/flips.js").then((module) => module.Flips) },
  { name: "exports", host: ".exports", load: () => import("../tools/export.js").then((module) => module.ExportMenu) },
  { name: "list of images", host: ".panel", load: () => import("../list/panel.js").then((module) => module.Panel) },
];

export class Parts {
  /** @param {Capabilities} map @param {Entry[]} list */
  constructor(map, list) {
    this.map = map;
    this.list = list;
    /** @type {Map<string, Part>} */
    this.live = new Map();
    for (const entry of list) {
      if ("part" in entry) this.live.set(entry.name, entry.part);
      else if ("kind" in entry) this.start(entry, entry.kind);
    }
  }

  /** Fetches the late ones; one that fails to come takes nothing else with it. @returns {Promise<void>} */
  async startLate() {
    await Promise.all(this.list.map((entry) => "load" in entry && this.fetch(entry)));
    this.map.marks.note({ parts: "ready" });
  }

  /** @param {Late} entry */
  async fetch(entry) {
    if (this.live.has(entry.name)) return;
    try {
      const kind = await entry.load();
      if (this.map.signal.aborted || this.live.has(entry.name)) return;
      const part = this.start(entry, kind);
      if (this.map.drawing.picture) part.update?.(new Set(EVERYTHING));
    } catch (error) {
      this.map.frame.say(`The map's ${entry.name} could not be loaded. Try: reload the page. ${error}`);
    }
  }

  /** @param {Early | Late} entry @param {Kind} kind @returns {Part} */
  start({ name, host }, kind) {
    const part = new kind(typeof host === "string" ? find(this.map.frame.root, host) : host, this.map);
    this.live.set(name, part);
    return part;
  }

  /** Nobody hears anything before the first drawing. @param {Set<string>} changed */
  update(changed) {
    if (!this.map.drawing.picture) return;
    for (const part of this.live.values()) part.update?.(changed);
  }

  /** @param {number} row @param {boolean} touch */
  looked(row, touch) {
    for (const part of this.live.values()) part.looked?.(row, touch);
  }

  /** @returns {import("../render/overlay.js").Line[]} */
  lines() {
    return [...this.live.values()].flatMap((part) => part.lines?.() ?? []);
  }

  /** @returns {import("../render/overlay.js").Ring[]} */
  rings() {
    return [...this.live.values()].flatMap((part) => part.rings?.() ?? []);
  }

  /** @returns {import("../render/overlay.js").Mark[]} */
  drawn() {
    return [...this.live.values()].flatMap((part) => part.drawn?.() ?? []);
  }

  moved() {
    for (const part of this.live.values()) part.moved?.();
  }
}

/** All that can change. */
export const EVERYTHING = Object.freeze([
  ...["data", "points", "columns", "extra", "table", "ids", "theme", "lit", "selected"],
  ...Object.keys(DEFAULTS),
]);
