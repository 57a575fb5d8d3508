/**
 * The pinned images, beside the map where they cover no point: one alone or two to compare, and the neighbours of one.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "arrangement" | "looking" | "atlas" | "drawing" | "frame" | "page" | "signal">} Needs
 * @typedef {import("../data/nearest.js").Near} Near
 */

import { act, isOnly } from "./pin_actions.js";
import { button, closest, element, write } from "../dom/element.js";
import { distance } from "../data/numbers.js";
import { spotOf } from "../data/facts.js";
import { Nearest, TableRows } from "../data/nearest.js";
import { DASH } from "../data/numbers.js";
import { drawPictures } from "./image_elements.js";
import { Neighbours } from "./neighbours.js";
import { PinnedCard } from "./pinned_card.js";
import { onSpot } from "../space/point_index.js";

const FACTS = ["points", "columns", "extra", "ids", "theme"];
const CELL = ["trueLabels", "predictedLabels", "columns"];
const SIDES = ["left", "right"];

export class PinnedCards {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    /** @type {PinnedCard[]} oldest first */
    this.cards = [];
    this.active = -1; // the row whose neighbours are shown
    this.pins = element("div", { class: "pin-cards" });
    this.apart = element("p", { class: "pin-apart" });
    this.sides = element("div", { class: "pin-sides", role: "group", "aria-label": "Whose neighbours" });
    this.neighbours = new Neighbours(element("section", { class: "near" }), map);
    this.nearest = new Nearest(() => this.answered(), map.signal);
    this.table = new TableRows(() => this.fillFurther(), map.signal);
    this.allColumns = false; // whether a card says more than the first
    host.replaceChildren(this.pins, this.apart, this.sides, this.neighbours.host);
    host.hidden = true;
    host.addEventListener("click", (event) => this.press(event));
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { data } = this.map.rows;
    if (changed.has("points")) this.nearest.use(data.neighbours?.url, data.n);
    if (changed.has("points")) this.table.use(data.table?.row, data.n);
    if (changed.has("pinned") || changed.has("points")) this.rebuild();
    else if (FACTS.some((what) => changed.has(what))) this.fill();
    else if (changed.has("thumbnails")) this.draw();
    if (CELL.some((what) => changed.has(what))) this.mark();
  }

  /** Other images are pinned. */
  rebuild() {
    const { pinned } = this.map.view.value;
    const focused = this.host.matches(":focus-within");
    const news = pinned.filter((row) => !this.cards.some((card) => card.row === row));
    if (news.length || !pinned.includes(this.active)) this.active = pinned.at(-1) ?? -1;
    this.cards = pinned.map((row) => new PinnedCard(row, pinned.length === 1));
    this.pins.replaceChildren(...this.cards.map((card) => card.element));
    this.host.hidden = !pinned.length;
    this.host.dataset.pins = String(pinned.length);
    const sides = SIDES.map((side, i) => button({ "data-side": i }, `Neighbours of the ${side}`));
    this.sides.replaceChildren(...(pinned.length === 2 ? sides : []));
    this.nearest.want(pinned);
    this.table.want(pinned);
    this.fill();
    if (focused) this.focus();
  }

  /** The element that had the focus is gone: it goes to the latest card, or back to the map. */
  focus() {
    const next = this.cards.find((card) => card.row === this.active)?.picture ?? this.map.frame.stage;
    next.focus({ preventScroll: true });
  }

  fill() {
    const { rows, arrangement } = this.map;
    const facts = this.cards.map(({ row }) => ({ ...rows.facts(row), spot: spotOf(onSpot(arrangement.places, row)) }));
    this.cards.forEach((card, i) => card.fill(facts[i], facts[1 - i] ?? null));
    this.fillFurther();
    this.mark();
    this.answered();
    this.draw();
  }

  fillFurther() {
    const lines = this.cards.map(({ row }) => this.further(row));
    this.cards.forEach((card, i) => card.fillFurther(lines[i], lines[1 - i] ?? null, this.allColumns));
  }

  /** @param {number} row @returns {import("./image_elements.js").FactLine[]} what a table says of an image, as far as it is there */
  further(row) {
    const said = this.table.of(row);
    const columns = this.map.rows.data.table?.columns ?? [];
    const texts = said.state === "ready" ? said.texts : columns.map(() => (said.state === "failed" ? "not to be had" : "…"));
    return columns.map(({ name }, i) => ({ name: "column", label: name, words: texts[i] || DASH }));
  }

  draw() {
    drawPictures(this.host, this.map.atlas);
  }

  mark() {
    for (const card of this.cards) card.mark(isOnly(this.map, card.row), this.map.rows.columns !== null);
  }

  /** Neighbours have come, or others are to be shown. */
  answered() {
    if (this.active < 0) this.neighbours.clear();
    else this.neighbours.show(this.active, this.nearest.of(this.active));
    const rows = this.cards.map((card) => card.row);
    [...this.sides.children].forEach((side, i) => side.setAttribute("aria-pressed", String(rows[i] === this.active)));
    write(this.apart, rows.length === 2 ? apartWords(rows, rows.map((row) => this.nearest.of(row))) : "");
    this.map.drawing.drawOverlay();
  }

  /** @param {Event} event a click */
  press(event) {
    const pressed = closest(event, "button");
    const { do: what, side } = pressed?.dataset ?? {};
    const row = Number(closest(event, ".pin")?.dataset.row);
    if (what === "columns") {
      this.allColumns = !this.allColumns;
      this.fillFurther();
    } else if (side) {
      this.active = this.cards[Number(side)].row;
      this.answered();
    } else if (pressed) act(this.map, what, row, pressed);
  }

  /** @returns {import("../render/overlay.js").Line[]} for the map */
  lines() {
    return this.neighbours.lines();
  }

  /** @returns {import("../render/overlay.js").Ring[]} */
  rings() {
    return this.neighbours.rings();
  }
}

/** @param {number[]} rows two of them @param {Near[]} near their neighbours @returns {string} how far apart they are */
function apartWords([left, right], [near, back]) {
  if (near.state !== "ready" || back.state !== "ready") return "";
  const [place, other] = [near.rows.indexOf(right), back.rows.indexOf(left)];
  if (place < 0 && other < 0) return `Neither is among the other's ${near.rows.length} nearest in feature space.`;
  const apart = place < 0 ? back.distances[other] : near.distances[place];
  const ranks = [placeWords("right", "left", place), placeWords("left", "right", other)].filter(Boolean);
  return `${distance(apart)} apart in feature space: ${ranks.join(", ")}.`;
}

/** @param {string} who @param {string} whose @param {number} place from 0; -1 for none @returns {string} */
function placeWords(who, whose, place) {
  if (place < 0) return "";
  return place ? `the ${who} one is number ${place + 1} of the ${whose} one's nearest` : `the ${who} one is the ${whose} one's nearest`;
}
