/**
 * The card of a pinned image: larger, with what one can do with the image. Two of them have their lines level.
 *
 * @typedef {import("../render/atlas.js").Cell} Cell
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {import("../data/facts.js").ClassMark} ClassMark
 */

import { button, element, icon, write } from "../dom/element.js";
import { behind, verdict } from "../data/facts.js";
import { drawThumbnail } from "../dom/thumbnail.js";
import { signed } from "../data/numbers.js";

const ALONE = 160; // pixels: 5 for each of an image of 32
const BESIDE = 128;
const CLOSE = "M4 4l8 8M12 4l-8 8";

/** @type {[string, string][]} */
const ACTIONS = [
  ["details", "Details and neighbours"],
  ["cell", "Its confusion cell"],
  ["only", "Only this cell"],
  ["copy", "Copy link"],
];

export class PinnedCard {
  /** @param {number} row @param {boolean} alone whether it is the only one */
  constructor(row, alone) {
    this.row = row;
    this.size = alone ? ALONE : BESIDE;
    this.thumbnail = /** @type {HTMLCanvasElement} */ (element("canvas"));
    this.thumbnail.style.width = this.thumbnail.style.height = `${this.size}px`;
    this.picture = button({ class: "picture", "data-do": "show", title: "Show it on the map" }, this.thumbnail);
    this.close = button({ class: "unpin", "data-do": "unpin", title: "Unpin" }, icon(CLOSE));
    this.name = element("h4", { class: "pin-name" });
    /** @type {Map<string, HTMLElement>} */
    this.values = new Map();
    this.element = element("article", { class: "pin", "data-row": row }, this.picture, this.name, this.lines(), this.actions());
    this.element.append(this.close);
  }

  /** @returns {HTMLElement} */
  lines() {
    const labels = { truth: "True", predicted: "Predicted", "runner-up": "Runner-up", margin: "Margin", kept: "Neighbours kept" };
    const lines = Object.entries(labels).map(([part, label]) => {
      const value = element("dd", {});
      this.values.set(part, value);
      return element("div", { class: "pin-line", "data-line": part }, element("dt", {}, label), value);
    });
    return element("dl", {}, ...lines);
  }

  /** @returns {HTMLElement} */
  actions() {
    const buttons = ACTIONS.map(([what, words]) => button({ "data-do": what }, words));
    return element("div", { class: "pin-actions" }, ...buttons);
  }

  /** @param {Facts} facts @param {Facts | null} other of the card beside it: what differs is brought out */
  fill(facts, other) {
    const said = saidOf(facts);
    const against = other && saidOf(other);
    write(this.name, facts.id);
    this.name.title = facts.id;
    this.picture.setAttribute("aria-label", `Show ${facts.id} on the map`);
    this.close.setAttribute("aria-label", `Unpin ${facts.id}`);
    this.element.dataset.verdict = facts.correct === null ? "" : facts.correct ? "right" : "wrong";
    for (const [part, value] of this.values) {
      value.replaceChildren(...said[part].content());
      const differs = against ? String(against[part].key !== said[part].key) : "";
      /** @type {HTMLElement} */ (value.parentElement).dataset.differs = differs;
    }
    /** @type {HTMLElement} */ (this.values.get("kept")?.parentElement).hidden = !facts.kept;
  }

  /** @param {boolean} only whether just its cell of the confusion matrix is lit @param {boolean} known whether there is one */
  mark(only, known) {
    const [cell, filter] = ["cell", "only"].map((what) => this.element.querySelector(`[data-do="${what}"]`));
    filter?.setAttribute("aria-pressed", String(only));
    for (const action of [cell, filter]) action?.toggleAttribute("disabled", !known);
  }

  /** @param {Cell | "loading" | "missing"} cell */
  draw(cell) {
    this.picture.dataset.thumbnail = drawThumbnail(this.thumbnail, cell, this.size);
  }
}

/** @typedef {{key: string, content: () => Node[]}} Said equal keys: nothing to compare */

/** @param {Facts} facts @returns {Record<string, Said>} */
function saidOf({ truth, predicted, runnerUp, margin, ahead, correct, kept }) {
  const value = margin === null ? "…" : signed(margin);
  const outcome = verdict(correct);
  return {
    truth: { key: truth?.name ?? "", content: () => [markOf(truth)] },
    predicted: { key: `${predicted?.name} ${outcome}`, content: () => [markOf(predicted), extra(outcome)] },
    "runner-up": { key: runnerUp?.name ?? "", content: () => [markOf(runnerUp), extra(behind(ahead))] },
    margin: { key: value.slice(0, 1), content: () => [element("span", { class: "number" }, value)] },
    kept: { key: kept, content: () => [element("span", { class: "number" }, kept)] },
  };
}

/** @param {ClassMark | null} mark @returns {HTMLElement} */
function markOf(mark) {
  const made = element("span", { class: "mark", title: mark?.name }, mark?.name ?? "none");
  made.style.setProperty("--mark", mark?.paint ?? "transparent");
  return made;
}

/** @param {string} words @returns {HTMLElement} */
function extra(words) {
  return element("span", { class: "extra" }, words);
}
