/**
 * The images nearest to a pinned one in feature space: a strip of thumbnails, and lines on the map; and the strangers
 * that the map puts beside it.
 *
 * @typedef {import("../map/capabilities.js").Uses<"rows" | "looking" | "atlas" | "drawing">} Needs
 * @typedef {import("../data/nearest.js").Near} Near
 * @typedef {import("../render/overlay.js").Line} Line
 */

import { button, closest, element } from "../dom/element.js";
import { distance, signed } from "../data/numbers.js";
import { falseNeighbours, nearestRows } from "./false_neighbours.js";
import { drawPictures, lookAtTiles, rowUnder, tile } from "./image_elements.js";
import { FAR, nearestOnMap, missingNeighbours } from "./missing_neighbours.js";

const SIZE = 64; // pixels: 2 for each of an image of 32

export class Neighbours {
  told = ""; // what the strip was made for

  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    this.shown = new Set(["lines"]); // on the map, of lines and strangers
    /** @type {import("../data/columns.js").Points | null} where the images lay when the strip was made */
    this.points = null;
    this.clear();
    lookAtTiles(this.host, (row) => this.map.looking.look(row));
    this.host.addEventListener("click", (event) => {
      const show = closest(event, "[data-show]")?.dataset.show;
      if (show) this.toggle(show);
      else if (rowUnder(event) >= 0) this.map.looking.pin(rowUnder(event));
    });
  }

  /** @param {number} row a pinned one @param {Near} near */
  show(row, near) {
    const rows = near.state === "ready" ? near.rows : [];
    const told = JSON.stringify([row, near, rows.map((other) => this.map.rows.facts(other))]);
    const { points } = this.map.rows;
    if (told === this.told && points === this.points) return; // what has the focus keeps it
    this.told = told;
    this.points = points;
    this.row = row;
    this.rows = rows;
    const nearest = nearestRows(points, row, Math.max(nearestOnMap(points.n), rows.length));
    this.missing = missingNeighbours(points, row, rows, nearest);
    this.falseOnes = falseNeighbours(nearest, rows);
    const focused = /** @type {HTMLElement | null} */ (this.host.querySelector(".near-tile:focus"))?.dataset.row;
    this.host.replaceChildren(...(near.state === "ready" ? this.content(near.distances) : [title(), waiting(near)]));
    drawPictures(this.host, this.map.atlas);
    /** @type {HTMLElement | null} */ (this.host.querySelector(`.near-tile[data-row="${focused}"]`))?.focus({ preventScroll: true });
  }

  /** @param {number[]} distances @returns {HTMLElement[]} */
  content(distances) {
    const toggle = button({ class: "near-lines", "data-show": "lines", "aria-pressed": this.shown.has("lines") }, "Lines");
    const told = distances.map((apart, i) => [`distance ${distance(apart)}`, this.missing[i] ? "far away on the map" : ""]);
    return [
      element("div", { class: "near-head" }, title(), toggle),
      element("p", { class: "near-sum" }, ...this.summary()),
      this.strip(this.rows, told),
      element("p", { class: "near-rule" }, this.rule()),
      ...this.beside(),
    ];
  }

  /** @param {number[]} rows @param {string[][]} told of each, for people @returns {HTMLElement} */
  strip(rows, told) {
    const tiles = rows.map((row, i) => element("li", {}, this.tile(row, `${i + 1}`, told[i])));
    return element("ol", { class: "near-strip" }, ...tiles);
  }

  /** @returns {HTMLElement[]} what the map puts beside the image, and feature space does not */
  beside() {
    const { length: count } = this.falseOnes;
    const of = this.rows.length;
    const toggle = button({ class: "near-strangers", "data-show": "strangers", "aria-pressed": this.shown.has("strangers") }, "Show");
    toggle.title = "List them, and ring them on the map, dashed";
    const words = `${count} of the ${of} nearest on the map ${count === 1 ? "is" : "are"} not among the ${of} nearest in feature space.`;
    const none = "All that are near on the map are near in feature space too.";
    const head = element("div", { class: "near-head" }, element("h3", {}, "Strangers beside it"), ...(count ? [toggle] : []));
    return [head, element("p", { class: "near-beside" }, count ? words : none), this.faces()];
  }

  /** @returns {HTMLElement} the strangers, once somebody wants to see them */
  faces() {
    const rows = this.shown.has("strangers") ? this.falseOnes : [];
    const strip = this.strip(rows, rows.map(() => ["a stranger beside it on the map"]));
    strip.classList.add("near-faces");
    strip.hidden = !rows.length;
    return strip;
  }

  /** @returns {(Node | string)[]} */
  summary() {
    const { label } = this.map.rows.points;
    const count = this.rows.length;
    const same = this.rows.filter((other) => label[other] === label[this.row]).length;
    const torn = this.missing.filter(Boolean).length;
    const parts = [element("span", { "data-needs": "classes" }, `${same} of ${count} ${same === 1 ? "has" : "have"} the same class.`)];
    const apart = torn ? `${torn} of ${count} ${torn === 1 ? "is" : "are"} far away on the map.` : "The map keeps them together.";
    parts.push(element("span", { class: torn ? "near-torn" : "" }, apart));
    return parts.flatMap((part) => [part, " "]);
  }

  /** @returns {string} */
  rule() {
    const nearest = nearestOnMap(this.map.rows.points.n);
    return `Dashed: far away on the map, over ${FAR * 100}% of its extent, and not among the ${nearest} nearest there.`;
  }

  /** @param {number} row @param {string} place @param {string[]} told more of it @returns {HTMLElement} */
  tile(row, place, told) {
    const facts = this.map.rows.facts(row);
    const { id, truth, predicted, correct, margin } = facts;
    const words = [`${place}: ${id}`];
    if (this.map.rows.data.class_names.length) words.push(`truly ${truth?.name ?? "unknown"}`);
    if (predicted) words.push(`predicted ${predicted.name}, ${correct ? "right" : "wrong"}`);
    if (margin !== null) words.push(`margin ${signed(margin)}`);
    words.push(...told.filter(Boolean));
    const made = tile("near-tile", facts, SIZE, words);
    made.dataset.torn = String(this.missing[this.rows.indexOf(row)] ?? false);
    if (correct === false) made.append(element("span", { class: "cross", "aria-hidden": "true" }));
    return made;
  }

  /** @param {string} what "lines" or "strangers" */
  toggle(what) {
    if (!this.shown.delete(what)) this.shown.add(what);
    this.host.querySelector(`[data-show="${what}"]`)?.setAttribute("aria-pressed", String(this.shown.has(what)));
    this.host.querySelector(".near-faces")?.replaceWith(this.faces());
    drawPictures(this.host, this.map.atlas);
    this.map.drawing.drawOverlay();
  }

  /** @returns {Line[]} for the map */
  lines() {
    if (!this.shown.has("lines")) return [];
    return this.rows.map((to, i) => ({ from: this.row, to, torn: this.missing[i] }));
  }

  /** @returns {import("../render/overlay.js").Ring[]} where the lines end; and round strangers, dashed */
  rings() {
    const ends = this.rows.map((row, i) => ({ row, reach: 1, width: this.missing[i] ? 2 : 1 }));
    const strangers = this.falseOnes.map((row) => ({ row, reach: 2, width: 2, dashed: true }));
    return [...(this.shown.has("lines") ? ends : []), ...(this.shown.has("strangers") ? strangers : [])];
  }

  clear() {
    this.told = "";
    /** @type {number} */
    this.row = -1;
    /** @type {number[]} */
    this.rows = [];
    /** @type {boolean[]} */
    this.missing = [];
    /** @type {number[]} rows, nearest on the map first */
    this.falseOnes = [];
    this.host.replaceChildren();
  }
}

/** @returns {HTMLElement} */
function title() {
  return element("h3", {}, "Nearest in feature space");
}

/** @param {Near} near that is not ready @returns {HTMLElement} */
function waiting(near) {
  return element("p", { role: "status" }, wordsFor(near));
}

/** @param {Near} near that is not ready @returns {string} */
function wordsFor(near) {
  if (near.state === "loading") return "Loading…";
  if (near.state === "failed") return `The neighbours could not be loaded. ${near.words}`;
  return "This run has no neighbours. Run the pipeline again to add them.";
}
