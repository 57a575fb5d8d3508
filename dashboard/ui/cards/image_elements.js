/**
 * What cards say and show of an image: lines of facts, the mark of a class, thumbnails to click.
 *
 * @typedef {import("../data/facts.js").ClassMark} ClassMark
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {{name: string, label: string, words: string, mark?: ClassMark | null, extra?: string, key?: string,
 *   needs?: "classes" | "classifier" | "rivals"}} FactLine mark: null where there is no class; key: what two images are compared by, where
 *   that is not the words; needs: it is seen where the run has these
 */

import { signed } from "../data/numbers.js";
import { button, closest, element } from "../dom/element.js";
import { behind, verdict } from "../data/facts.js";
import { drawThumbnail } from "../dom/thumbnail.js";

/** @param {Facts} facts @returns {FactLine[]} what the classifier says */
export function factLines({ truth, predicted, runnerUp, margin, ahead, correct }) {
  const classLine = (/** @type {string} */ name, /** @type {string} */ label, /** @type {ClassMark | null} */ mark, extra = "") =>
    ({ name, label, mark, words: mark?.name ?? "none", extra });
  const value = margin === null ? "…" : signed(margin);
  const outcome = verdict(correct);
  return [
    { ...classLine("truth", "True", truth), needs: "classes" },
    { ...classLine("predicted", "Predicted", predicted, outcome), key: `${predicted?.name} ${outcome}`, needs: "classifier" },
    { ...classLine("runner-up", "Runner-up", runnerUp, behind(ahead)), needs: "rivals" },
    { name: "margin", label: "Margin", words: value, key: value.slice(0, 1), needs: "classifier" },
  ];
}

/** @param {ClassMark | null} mark @returns {HTMLElement} */
export function markOf(mark) {
  const made = element("span", { class: "mark", title: mark?.name }, mark?.name ?? "none");
  made.style.setProperty("--mark", mark?.paint ?? "transparent");
  return made;
}

/** @param {string} words @returns {HTMLElement} */
export function extra(words) {
  return element("span", { class: "extra" }, words);
}

/** @param {number} row @param {number} size pixels @param {string} [kind] class @returns {HTMLCanvasElement} for `drawPictures` */
export function picture(row, size, kind) {
  return element("canvas", { class: kind, "data-row": row, "data-size": size });
}

/**
 * @param {string} kind class @param {Facts} facts @param {number} size pixels
 * @param {string[]} words of the image @returns {HTMLButtonElement}
 */
export function tile(kind, { row, truth }, size, words) {
  const attributes = { class: kind, "data-row": row, title: words.join("\n"), "aria-label": words.join(", ") };
  const made = button(attributes, picture(row, size));
  made.style.setProperty("--mark", truth?.paint ?? "transparent");
  return made;
}

/** Draws the thumbnails in a place anew: their sheets may have come. @param {HTMLElement} host @param {import("../render/atlas.js").Thumbnails} atlas */
export function drawPictures(host, atlas) {
  for (const canvas of host.querySelectorAll("canvas")) {
    const { row, size } = canvas.dataset;
    canvas.dataset.thumbnail = drawThumbnail(canvas, atlas.cell(Number(row)), Number(size));
  }
}

/** @param {Event} event @returns {number} the row of the tile that it is about, -1 for none */
export function rowUnder(event) {
  return Number(closest(event, "button[data-row]")?.dataset.row ?? -1);
}

/** Looks at the tile under the pointer, or with the focus. @param {HTMLElement} host @param {(row: number) => void} look */
export function lookAtTiles(host, look) {
  host.addEventListener("pointerover", (event) => event.pointerType !== "touch" && look(rowUnder(event)));
  host.addEventListener("focusin", (event) => look(rowUnder(event)));
  for (const end of ["pointerleave", "focusout"]) host.addEventListener(end, () => look(-1));
}
