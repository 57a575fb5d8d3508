/**
 * The pinned image below two maps: what A and B say of it, and which neighbours their feature spaces give it.
 *
 * @typedef {import("./pair_of_maps.js").PairOfMaps} PairOfMaps
 * @typedef {import("../data/nearest.js").Near} Near
 */

import { button, element } from "../dom/element.js";
import { signed } from "../data/numbers.js";
import { verdict } from "../data/facts.js";
import { split } from "./shared_neighbours.js";
import { Nearest } from "../data/nearest.js";
import { drawPictures, extra, lookAtTiles, markOf, picture, tile } from "../cards/image_elements.js";

const [PICTURE, TILE] = [96, 64]; // pixels: whole multiples of the usual image; the style sheet shows tiles smaller
const NONE = { common: [], ours: [], theirs: [] };

export class PairNear {
  /** @param {HTMLElement} host @param {PairOfMaps} pair */
  constructor(host, pair) {
    this.host = host;
    this.pair = pair;
    this.row = -1;
    this.told = ""; // what the elements were made for
    /** @type {import("./shared_neighbours.js").Split} */
    this.split = NONE;
    this.nearest = [0, 1].map(() => new Nearest(() => this.show()));
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
  head([ours, theirs]) {
    const lines = [line("True", ours.truth, ""), ...[ours, theirs].map((said, i) => line("AB"[i], said.predicted, words(said)))];
    const actions = [button({ "data-do": "open" }, "Details"), button({ "data-do": "unpin" }, "Unpin")];
    return element(
      "div",
      { class: "pair-image" },
      picture(ours.row, PICTURE, "pair-picture"),
      element("div", {}, element("h4", {}, ours.id), element("dl", {}, ...lines.flat())),
      element("div", { class: "pair-actions" }, ...actions),
    );
  }

  /** @param {Near[]} found @returns {HTMLElement[]} */
  body(found) {
    if (found.some(({ state }) => state === "none")) return [note("One of the runs has no neighbours. Run the pipeline again to add them.")];
    const failed = found.find(({ state }) => state === "failed");
    if (failed?.state === "failed") return [note(`The neighbours could not be loaded. ${failed.words}`)];
    if (found.some(({ state }) => state === "loading")) return [note("Loading its neighbours…")];
    const { common, ours, theirs } = this.split;
    const depth = common.length + ours.length;
    if (this.pair.sameFeatures) return [note(`A and B have the same features, and so the same ${depth} nearest images.`), this.strip("common", "Nearest", common)];
    return [
      note(`Of its ${depth} nearest images, A's and B's feature spaces have ${common.length || "none"} in common.`),
      element("div", { class: "pair-strips" }, this.strip("common", "In both", common), this.strip("ours", "Only in A", ours), this.strip("theirs", "Only in B", theirs)),
    ];
  }

  /** @param {keyof import("./shared_neighbours.js").Split} kind @param {string} title @param {number[]} rows @returns {HTMLElement} */
  strip(kind, title, rows) {
    const name = element("h5", { "data-kind": kind }, `${title} `, element("span", { class: "count" }, String(rows.length)));
    return element("section", { class: "pair-strip", "data-kind": kind }, name, element("ol", {}, ...rows.map((row) => element("li", {}, this.tile(row)))));
  }

  /** @param {number} row @returns {HTMLElement} */
  tile(row) {
    const facts = this.pair.maps.map((map) => map.rows.facts(row));
    const said = facts.map(({ predicted, correct }, i) => `${"AB"[i]}: ${predicted?.name ?? "nothing"}, ${verdict(correct)}`);
    const title = [facts[0].id, `truly ${facts[0].truth?.name ?? "unknown"}`, ...said];
    return tile("pair-tile", facts[0], TILE, title);
  }

  /** Draws the thumbnails anew: their sheets may have come. */
  draw() {
    drawPictures(this.host, this.pair.maps[0].atlas);
  }

  /** @param {Event} event a click */
  press(event) {
    const pressed = /** @type {Element} */ (event.target).closest("button");
    if (!pressed) return;
    if (pressed.dataset.do === "open") this.pair.send("open", this.row);
    else this.pair.pin(Number(pressed.dataset.row ?? this.row));
  }

  close() {
    for (const nearest of this.nearest) nearest.close();
  }
}

/** @param {Near[]} found of A and B @returns {import("./shared_neighbours.js").Split} */
function splitOf([ours, theirs]) {
  return ours?.state === "ready" && theirs?.state === "ready" ? split(ours.rows, theirs.rows) : NONE;
}

/** @param {string} label @param {import("../data/facts.js").ClassMark | null} mark @param {string} more @returns {HTMLElement[]} */
function line(label, mark, more) {
  return [element("dt", {}, label), element("dd", {}, markOf(mark), extra(more))];
}

/** @param {import("../data/facts.js").Facts} said @returns {string} */
function words({ correct, margin }) {
  return `${verdict(correct)}, margin ${margin === null ? "unknown" : signed(margin)}`;
}

/** @param {string} said @returns {HTMLElement} */
function note(said) {
  return element("p", { class: "pair-note", role: "status" }, said);
}
