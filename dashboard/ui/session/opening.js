/**
 * The view that a map opens with: what the link says; else what Python says, with what this tab remembers of the run.
 *
 * @typedef {import("../state/view_store.js").View} View
 * @typedef {import("./seeds.js").Seed} Seed
 */

import { bare } from "../data/columns.js";
import { patchOf, seedOf } from "./seeds.js";
import { readHash, withoutPlaces } from "../state/view_hash.js";
import { DEFAULTS, LOOKS, same } from "../state/view_store.js";

/**
 * @param {{hash: string, seed: Seed | null, remembered: string, chosen?: string}} said hash: of a link, with the filters of its query;
 *   seed: what is wished for elsewhere, null where nobody wishes anything;
 *   remembered: a hash; chosen: rows that a link from another page selects, packed
 * @param {import("../state/view_hash.js").Limits} limits
 * @returns {Promise<View>}
 */
export async function openingView({ hash, seed, remembered, chosen = "" }, limits) {
  const linked = await readHash(hash, limits);
  if (Object.keys(linked).length) return { ...DEFAULTS, ...linked };
  const before = { ...DEFAULTS, ...(await readHash(remembered, limits)) };
  if (!seed || (!chosen && same(seedOf(before), seed))) return before;
  const looks = Object.fromEntries(LOOKS.map((name) => [name, before[name]]));
  const colour = seed.colour === DEFAULTS.colourBy ? before.colourBy : seed.colour;
  const selected = chosen ? await readHash(`select=rows:${chosen}`, limits) : {};
  return { ...DEFAULTS, ...looks, ...within(patchOf({ ...seed, colour: colour ?? DEFAULTS.colourBy }, limits), limits), ...selected };
}

/** @param {Partial<View>} patch @param {import("../state/view_hash.js").Limits} limits @returns {Partial<View>} */
function within(patch, { n, colours }) {
  const colourBy = colours.includes(patch.colourBy ?? "") ? patch.colourBy : DEFAULTS.colourBy;
  return { ...patch, colourBy, pinned: (patch.pinned ?? []).filter((row) => row < n) };
}

/**
 * @param {string} run
 * @param {string} places the file that says where its points are
 * @returns {string} what this tab remembers of a run: a hash, without places where they were others
 */
export function recall(run, places) {
  try {
    const { of, hash } = JSON.parse(sessionStorage.getItem(name(run)) ?? "{}");
    return of === bare(places) ? (hash ?? "") : withoutPlaces(hash ?? "");
  } catch {
    return ""; // a browser may forbid it
  }
}

/** @param {string} run @param {string} places @param {string} hash */
export function remember(run, places, hash) {
  try {
    sessionStorage.setItem(name(run), JSON.stringify({ of: bare(places), hash }));
  } catch {
    // full, or forbidden: then it is not remembered
  }
}

/** @param {string} run @returns {string} */
function name(run) {
  return `lazybones.map.${run}`;
}
