/**
 * The embedding map: entry point of the component that `dashboard/components/embedding_map.py` mounts.
 *
 * @typedef {import("./source.js").Data} Data
 * @typedef {{parentElement: ParentNode, data: Data, setTriggerValue: (name: string, value: unknown) => void}} Mount
 */

import { EmbeddingMap } from "./embedding_map.js";

/** @type {WeakMap<ParentNode, EmbeddingMap>} */
const live = new WeakMap();

/**
 * Streamlit calls this at the first mount, and again on the same element whenever the data or the theme change.
 *
 * @param {Mount} mount
 * @returns {() => void} cleanup; a call that was overtaken by a later one gets its cleanup called early
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  let map = live.get(parentElement);
  if (!map) {
    const root = /** @type {HTMLElement} */ (parentElement.querySelector(".lb-map"));
    map = new EmbeddingMap(root);
    live.set(parentElement, map);
  }
  const current = map;
  const turn = current.update(data, setTriggerValue);
  return () => {
    if (turn !== current.turn) return;
    current.close();
    live.delete(parentElement);
  };
}
