/**
 * The same images in another projection: what stays of the view, before the points travel there (`map/arrangement.js`).
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("../data/source.js").Data} Data
 */

import { bare } from "../data/columns.js";

/** @param {EmbeddingMap} map @param {Data | null} before @returns {before is Data} whether just the places change */
export function relocates(map, before) {
  const { data } = map.rows;
  if (before?.run !== data.run || !data.ids || !before.ids || !map.ready) return false;
  return bare(before.ids) === bare(data.ids) && bare(before.points) !== bare(data.points);
}

/**
 * Keeps what is selected, pinned, filtered and coloured; a place on the map means nothing any more.
 *
 * @param {EmbeddingMap} map @param {Data} before
 */
export function relocate(map, before) {
  map.looking.look(-1);
  map.selection.keepRows();
  map.rows.forgetExtra();
  map.page.hear(map.rows.data, before.linked === false);
  map.view.set({ camera: null });
}
