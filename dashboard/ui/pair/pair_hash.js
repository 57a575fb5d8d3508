/**
 * The views of two maps as one URL's hash. What both share is said once; where the second one's camera is, and a shape
 * drawn on it, are said with `b.` in front: `colour=who&at=3,4,2&b.at=7,8,2`.
 *
 * @typedef {import("../state/view_store.js").View} View
 * @typedef {import("../state/view_hash.js").Limits} Limits
 */

import { readHash, writeHash } from "../state/view_hash.js";
import { DEFAULTS } from "../state/view_store.js";
import { OUTCOMES } from "./outcome_groups.js";

/** What both maps have in common. */
export const SHARED = /** @type {const} */ (["colourBy", "layout", "images", "shapes", "trueLabels", "text", "where", "pinned"]);

/** @type {View} */
export const PAIR_DEFAULTS = Object.freeze({ ...DEFAULTS, colourBy: OUTCOMES });

const OWN = "b.";
/** Filters that the query sets and the viewer took away. @type {Record<string, Partial<View>>} */
const CLEARED = { "true=": { trueLabels: [] }, "where=": { where: {} } };

/** @param {View} view @returns {Partial<View>} what the other map has too */
export function shared(view) {
  return Object.fromEntries(SHARED.map((name) => [name, view[name]]));
}

/**
 * @param {View} left @param {View} right
 * @param {View} [defaults] what the address says elsewhere, and its hash need not
 * @returns {Promise<string>} without the #
 */
export async function writePair(left, right, defaults = PAIR_DEFAULTS) {
  const own = await writeHash({ ...PAIR_DEFAULTS, camera: right.camera, selection: right.selection }, PAIR_DEFAULTS);
  const parts = own.split("&").filter(Boolean).map((part) => OWN + part);
  const both = { ...PAIR_DEFAULTS, ...shared(left), camera: left.camera, selection: left.selection }; // not the tab: there is none here
  return [await writeHash(both, defaults), ...parts].filter(Boolean).join("&");
}

/**
 * @param {string} text with or without the #; anyone may have typed it
 * @param {Limits} limits
 * @param {View} [defaults] what it comes on top of
 * @returns {Promise<{left: View, right: View, refused: string[]}>} refused: parameters that mean nothing here
 */
export async function readPair(text, limits, defaults = PAIR_DEFAULTS) {
  const parts = text.replace(/^#/, "").split("&").filter(Boolean);
  const [found, refused] = [{ left: {}, right: {} }, /** @type {string[]} */ ([])];
  for (const part of parts) {
    const side = part.startsWith(OWN) ? "right" : "left";
    const before = { ...defaults, ...found.left }; // the colour is said first
    const read = CLEARED[part] ?? possible(await readHash(side === "right" ? part.slice(OWN.length) : part, limits, before), side);
    if (read) Object.assign(found[side], read);
    else refused.push(part.split("=", 1)[0].slice(0, 20));
  }
  const left = /** @type {View} */ ({ ...defaults, ...found.left });
  const right = /** @type {View} */ ({ ...left, camera: null, selection: null, ...found.right });
  return { left: right.selection ? { ...left, selection: null } : left, right, refused };
}

/**
 * @param {Partial<View>} patch read from one parameter @param {"left" | "right"} side
 * @returns {Partial<View> | null} null where it was none, or one that two maps beside each other have not
 */
function possible(patch, side) {
  const allowed = side === "right" ? ["camera", "selection"] : [...SHARED, "camera", "selection"];
  const [name] = Object.keys(patch);
  if (!allowed.includes(name)) return null;
  return name === "pinned" ? { pinned: patch.pinned?.slice(-1) } : patch;
}
