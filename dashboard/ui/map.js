/**
 * The embedding map: entry point of the component that `dashboard/components/embedding_map.py` mounts.
 *
 * @typedef {import("./source.js").Data} Data
 * @typedef {{parentElement: ParentNode, data: Data, setTriggerValue: (name: string, value: unknown) => void}} Mount
 */

import { EmbeddingMap } from "./embedding_map.js";
import { markup, style } from "./map_shell.js"; // made of map.html and the map's style sheets by dashboard/ui_files.py

/** @type {WeakMap<ParentNode, EmbeddingMap>} */
const live = new WeakMap();
const sheet = new CSSStyleSheet();
sheet.replaceSync(style);

/**
 * Streamlit calls this at the first mount, and again on the same element whenever the data or the theme change.
 *
 * @param {Mount} mount
 * @returns {() => void} cleanup; a call that was overtaken by a later one gets its cleanup called early
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  let map = live.get(parentElement);
  if (!map) {
    map = new EmbeddingMap(furnish(parentElement));
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

/** @param {ParentNode} place @returns {HTMLElement} the map's elements, new in this place */
function furnish(place) {
  const home = /** @type {ShadowRoot | Document} */ (place.getRootNode());
  if (!home.adoptedStyleSheets.includes(sheet)) home.adoptedStyleSheets.push(sheet);
  const template = document.createElement("template");
  template.innerHTML = markup;
  place.replaceChildren(template.content);
  return /** @type {HTMLElement} */ (place.querySelector(".lb-map"));
}
