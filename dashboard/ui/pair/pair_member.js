/**
 * What surrounds one of two maps: the pair has the address, the thumbnails and the legend, and hears of all that happens.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("./pair_of_maps.js").PairOfMaps} PairOfMaps
 */

import { Inspector } from "../cards/inspector.js";
import { Legend } from "../legend/legend.js";
import { Link } from "./coordination.js";
import { PairMarks } from "./pair_neighbours.js";
import { sheetsOf } from "../data/source.js";
import { Toolbar } from "../tools/toolbar.js";

/** @implements {import("../map/own_page.js").Surroundings} */
export class PairMember {
  /** @param {PairOfMaps} pair @param {HTMLElement} legend where this map's colours are explained */
  constructor(pair, legend) {
    this.pair = pair;
    /** @type {import("../map/parts.js").Entry[]} */
    this.parts = [
      { name: "toolbar", host: ".tools", kind: Toolbar },
      { name: "legend", host: legend, kind: Legend },
      { name: "inspector", host: ".cards", kind: Inspector },
      { name: "link", host: ".stage", kind: Link },
      { name: "neighbours", host: ".stage", kind: PairMarks },
      { name: "minimap", host: ".minimap", load: () => import("../tools/minimap.js").then((module) => module.Minimap) },
    ];
  }

  get groups() {
    return this.pair.groups;
  }

  get screen() {
    return this.pair.root;
  }

  /** @param {import("../data/source.js").Data} data @param {() => void} onLoad */
  atlas(data, onLoad) {
    return this.pair.atlas.lease(sheetsOf(data), () => {
      onLoad();
      this.pair.near.draw();
    });
  }

  addressBar() {
    return { hash: "", soon: () => this.pair.addressBar.soon(), stop: () => {} };
  }

  /** @param {EmbeddingMap} map */
  session(map) {
    const idle = { hear: () => {}, stop: () => {} };
    return { open: false, ...idle, seeds: { choose: () => this.pair.follow(map) } };
  }

  arrived() {
    this.pair.arrived();
  }

  /** @param {EmbeddingMap} map */
  travelled(map) {
    this.pair.travelled(map);
  }
}
