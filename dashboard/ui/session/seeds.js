/**
 * What other pages share with the map: Python seeds it, and is told when the viewer changes it.
 *
 * @typedef {import("../state/view_store.js").View} View
 * @typedef {{true: number | null, predicted: number | null, outcome: View["outcome"] | null, colour: string | null,
 *   image: number | null}} Seed
 */

import { Echo } from "./echo.js";
import { DEFAULTS } from "../state/view_store.js";

const PAUSE = 300; // milliseconds: Python runs a script for each message
const NAMES = /** @type {(keyof Seed)[]} */ (["true", "predicted", "outcome", "colour", "image"]);

/** @param {View} view @returns {Seed} what other pages would show of it */
export function seedOf({ trueLabel, predictedLabel, outcome, colourBy, pinned }) {
  return { true: trueLabel, predicted: predictedLabel, outcome, colour: colourBy, image: pinned.at(-1) ?? null };
}

/** @param {Partial<Seed> | null} seed @returns {Seed} nothing is left open */
export function whole(seed) {
  const given = Object.entries(seed ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return { ...seedOf(DEFAULTS), ...Object.fromEntries(given) };
}

/** @param {Seed} seed @param {(keyof Seed)[]} names @returns {Partial<View>} */
export function patchOf(seed, names = NAMES) {
  const fields = {
    true: { trueLabel: seed.true },
    predicted: { predictedLabel: seed.predicted },
    outcome: { outcome: seed.outcome },
    colour: { colourBy: seed.colour },
    image: { pinned: seed.image === null ? [] : [seed.image] },
  };
  return Object.assign({}, ...names.map((name) => fields[name]));
}

export class Seeds {
  /** @param {Seed} seed what Python said first @param {(seed: Seed) => void} tell */
  constructor(seed, tell) {
    this.tell = tell;
    this.timer = 0;
    /** @type {Seed | null} what Python is to hear */
    this.untold = null;
    this.echoes = new Map(NAMES.map((name) => [name, new Echo(/** @type {Seed[keyof Seed]} */ (seed[name]))]));
  }

  /** @param {Seed} seed @returns {Partial<View>} what Python changed by itself */
  hear(seed) {
    const news = NAMES.filter((name) => this.echoes.get(name)?.hear(seed[name]));
    return patchOf(seed, news);
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
