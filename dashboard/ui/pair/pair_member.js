/**
 * What surrounds one of two maps: the pair has the address, the thumbnails and the legend, and hears of all that happens.
 *
 * @typedef {import("../map/capabilities.js").Surrounded} Surrounded
 * @typedef {import("../map/capabilities.js").Surroundings} Surroundings
 * @typedef {import("../map/parts.js").Part} Part
 * @typedef {import("./pair_of_maps.js").PairOfMaps} PairOfMaps
 */

import { Inspector } from "../cards/inspector.js";
import { Legend } from "../legend/legend.js";
import { sheetsOf } from "../data/source.js";
import { Toolbar } from "../tools/toolbar.js";

const ZOOM_KEY = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

/** @implements {Surroundings} @implements {Part} */
export class PairMember {
  /** @param {PairOfMaps} pair @param {Surrounded} map @param {HTMLElement} legend where this map's colours are explained */
  constructor(pair, map, legend) {
    this.pair = pair;
    this.map = map;
    this.screen = pair.root;
    /** @type {import("../map/parts.js").Entry[]} */
    this.parts = [
      { name: "toolbar", host: ".tools", kind: Toolbar },
      { name: "legend", host: legend, kind: Legend },
      { name: "inspector", host: ".cards", kind: Inspector },
      { name: "pair", part: this },
      { name: "neighbours", part: pair.near },
      { name: "minimap", host: ".minimap", load: () => import("../tools/minimap.js").then((module) => module.Minimap) },
    ];
  }

  get groups() {
    return this.pair.groups;
  }

  /** @param {import("../data/source.js").Data} data @param {() => void} onLoad */
  atlas(data, onLoad) {
    return this.pair.atlas.lease(sheetsOf(data), () => {
      onLoad();
      this.pair.near.draw();
    });
  }

  begin() {} // the pair finds the views of both

  hear() {}

  changed() {
    this.pair.views.follow(this.map);
    this.pair.views.addressBar.soon();
  }

  arrived() {
    this.pair.judge();
  }

  travelled() {
    this.pair.cameras.travelled(this.map);
  }

  /** Said once, on the map under the pointer. */
  scrolledPast() {
    if (this.pair.hinted) return;
    this.pair.hinted = true;
    this.map.frame.say(`${ZOOM_KEY} and the wheel zoom both maps.`);
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { tools } = this.pair.otherThan(this.map);
    if (changed.has("tool") && tools.tool !== this.map.tools.tool) tools.use(this.map.tools.tool);
    if (changed.has("screen")) this.pair.bar.show();
  }

  /** @param {number} row -1 for none */
  looked(row) {
    const { arrangement, looking } = this.pair.otherThan(this.map);
    if (row < arrangement.places.n) looking.look(row);
  }

  moved() {
    this.pair.cameras.drawn(this.map);
  }
}
