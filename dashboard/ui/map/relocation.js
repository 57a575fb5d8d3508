/**
 * The same images in another projection: what stays of the view, before the points travel there (`map/arrangement.js`).
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("../data/source.js").Data} Data
 */

import { bare } from "../data/columns.js";

/** @param {EmbeddingMap} map @param {Data | undefined} before @returns {boolean} whether just the places change */
export function relocates(map, before) {
  const { data } = map;
  if (before?.run !== data.run || !data.ids || !before.ids || !map.session.open || !map.places) return false;
  return bare(before.ids) === bare(data.ids) && bare(before.points) !== bare(data.points);
}

/**
 * Keeps what is selected, pinned, filtered and coloured; a place on the map means nothing any more.
 *
 * @param {EmbeddingMap} map @param {Data} before
 */
export function relocate(map, before) {
  map.look(-1);
  map.selecting.keepRows();
  map.source.forgetExtra();
  map.session.hear(map.data);
  map.view.set({ camera: null });
  if (before.linked === false) map.addressBar.changed(); // it has been about these points all the time
}
