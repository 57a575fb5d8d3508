/**
 * What surrounds a map: here a page of its own, with which it shares the address. `pair/pair_member.js` is the other kind.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("../data/source.js").Data} Data
 * @typedef {{name: string, names: string[], values: Uint8Array | null}} Groups what rows can be coloured by that is
 *   known here alone; values: an index into names for each row, null while it is not known yet
 * @typedef {{
 *   parts: import("./parts.js").Entry[], groups: Groups | null, screen: HTMLElement | null,
 *   atlas: (data: Data, onLoad: () => void) => Pick<import("../render/atlas.js").Atlas, keyof import("../render/atlas.js").Atlas>,
 *   addressBar: (map: EmbeddingMap) => {soon: () => void, stop: () => void, hash: string},
 *   session: (map: EmbeddingMap, data: Data) => Pick<import("../session/session.js").Session, "open" | "hear" | "stop"> &
 *     {seeds: {choose: (view: import("../state/view_store.js").View) => void}},
 *   arrived: (map: EmbeddingMap) => void, travelled: (map: EmbeddingMap) => void,
 * }} Surroundings screen: what fills the screen where that is not the map alone; session: from opening a run on the map
 *   on; arrived: a file has; travelled: the viewer has moved this map's camera, and it is not drawn yet
 */

import { AddressBar } from "../session/address_bar.js";
import { Atlas } from "../render/atlas.js";
import { LIST } from "./parts.js";
import { Session } from "../session/session.js";
import { sheetsOf } from "../data/source.js";

/** @implements {Surroundings} */
export class Alone {
  parts = LIST;
  groups = null;
  screen = null;

  /** @param {Data} data @param {() => void} onLoad */
  atlas(data, onLoad) {
    return new Atlas(sheetsOf(data), onLoad);
  }

  /** @param {EmbeddingMap} map */
  addressBar(map) {
    return new AddressBar(map);
  }

  /** A hash that comes later is not about these points. @param {EmbeddingMap} map @param {Data} data */
  session(map, data) {
    return new Session(map, data, map.turn || data.linked === false ? "" : map.addressBar.hash);
  }

  arrived() {}

  travelled() {}
}
