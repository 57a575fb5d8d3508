/**
 * What a search finds is drawn larger, and the map goes there; once nothing is searched it goes back.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "lighting" | "arrangement" | "camera" | "navigation" | "drawing">} Needs
 * @typedef {{x: number, y: number, zoom: number}} Place of the camera
 */

import { boundsOf } from "../space/camera.js";
import { hex } from "../render/colours.js";
import { rowsOf } from "../state/selection.js";
import { same } from "../state/view_store.js";

const CLOSEST = 12; // zoom: one match alone is seen among its neighbours
const MOST = 2000; // marks; what finds more finds no single images

export class Found {
  /** @param {HTMLElement} _host @param {Needs} map */
  constructor(_host, map) {
    this.map = map;
    this.text = "";
    /** Where the camera was before the search, and where that has led it. @type {{from: Place, to: Place} | null} */
    this.way = null;
    /** What the marks were made for, and they. @type {{key: unknown[], marks: import("../render/overlay.js").Mark[]}} */
    this.made = { key: [], marks: [] };
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { text } = this.map.view.value;
    const searched = text !== this.text && changed.has("text") && !changed.has("camera") && !changed.has("points"); // else a link says where to look
    this.text = text;
    if (searched) this.go(text ? rowsOf(this.map.lighting.lit) : new Uint32Array());
  }

  /** @param {Uint32Array} rows */
  go(rows) {
    const { arrangement, camera, navigation } = this.map;
    const here = placeOf(camera);
    const from = this.way && same(here, this.way.to) ? this.way.from : here; // the viewer has not moved since
    if (!rows.length) {
      if (!this.text && this.way && same(here, this.way.to)) navigation.glideTo(this.way.from);
      if (!this.text) this.way = null;
      return;
    }
    if (rows.length > MOST) return;
    const to = camera.placeFor(boundsOf(arrangement.places, rows), CLOSEST);
    this.way = { from, to };
    navigation.glideTo(to);
  }

  /** @returns {import("../render/overlay.js").Mark[]} */
  drawn() {
    const { view, lighting, drawing } = this.map;
    const { picture } = drawing;
    if (!view.value.text || !picture || lighting.count > MOST) return [];
    const key = [lighting.lit, picture];
    if (!key.every((part, i) => part === this.made.key[i])) {
      const colour = (/** @type {number} */ row) => hex(picture.palette[picture.colour[row]]);
      this.made = { key, marks: [...rowsOf(lighting.lit)].map((row) => ({ row, shape: "disc", colour: colour(row) })) };
    }
    return this.made.marks;
  }
}

/** @param {import("../space/camera.js").Camera} camera @returns {Place} */
function placeOf({ x, y, zoom }) {
  return { x, y, zoom };
}
