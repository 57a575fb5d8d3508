/**
 * What people have said of the images: what the server has stored, and on top of it what is not saved yet.
 *
 * @typedef {{verdict: string, judged: string, tags: string[], note: string}} Said verdict: "keep", "wrong", "unsure", "excluded", or ""
 *   for none; judged: the class that is right, where somebody named it
 * @typedef {Said & {who: string, when: string, version: number}} Judged version: revision of the image's latest record, 0 for none
 * @typedef {[number, Said][]} Changes of images, by their number
 */

/** @type {Readonly<Said>} */
export const UNSAID = Object.freeze({ verdict: "", judged: "", tags: [], note: "" });
/** @type {Readonly<Judged>} */
export const NOTHING = Object.freeze({ ...UNSAID, who: "", when: "", version: 0 });

export class Known {
  constructor() {
    /** @type {Map<number, Judged>} */
    this.stored = new Map();
    /** @type {Map<number, Said>} */
    this.pending = new Map();
    this.change = -1; // number of the latest change that was heard of
  }

  /** @param {number} image @returns {Said} */
  of(image) {
    return this.pending.get(image) ?? this.stored.get(image) ?? NOTHING;
  }

  /** @param {number} image @returns {Judged} as the server has it */
  saved(image) {
    return this.stored.get(image) ?? NOTHING;
  }

  /** @param {Record<string, Judged>} images @param {number} change */
  hear(images, change) {
    for (const [image, judged] of Object.entries(images)) {
      if (judged.version >= this.saved(Number(image)).version) this.stored.set(Number(image), judged);
    }
    this.change = Math.max(this.change, change);
  }

  /** What is not saved yet, in the order in which it was said. @param {Changes[]} changes */
  overlay(changes) {
    this.pending = new Map(changes.flat());
  }

  /** @returns {{judged: number, wrong: number, unsure: number}} images of the whole data set */
  tally() {
    const tally = { judged: 0, wrong: 0, unsure: 0 };
    for (const image of new Set([...this.stored.keys(), ...this.pending.keys()])) {
      const { verdict } = this.of(image);
      if (!verdict) continue;
      tally.judged++;
      if (verdict === "wrong") tally.wrong++;
      if (verdict === "unsure") tally.unsure++;
    }
    return tally;
  }

  /** @returns {string[]} every tag in use, in the order of the alphabet */
  tags() {
    const all = [...this.stored.values(), ...this.pending.values()].flatMap(({ tags }) => tags);
    return [...new Set(all)].sort((a, b) => a.localeCompare(b));
  }
}

/** @param {Said} said @returns {string} for example "wrong, frog" */
export function inWords({ verdict, judged }) {
  return [verdict || "not judged", judged].filter(Boolean).join(", ");
}
