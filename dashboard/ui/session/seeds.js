/**
 * What other pages share with the map: Python seeds it, and is told when the viewer changes it. Filters are texts, as in the query.
 *
 * @typedef {import("../state/view_store.js").View} View
 * @typedef {import("../state/view_hash.js").Limits} Limits
 * @typedef {Record<string, string | number | null> & {colour: string, image: number | null}} Seed filters by their parameters, "" where all pass
 */

import { Echo } from "./echo.js";
import { FILTER_FIELDS, FILTER_TEXTS, filterText, readFilter } from "../state/filter_texts.js";
import { DEFAULTS, same } from "../state/view_store.js";

const PAUSE = 300; // milliseconds: Python runs a script for each message

/** @param {View} view @returns {Seed} what other pages would show of it */
export function seedOf(view) {
  const texts = FILTER_FIELDS.map((field) => [FILTER_TEXTS[field].parameter, same(view[field], DEFAULTS[field]) ? "" : filterText(view, field)]);
  return /** @type {Seed} */ ({ ...Object.fromEntries(texts), colour: view.colourBy, image: view.pinned.at(-1) ?? null });
}

const BLANK = seedOf(DEFAULTS);
const NAMES = Object.keys(BLANK);

/** @param {Record<string, unknown> | null} seed @returns {Seed} nothing is left open */
export function whole(seed) {
  const given = Object.entries(seed ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return /** @type {Seed} */ ({ ...BLANK, ...Object.fromEntries(given) });
}

/** @param {Seed} seed @param {Limits} limits @param {string[]} names @returns {Partial<View>} */
export function patchOf(seed, limits, names = NAMES) {
  const fields = FILTER_FIELDS.filter((field) => names.includes(FILTER_TEXTS[field].parameter));
  const filters = fields.map((field) => {
    const text = seed[FILTER_TEXTS[field].parameter];
    return { [field]: DEFAULTS[field], ...(typeof text === "string" && text && readFilter(field, text, limits)) };
  });
  const colour = names.includes("colour") && { colourBy: seed.colour };
  const image = names.includes("image") && { pinned: seed.image === null ? [] : [seed.image] };
  return Object.assign({}, ...filters, colour, image);
}

export class Seeds {
  /** @param {Seed} seed what Python said first @param {(seed: Seed) => void} tell */
  constructor(seed, tell) {
    this.tell = tell;
    this.timer = 0;
    /** @type {Seed | null} what Python is to hear */
    this.untold = null;
    this.echoes = new Map(NAMES.map((name) => [name, new Echo(/** @type {string | number | null} */ (seed[name]))]));
  }

  /** @param {Seed} seed @param {Limits} limits @returns {Partial<View>} what Python changed by itself */
  hear(seed, limits) {
    const news = NAMES.filter((name) => this.echoes.get(name)?.hear(seed[name]));
    return patchOf(seed, limits, news);
  }

  /** The viewer has changed the view; Python hears of it once the viewer pauses. @param {View} view */
  choose(view) {
    const seed = seedOf(view);
    const news = NAMES.filter((name) => this.echoes.get(name)?.value !== seed[name]);
    for (const name of news) this.echoes.get(name)?.choose(seed[name]);
    if (news.length) this.tellSoon(seed);
  }

  /** @param {Seed} seed */
  tellSoon(seed) {
    clearTimeout(this.timer);
    this.untold = seed;
    this.timer = window.setTimeout(() => this.tellNow(), PAUSE);
  }

  /** The viewer is about to go elsewhere: what comes after that is too late, and may call the viewer back. */
  tellNow() {
    clearTimeout(this.timer);
    const seed = this.untold;
    this.untold = null;
    if (seed) this.tell(seed);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
