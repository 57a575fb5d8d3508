/**
 * Connects the viewer's hands to the map: what pointers, wheel and keys mean.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("./gestures.js").Wishes} Wishes
 */

import { hit, next } from "./aim.js";
import { listen } from "./gestures.js";
import { describe, Speaker } from "./speech.js";

/** @param {EmbeddingMap} map @param {AbortSignal} signal ends it */
export function connect(map, signal) {
  const speaker = new Speaker(map.frame.spoken);
  listen(map.frame, wishesOf(map, speaker), signal);
  map.stage.addEventListener("blur", () => map.look(-1), { signal });
  signal.addEventListener("abort", () => speaker.stop());
}

/** @param {EmbeddingMap} map @param {Speaker} speaker @returns {Wishes} */
function wishesOf(map, speaker) {
  return {
    hover: (x, y) => map.look(hit(map, x, y)),
    leave: () => map.look(-1),
    tap: (x, y, touch) => tap(map, x, y, touch),
    pan: (dx, dy) => move(map, () => map.camera.pan(dx, dy)),
    zoom: (x, y, factor, touch) => move(map, () => map.camera.zoomAt(x, y, factor), touch ? null : [x, y]),
    zoomMiddle: (factor) => map.glideTo({ zoom: map.camera.zoom * factor }),
    reset: () => map.glideTo({ zoom: 1, x: map.camera.homeX, y: map.camera.homeY }),
    walk: (dx, dy) => walk(map, speaker, dx, dy),
    choose: () => map.hovered >= 0 && map.pin(map.hovered),
    clear: () => clear(map),
    enter: () => map.hovered < 0 && walk(map, speaker, 0, 0),
  };
}

/** @param {EmbeddingMap} map @param {() => void} change @param {[number, number] | null} pointer what it is over afterwards */
function move(map, change, pointer = null) {
  map.moveCamera(change);
  map.look(pointer ? hit(map, ...pointer) : -1);
}

/**
 * A mouse pins; a finger sees the card first, and pins with a second tap.
 *
 * @param {EmbeddingMap} map @param {number} x @param {number} y @param {boolean} touch
 */
function tap(map, x, y, touch) {
  const row = hit(map, x, y, touch);
  if (row >= 0 && (!touch || row === map.hovered)) map.pin(row);
  else map.look(row, touch);
}

/** @param {EmbeddingMap} map @param {Speaker} speaker @param {number} dx @param {number} dy */
function walk(map, speaker, dx, dy) {
  const row = next(map, dx, dy);
  if (row < 0) return;
  map.show(row);
  speaker.say(describe(map.facts(row)));
}

/** One thing at a time, the latest first. @param {EmbeddingMap} map */
function clear(map) {
  if (map.hovered >= 0) map.look(-1);
  else if (map.view.value.selection) map.select(null);
  else map.view.set({ pinned: [] });
}
