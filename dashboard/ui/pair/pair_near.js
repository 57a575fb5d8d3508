/**
 * The pinned image below two maps: what A and B say of it, and which neighbours their feature spaces give it; these on the
 * maps, too: those that both have, only A's, and only B's.
 *
 * @typedef {import("./pair_of_maps.js").PairOfMaps} PairOfMaps
 * @typedef {import("../data/nearest.js").Near} Near
 * @typedef {{rows: number[], colour?: string, dashed: boolean, width: number}} Kind of neighbours
 */

import { button, closest, element } from "../dom/element.js";
import { counted, signed } from "../data/numbers.js";
import { verdict } from "../data/facts.js";
import { split } from "./shared_neighbours.js";
import { Nearest } from "../data/nearest.js";
import { drawPictures, extra, lookAtTiles, markOf, picture, tile } from "../cards/image_elements.js";

const [PICTURE, TILE] = [96, 64]; // pixels: whole multiples of the usual image; the style sheet shows tiles smaller
const LINE = 1.5; // pixels
const NONE = { common: [], onlyA: [], onlyB: [] };

export class PairNear {
  /** @param {HTMLElement} host @param {PairOfMaps} pair */
  constructor(host, pair) {
    this.host = host;
    this.pair = pair;
    this.row = -1;
    this.told = ""; // what the elements were made for
    /** @type {import("./shared_neighbours.js").Split} */
    this.split = NONE;
    this.nearest = [0, 1].map(() => new Nearest(() => this.show(), pair.signal));
    host.addEventListener("click", (event) => this.press(event));
    lookAtTiles(host, (row) => this.pair.look(row));
  }

  /** The neighbours are those of these runs. */
  use() {
    this.pair.maps.forEach(({ rows: { data } }, i) => this.nearest[i].use(data.neighbours?.url, data.n));
  }

  /** Shows the pinned image, if there is one and what it is made of is there. */
  show() {
    const { maps } = this.pair;
    const row = maps.every(({ rows }) => rows.points.n === rows.data.n && rows.columns) ? (maps[0].view.value.pinned[0] ?? -1) : -1;
    for (const nearest of this.nearest) nearest.want(row < 0 ? [] : [row]);
    const found = row < 0 ? [] : this.nearest.map((nearest) => nearest.of(row));
    const facts = row < 0 ? [] : maps.map((map) => map.rows.facts(row));
    const told = JSON.stringify([facts, found, this.pair.sameFeatures]);
    if (told === this.told) return;
    this.told = told;
    this.row = row;
    this.split = splitOf(found);
    this.host.hidden = row < 0;
    this.host.replaceChildren(...(row < 0 ? [] : [this.head(facts), ...this.body(found)]));
    this.draw();
    for (const { drawing } of maps) drawing.drawOverlay();
  }

  /** @param {import("../data/facts.js").Facts[]} facts of A and of B @returns {HTMLElement} */
  head([a, b]) {
    const lines = [line("True", a.truth, ""), ...[a, b].map((facts, i) => line("AB"[i], facts.predicted, words(facts)))];
    const actions = [button({ "data-do": "open" }, "Details"), button({ "data-do": "unpin" }, "Unpin")];
    return element(
      "div",
      { class: "pair-image" },
      picture(a.row, PICTURE, "pair-picture"),
      element("div", {}, element("h3", {}, a.id), element("dl", {}, ...lines.flat())),
      element("div", { class: "pair-actions" }, ...actions),
    );
  }

  /** @param {Near[]} found @returns {HTMLElement[]} */
  body(found) {
    if (found.some(({ state }) => state === "none")) return [note("One of the runs has no neighbours. Run the pipeline again to add them.")];
    const failed = found.find(({ state }) => state === "failed");
    if (failed?.state === "failed") return [note(`The neighbours could not be loaded. ${failed.words}`)];
    if (found.some(({ state }) => state === "loading")) return [note("Loading its neighbours…")];
    const { common, onlyA, onlyB } = this.split;
    const depth = common.length + onlyA.length;
    if (this.pair.sameFeatures) return [note(`A and B have the same features, and so the same ${counted(depth, "nearest image")}.`), this.strip("common", "Nearest", common)];
    return [
      note(`Of its ${counted(depth, "nearest image")}, A's and B's feature spaces have ${common.length || "none"} in common.`),
      element("div", { class: "pair-strips" }, this.strip("common", "In both", common), this.strip("onlyA", "Only in A", onlyA), this.strip("onlyB", "Only in B", onlyB)),
    ];
  }

  /** @param {keyof import("./shared_neighbours.js").Split} kind @param {string} title @param {number[]} rows @returns {HTMLElement} */
  strip(kind, title, rows) {
    const name = element("h4", { "data-kind": kind }, `${title} `, element("span", { class: "count" }, String(rows.length)));
    return element("section", { class: "pair-strip", "data-kind": kind }, name, element("ol", {}, ...rows.map((row) => element("li", {}, tileOf(this.pair.maps.map((map) => map.rows.facts(row)))))));
  }

  /** Draws the thumbnails anew: their sheets may have come. */
  draw() {
    drawPictures(this.host, this.pair.maps[0].atlas);
  }

  /** @param {Event} event a click */
  press(event) {
    const pressed = closest(event, "button");
    if (!pressed) return;
    if (pressed.dataset.do === "open") this.pair.send("open", this.row);
    else this.pair.pin(Number(pressed.dataset.row ?? this.row));
  }

  /** @returns {Kind[]} common ones last: above the others */
  kinds() {
    const [, a, b] = this.pair.maps[0].appearance.paints.groups ?? [];
    return [
      { rows: this.split.onlyA, colour: a, dashed: false, width: 1.5 },
      { rows: this.split.onlyB, colour: b, dashed: true, width: 1.5 },
      { rows: this.split.common, dashed: false, width: 2 },
    ];
  }

  /** @returns {import("../render/overlay.js").Line[]} */
  lines() {
    const from = this.row;
    return this.kinds().flatMap(({ rows, colour, dashed }) => rows.map((to) => ({ from, to, torn: dashed, colour, width: LINE })));
  }

  /** @returns {import("../render/overlay.js").Ring[]} */
  rings() {
    return this.kinds().flatMap(({ rows, ...look }) => rows.map((row) => ({ row, reach: 2, ...look })));
  }
}

/** @param {Near[]} found of A and B @returns {import("./shared_neighbours.js").Split} */
function splitOf([a, b]) {
  return a?.state === "ready" && b?.state === "ready" ? split(a.rows, b.rows) : NONE;
}

/** @param {string} label @param {import("../data/facts.js").ClassMark | null} mark @param {string} more @returns {HTMLElement[]} */
function line(label, mark, more) {
  return [element("dt", {}, label), element("dd", {}, markOf(mark), extra(more))];
}

/** @param {import("../data/facts.js").Facts[]} facts of one image, from A and B @returns {HTMLElement} */
function tileOf(facts) {
  const predictions = facts.map(({ predicted, correct }, i) => `${"AB"[i]}: ${predicted?.name ?? "nothing"}, ${verdict(correct)}`);
  return tile("pair-tile", facts[0], TILE, [facts[0].id, `truly ${facts[0].truth?.name ?? "unknown"}`, ...predictions]);
}

/** @param {import("../data/facts.js").Facts} said @returns {string} */
function words({ correct, margin }) {
  return `${verdict(correct)}, margin ${margin === null ? "unknown" : signed(margin)}`;
}

/** @param {string} said @returns {HTMLElement} */
function note(said) {
  return element("p", { class: "pair-note", role: "status" }, said);
}
