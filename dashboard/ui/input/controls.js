/**
 * Connects the viewer's hands to the map: what pointers, wheel and keys mean.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "camera" | "navigation" | "looking" | "tools" | "selection" |
 *   "screen" | "marks" | "arrangement" | "lighting" | "drawing" | "page" | "signal"> & {frame: import("../map/frame.js").Frame}} Needs
 * @typedef {import("./gestures.js").Wishes} Wishes
 * @typedef {import("./gestures.js").Keys} Keys
 */

import { hit, next } from "./picking.js";
import { listen } from "./gestures.js";
import { pressed } from "./keys.js";
import { Outline } from "../space/outline.js";
import { announcer, describe } from "./announcements.js";

/** @param {Needs} map */
export function connect(map) {
  const { signal } = map;
  listen(map.frame, wishesOf(map, announcer(map.frame.spoken), new Outline(map.frame.shape)), signal);
  map.frame.stage.addEventListener("blur", () => map.looking.look(-1), { signal });
}

/** @param {Needs} map @param {(text: string) => void} announce @param {Outline} outline @returns {Wishes} */
function wishesOf(map, announce, outline) {
  const walkOn = (/** @type {number} */ dx, /** @type {number} */ dy) => walk(map, announce, dx, dy);
  return {
    hover: (x, y, time) => hover(map, x, y, time),
    leave: () => map.looking.look(-1),
    tap: (x, y, touch, keys) => tap(map, hit(map, x, y, touch), touch, keys),
    pan: (dx, dy) => move(map, () => map.camera.pan(dx, dy)),
    zoom: (x, y, factor, touch) => outline.shape || move(map, () => map.navigation.zoomAt(x, y, factor), touch ? null : [x, y]),
    home: () => map.navigation.home(),
    enter: () => map.looking.row < 0 && walkOn(0, 0),
    press: (event) => pressed(map, event, walkOn),
    tool: () => map.tools.tool,
    takes: (event) => takes(map, event),
    drawFrom: (x, y, keys) => drawFrom(map, outline, x, y, keys),
    drawTo: (x, y) => outline.extend(x, y),
    drawn: (keys) => drawn(map, outline, keys),
    undrawn: () => outline.clear(),
  };
}

/** A map that the page scrolls past has the wheel in full screen, and with a key (a touchpad's pinch says ctrl). @param {Needs} map @param {WheelEvent} event */
function takes(map, { ctrlKey, metaKey }) {
  if (!map.page.scrolledPast || ctrlKey || metaKey || map.screen.isFull) return true;
  map.page.scrolledPast();
  return false;
}

/** @param {Needs} map @param {number} x @param {number} y @param {number} time of the event */
function hover(map, x, y, time) {
  const before = map.looking.row;
  map.marks.begin("hover", time);
  map.looking.look(hit(map, x, y));
  if (map.looking.row !== before) map.marks.end("hover");
}

/** @param {Needs} map @param {() => void} change @param {[number, number] | null} pointer what it is over afterwards */
function move(map, change, pointer = null) {
  map.navigation.move(change);
  map.looking.look(pointer ? hit(map, ...pointer) : -1);
}

/**
 * A mouse pins; a finger sees the card first, and pins with a second tap.
 *
 * @param {Needs} map @param {number} row @param {boolean} touch @param {Keys} keys
 */
function tap(map, row, touch, keys) {
  const mode = map.tools.modeFor(keys);
  if (row >= 0 && mode !== "replace") map.selection.select([row], mode);
  else if (row >= 0 && (!touch || row === map.looking.row)) map.looking.pin(row);
  else map.looking.look(row, touch);
}

/** @param {Needs} map @param {(text: string) => void} announce @param {number} dx @param {number} dy */
function walk(map, announce, dx, dy) {
  const row = next(map, dx, dy);
  if (row < 0) return;
  map.navigation.reveal(row);
  map.looking.look(row);
  announce(describe(map.rows.facts(row)));
}

/** @param {Needs} map @param {Outline} outline @param {number} x @param {number} y @param {Keys} keys */
function drawFrom(map, outline, x, y, keys) {
  map.looking.look(-1);
  outline.begin(map.tools.tool === "box" ? "box" : "lasso", x, y, map.tools.modeFor(keys));
}

/** @param {Needs} map @param {Outline} outline @param {Keys} keys */
function drawn(map, outline, keys) {
  const pixels = outline.finish();
  const points = [];
  for (let i = 0; i < pixels.length; i += 2) points.push(...map.camera.toPosition(pixels[i], pixels[i + 1]).map(Math.round));
  if (points.length) map.selection.selectInside(points, map.tools.modeFor(keys));
}
