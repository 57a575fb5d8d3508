/**
 * The card of a pinned image: larger, with what one can do with the image. Two of them have their lines level.
 *
 * @typedef {import("../data/facts.js").Facts & {spot: string}} Facts spot: what else lies there
 * @typedef {import("./image_elements.js").FactLine} FactLine
 */

import { counted } from "../data/numbers.js";
import { button, element, icon, write } from "../dom/element.js";
import { extra, factLines, markOf, picture } from "./image_elements.js";

const ALONE = 160; // pixels: 5 for each of an image of 32
const BESIDE = 128;
const FIRST = 5; // columns of a table
const CLOSE = "M4 4l8 8M12 4l-8 8";
const ACTIONS = { details: "Details and neighbours", cell: "Its cell on Confusion", only: "Only this cell", copy: "Copy link" };
const CELLS = ["cell", "only"]; // those about a cell of the confusion matrix

export class PinnedCard {
  /** @param {number} row @param {boolean} alone whether it is the only one */
  constructor(row, alone) {
    const size = alone ? ALONE : BESIDE;
    const thumbnail = picture(row, size);
    thumbnail.style.width = thumbnail.style.height = `${size}px`;
    const needs = (/** @type {string} */ what) => (what === "details" ? "server" : CELLS.includes(what) ? "classifier" : null); // details are drawn by a server
    const actions = Object.entries(ACTIONS).map(([what, words]) => button({ "data-do": what, "data-needs": needs(what) }, words));
    this.row = row;
    this.picture = button({ class: "picture", "data-do": "show", title: "Show it on the map" }, thumbnail);
    this.close = button({ class: "unpin", "data-do": "unpin", title: "Unpin" }, icon(CLOSE));
    this.name = element("h2", { class: "pin-name" });
    this.lines = element("dl");
    this.further = element("dl", { class: "pin-further", hidden: true });
    const parts = [this.picture, this.name, this.lines, this.further, element("div", { class: "pin-actions" }, ...actions), this.close];
    this.element = element("article", { class: "pin", "data-row": row }, ...parts);
  }

  /** @param {Facts} facts @param {Facts | null} other of the card beside it: what differs is brought out */
  fill(facts, other) {
    const against = other && linesOf(other);
    write(this.name, facts.id);
    this.name.title = facts.id;
    this.picture.setAttribute("aria-label", `Show ${facts.id} on the map`);
    this.close.setAttribute("aria-label", `Unpin ${facts.id}`);
    this.lines.replaceChildren(...linesOf(facts).map((line, i) => lineElement(line, against && against[i])));
  }

  /**
   * @param {FactLine[]} lines what a table says of the image
   * @param {FactLine[] | null} others of the card beside it
   * @param {boolean} all whether the viewer wants more than the first of them
   */
  fillFurther(lines, others, all) {
    const shown = all ? lines : lines.slice(0, FIRST);
    const rest = lines.length - FIRST;
    const words = all ? "Fewer columns" : counted(rest, "more column");
    const more = rest > 0 ? [button({ class: "pin-more", "data-do": "columns", "aria-expanded": all }, words)] : [];
    this.further.replaceChildren(...shown.map((line, i) => lineElement(line, others && others[i])), ...more);
    this.further.hidden = !lines.length;
  }

  /** @param {boolean} only whether just its cell of the confusion matrix is lit @param {boolean} known whether there is one */
  mark(only, known) {
    for (const what of CELLS) this.action(what)?.toggleAttribute("disabled", !known);
    this.action("only")?.setAttribute("aria-pressed", String(only));
  }

  /** @param {string} what @returns {Element | null} */
  action(what) {
    return this.element.querySelector(`[data-do="${what}"]`);
  }
}

/** @param {Facts} facts @returns {FactLine[]} */
function linesOf(facts) {
  return [...factLines(facts), { name: "kept", label: "Neighbours kept", words: facts.kept }, { name: "spot", label: "Place", words: facts.spot }];
}

/** @param {FactLine} line @param {FactLine | null} other of the card beside it @returns {HTMLElement} */
function lineElement({ name, label, words, mark, extra: more, key = words, needs }, other) {
  const differs = other ? String((other.key ?? other.words) !== key) : "";
  const value = mark === undefined ? element("span", { class: "number" }, words) : markOf(mark);
  const attributes = { class: "pin-line", "data-line": name, "data-differs": differs, "data-needs": needs, hidden: !words };
  return element("div", attributes, element("dt", {}, label), element("dd", {}, value, ...(more ? [extra(more)] : [])));
}
