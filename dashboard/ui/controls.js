/**
 * Connects the viewer's hands to the map: pointers, keys, buttons, colour choice.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("./gestures.js").Wishes} Wishes
 */

import { listen } from "./gestures.js";

const STEP = 1.6; // zoom of a button

/** @param {EmbeddingMap} map @param {AbortSignal} signal ends it */
export function connect(map, signal) {
  const { root, stage, inspector } = map;
  const wishes = wishesOf(map);
  listen(stage, wishes, signal);
  stage.addEventListener("blur", () => inspector.look(-1), { signal });
  root.querySelector(".tools")?.addEventListener("click", (event) => useTool(event, wishes), { signal });
  root.querySelector(".modes")?.addEventListener("change", (event) => choose(event, map), { signal });
}

/** @param {EmbeddingMap} map @returns {Wishes} */
function wishesOf(map) {
  const { inspector } = map;
  return {
    hover: (x, y) => inspector.look(inspector.hit(x, y)),
    leave: () => inspector.look(-1),
    tap: (x, y, touch) => tap(map, x, y, touch),
    pan: (dx, dy) => map.moveCamera(() => map.camera.pan(dx, dy)),
    zoom: (x, y, factor) => map.moveCamera(() => map.camera.zoomAt(x, y, factor), [x, y]),
    zoomMiddle: (factor) => map.glideTo({ zoom: map.camera.zoom * factor }),
    reset: () => map.glideTo({ zoom: 1, x: map.camera.homeX, y: map.camera.homeY }),
    walk: (dx, dy) => inspector.walk(dx, dy),
    choose: () => inspector.row >= 0 && map.select(inspector.row),
    clear: () => clear(map),
    enter: () => inspector.row < 0 && inspector.walk(0, 0),
  };
}

/**
 * A mouse selects; a finger sees the card first, and selects with a second tap.
 *
 * @param {EmbeddingMap} map @param {number} x @param {number} y @param {boolean} touch
 */
function tap(map, x, y, touch) {
  const row = map.inspector.hit(x, y, touch);
  if (row >= 0 && (!touch || row === map.inspector.row)) map.select(row);
  else map.inspector.look(row, touch);
}

/** @param {EmbeddingMap} map */
function clear(map) {
  map.inspector.look(-1);
  if (map.selected.value !== null) map.select(null);
}

/** @param {Event} event @param {Wishes} wishes */
function useTool(event, wishes) {
  const action = /** @type {Element} */ (event.target).closest("button")?.dataset.do;
  if (action === "in") wishes.zoomMiddle(STEP);
  else if (action === "out") wishes.zoomMiddle(1 / STEP);
  else if (action === "home") wishes.reset();
}

/** @param {Event} event of a radio button @param {EmbeddingMap} map */
function choose(event, map) {
  const { value } = /** @type {HTMLInputElement} */ (event.target);
  map.recolour(/** @type {import("./scene.js").ColourBy} */ (value));
}
