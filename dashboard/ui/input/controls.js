/**
 * Connects the viewer's hands to the map: what pointers, wheel and keys mean.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("./gestures.js").Wishes} Wishes
 * @typedef {import("./gestures.js").Keys} Keys
 */

import { hit, next } from "./hit_test.js";
import { listen } from "./gestures.js";
import { pressed } from "./keys.js";
import { Outline } from "../space/outline.js";
import { describe, Speaker } from "./announcements.js";

/** @param {EmbeddingMap} map @param {AbortSignal} signal ends it */
export function connect(map, signal) {
  const speaker = new Speaker(map.frame.spoken);
  listen(map.frame, wishesOf(map, speaker, new Outline(map.frame.shape)), signal);
  map.stage.addEventListener("blur", () => map.look(-1), { signal });
  signal.addEventListener("abort", () => speaker.stop());
}

/** @param {EmbeddingMap} map @param {Speaker} speaker @param {Outline} outline @returns {Wishes} */
function wishesOf(map, speaker, outline) {
  const hands = {
    walk: (/** @type {number} */ dx, /** @type {number} */ dy) => walk(map, speaker, dx, dy),
    pin: () => map.hovered >= 0 && map.pin(map.hovered),
    back: () => back(map),
  };
  return {
    hover: (x, y, time) => hover(map, x, y, time),
    leave: () => map.look(-1),
    tap: (x, y, touch, keys) => tap(map, hit(map, x, y, touch), touch, keys),
    pan: (dx, dy) => move(map, () => map.camera.pan(dx, dy)),
    zoom: (x, y, factor, touch) => outline.shape || move(map, () => map.camera.zoomAt(x, y, factor), touch ? null : [x, y]),
    home: () => map.travel.home(),
    enter: () => map.hovered < 0 && walk(map, speaker, 0, 0),
    press: (event) => pressed(map, event, hands),
    tool: () => map.tool,
    drawFrom: (x, y, keys) => drawFrom(map, outline, x, y, keys),
    drawTo: (x, y) => outline.extend(x, y),
    drawn: (keys) => drawn(map, outline, keys),
    undrawn: () => outline.clear(),
  };
}

/** @param {EmbeddingMap} map @param {number} x @param {number} y @param {number} time of the event */
function hover(map, x, y, time) {
  const before = map.hovered;
  map.look(hit(map, x, y));
  if (map.hovered !== before) map.root.dataset.hoverMs = (performance.now() - time).toFixed(2);
}

/** @param {EmbeddingMap} map @param {() => void} change @param {[number, number] | null} pointer what it is over afterwards */
function move(map, change, pointer = null) {
  map.travel.move(change);
  map.look(pointer ? hit(map, ...pointer) : -1);
}

/**
 * A mouse pins; a finger sees the card first, and pins with a second tap.
 *
 * @param {EmbeddingMap} map @param {number} row @param {boolean} touch @param {Keys} keys
 */
function tap(map, row, touch, keys) {
  const mode = modeOf(map, keys);
  if (row >= 0 && mode !== "replace") map.select([row], mode);
  else if (row >= 0 && (!touch || row === map.hovered)) map.pin(row);
  else map.look(row, touch);
}

/** @param {EmbeddingMap} map @param {Speaker} speaker @param {number} dx @param {number} dy */
function walk(map, speaker, dx, dy) {
  const row = next(map, dx, dy);
  if (row < 0) return;
  map.reveal(row);
  map.look(row);
  speaker.say(describe(map.facts(row)));
}

/** One step back, the latest thing first; at last out of the map. @param {EmbeddingMap} map */
function back(map) {
  const { selection, pinned } = map.view.value;
  if (map.hovered >= 0) map.look(-1);
  else if (selection) map.select(null);
  else if (pinned.length) map.view.set({ pinned: [] });
  else map.stage.blur();
}

/** @param {EmbeddingMap} map @param {Keys} keys @returns {import("../state/selection.js").Mode} */
function modeOf({ selecting }, { shift, alt }) {
  return alt ? "remove" : shift ? "add" : selecting.mode;
}

/** @param {EmbeddingMap} map @param {Outline} outline @param {number} x @param {number} y @param {Keys} keys */
function drawFrom(map, outline, x, y, keys) {
  map.look(-1);
  outline.begin(map.tool === "box" ? "box" : "lasso", x, y, modeOf(map, keys));
}

/** @param {EmbeddingMap} map @param {Outline} outline @param {Keys} keys */
function drawn(map, outline, keys) {
  const pixels = outline.finish();
  const points = [];
  for (let i = 0; i < pixels.length; i += 2) points.push(...map.camera.toPosition(pixels[i], pixels[i + 1]).map(Math.round));
  if (points.length) map.selecting.inside(points, modeOf(map, keys));
}
