/**
 * What changes from the classifier that is compared with to the one under the thumb: in words, in numbers, in images.
 *
 * @typedef {import("./penalty_curve.js").Data} Data
 * @typedef {import("./penalty_curve.js").Stop} Stop
 * @typedef {import("./stored.js").Stored} Stored
 * @typedef {import("./changes.js").Answers} Answers
 * @typedef {import("../data/columns.js").Labels} Labels
 * @typedef {{truth: Labels, was: Answers, now: Answers}} Known what both say
 */

import { sheetsOf } from "../data/source.js";
import { counted, interval, points } from "../data/numbers.js";
import { pairedDifference } from "../data/intervals.js";
import { find, write } from "../dom/element.js";
import { Atlas } from "../render/atlas.js";
import { changesOf, mostLost, movers } from "./changes.js";
import { Flipped } from "./flipped.js";

const KINDS = /** @type {const} */ (["fixed", "broke"]);

export class Comparison {
  labels = "";

  /** @param {HTMLElement} root @param {{open: (row: number) => void, all: (kind: string) => void, use: (C: number) => void}} acts */
  constructor(root, acts) {
    this.root = root;
    this.words = find(root, ".words");
    this.gain = find(root, ".gain");
    this.use = find(root, ".use");
    this.use.addEventListener("click", () => acts.use(this.suggested));
    this.suggested = NaN;
    this.lead = "";
    this.kinds = { fixed: new Flipped(find(root, ".fixed"), "fixed", acts), broke: new Flipped(find(root, ".broke"), "broke", acts) };
    this.atlas = new Atlas(null, () => this.draw());
  }

  /** Other images have other thumbnails. @param {Data} data */
  open(data) {
    if (data.labels === this.labels) return;
    this.labels = data.labels;
    this.atlas.close();
    this.atlas = new Atlas(sheetsOf(data), () => this.draw());
    for (const kind of KINDS) {
      this.kinds[kind].forget();
      this.kinds[kind].where = data.where ?? "below";
    }
  }

  close() {
    this.atlas.close();
  }

  /** Thumbnails have come. */
  draw() {
    for (const kind of KINDS) this.kinds[kind].draw(this.atlas);
  }

  /** @param {Data} data @param {Stop} stop under the thumb; where it is the baseline itself, what is suggested is compared @param {Stored} stored */
  show(data, stop, stored) {
    const { before, suggestion, stops } = data;
    const isBaseline = stop.C === before.C;
    const to = isBaseline ? stops.find(({ C }) => C === suggestion?.C) : stop;
    const isSuggested = isBaseline && suggestion !== null;
    write(this.words, isSuggested ? suggestion.words : to ? `From ${before.name} to ${to.title}` : "There is nothing to compare yet: fit another C below.");
    this.lead = isSuggested && to ? `From ${before.name} to ${to.title}: ` : "";
    this.suggested = suggestion?.C ?? NaN;
    this.use.hidden = !(isBaseline && to);
    this.use.classList.toggle("urged", isSuggested && suggestion.urged);
    write(this.use, to ? `Use ${to.title}` : "");
    const [truth, was, now] = [stored.truth, stored.of(before.said), stored.of(to?.said ?? null)];
    const waits = Boolean(to?.said);
    /** @type {[string, string] | undefined} */
    const names = to && [before.name, to.title];
    if (truth && was && now) this.showKnown(data, { truth, was, now }, names);
    else this.showNothing(waits, names);
  }

  /** @param {boolean} waits whether something is on its way @param {[string, string]} [names] of what is compared */
  showNothing(waits, names) {
    write(this.gain, waits ? "…" : "");
    for (const kind of KINDS) {
      this.kinds[kind].show(waits ? null : 0, [], this.atlas, names);
      this.root.dataset[kind] = "";
    }
  }

  /** @param {Data} data @param {Known} known @param {[string, string]} [compared] names of the two */
  showKnown({ names }, { truth, was, now }, compared) {
    const found = changesOf(truth, was.predicted, now.predicted);
    const named = (/** @type {Labels} */ labels, /** @type {number} */ row) => names[labels[row]] ?? "no class";
    const gain = gainOf(found.fixed.length, found.broke.length, found.different, truth.length);
    write(this.gain, `${this.lead}${gain} ${lossOf(mostLost(truth, found), names)}`);
    for (const kind of KINDS) {
      const host = this.kinds[kind];
      const rows = movers(found[kind], was, now, host.room);
      const images = rows.map((row) => ({ row, truth: named(truth, row), was: named(was.predicted, row), now: named(now.predicted, row) }));
      host.show(found[kind].length, images, this.atlas, compared);
      this.root.dataset[kind] = String(found[kind].length);
    }
  }
}

/** @param {{label: number, by: number} | null} lost @param {string[]} names @returns {string} */
function lossOf(lost, names) {
  if (!lost) return "No class has fewer images right.";
  return `${names[lost.label] ?? "No class"} loses most: ${counted(lost.by, "image")} fewer right.`;
}

/** @param {number} fixed @param {number} broke @param {number} different @param {number} n @returns {string} */
function gainOf(fixed, broke, different, n) {
  const [low, high] = pairedDifference(fixed, broke, n);
  const other = different ? `; ${counted(different, "image stays", "images stay")} wrong in another way` : "";
  return `${points((fixed - broke) / n)} points, 95% interval ${interval(low, high, points)}${other}.`;
}
