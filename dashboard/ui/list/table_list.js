/**
 * Images as rows of a table; its headings sort.
 *
 * @typedef {import("../map/capabilities.js").Uses<"atlas" | "attributes">} Needs
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 * @typedef {import("../data/facts.js").ClassMark} ClassMark
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {import("./row_list.js").Variant} Variant
 * @typedef {import("../state/view_store.js").Order} Sort
 */

import { wordsAt } from "../data/attributes.js";
import { button, element, write } from "../dom/element.js";
import { signed } from "../data/numbers.js";
import { drawThumbnail } from "../dom/thumbnail.js";

export const MARGIN = "margin";
const NAME = "id";
const IMAGE = 32; // pixels
const NAMED = "minmax(5.5rem, 1fr)"; // wide enough for the name of a class
const FURTHER = "minmax(6rem, 0.9fr)";

/**
 * What the columns are called, what they are sorted by, and how wide they are; some need classes, or what a classifier says. The
 * margin is always there.
 *
 * @typedef {{by: string, title: string, look?: string, words: string, width: string, needs?: "classes" | "classifier" | "rivals"}} Column
 * @type {Column[]}
 */
const COLUMNS = [
  { by: MARGIN, title: "Margin", look: "figure stays", words: "True class against its strongest rival: below 0 is nearly always wrong", width: "4rem", needs: "classifier" },
  { by: NAME, title: "Image", words: "Name of the image", width: "minmax(7rem, 1.4fr)" },
  { by: "true", title: "True", look: "class", words: "True class", width: NAMED, needs: "classes" },
  { by: "predicted", title: "Predicted", look: "class predicted", words: "Predicted class", width: NAMED, needs: "classifier" },
  { by: "runnerUp", title: "Runner-up", look: "class", words: "Second best class", width: NAMED, needs: "rivals" },
  { by: "ahead", title: "Runner-up margin", look: "figure", words: "Predicted class against the runner-up: how sure", width: "5rem", needs: "rivals" },
];

/** @param {import("../data/source.js").Data} data @param {Attribute[]} attributes @returns {Column[]} all that there are here: a table's come after the name */
export function columnsOf({ columns, class_names: { length: classes } }, attributes) {
  const here = { classes: classes > 0, classifier: columns !== null, rivals: columns !== null && classes > 2 };
  const own = COLUMNS.filter(({ needs }) => !needs || here[needs]);
  const further = attributes.filter((one) => one.further).map(({ name, title, kind }) =>
    ({ by: name, title, look: kind === "number" || kind === "date" ? "figure" : "", words: title, width: FURTHER }));
  const at = own.findIndex(({ by }) => by === NAME) + 1;
  return [...own.slice(0, at), ...further, ...own.slice(at)];
}

/** @implements {Variant} */
export class TableList {
  label = "Table of the images";
  height = 38;

  /** @param {Needs} map @param {(by: string) => void} onSort @param {Column[]} shown besides the image itself */
  constructor(map, onSort, shown) {
    this.map = map;
    this.made = 0;
    this.shown = shown;
    this.columns = shown.length + 1;
    const image = element("span", { class: "stays", role: "columnheader", "aria-label": "Image" });
    this.head = element("div", { class: "cells heads", role: "row", "aria-rowindex": 1 }, image, ...shown.map((column) => heading(column, onSort)));
  }

  /** @param {Sort} sort */
  mark({ by, down }) {
    for (const head of this.head.querySelectorAll("span")) {
      const sorted = head.dataset.by === by;
      head.ariaSort = sorted ? (down ? "descending" : "ascending") : null;
    }
  }

  /** @returns {number} */
  perLine() {
    return 1;
  }

  /** @returns {HTMLElement} */
  make() {
    const cells = [{ by: "", look: "stays" }, ...this.shown].map(({ by, look }, column) =>
      element("span", { class: look, role: "gridcell", "aria-colindex": column + 1, "data-by": by }));
    cells[0].append(element("canvas"));
    return element("div", { class: "cells", id: `line-${this.made++}` }, ...cells);
  }

  /** @param {HTMLElement} line @returns {HTMLElement[]} */
  items(line) {
    return [line];
  }

  /** @param {HTMLElement} line @param {Facts} facts */
  write(line, facts) {
    line.dataset.wrong = String(facts.correct === false);
    this.shown.forEach(({ by }, i) => this.fill(/** @type {HTMLElement} */ (line.children[i + 1]), by, facts));
  }

  /** @param {HTMLElement} cell @param {string} by @param {Facts} facts */
  fill(cell, by, facts) {
    const { truth, predicted, runnerUp, id, margin, ahead } = facts;
    const marks = { true: truth, predicted, runnerUp };
    /** @type {Record<string, string>} */
    const texts = { [NAME]: id, [MARGIN]: margin === null ? "" : signed(margin), ahead: ahead === null ? "" : signed(ahead) };
    if (Object.hasOwn(marks, by)) return mark(cell, marks[/** @type {keyof typeof marks} */ (by)]);
    const column = Object.hasOwn(texts, by) ? null : this.map.attributes.find(by);
    write(cell, column ? wordsAt(column, facts.row) : (texts[by] ?? ""));
    if (by !== MARGIN && by !== "ahead") cell.title = cell.textContent;
  }

  /** @param {HTMLElement} line @param {Uint32Array} rows @returns {boolean} whether the thumbnail has come */
  paint(line, [row]) {
    const [canvas] = line.getElementsByTagName("canvas");
    const state = drawThumbnail(canvas, this.map.atlas.cell(row), IMAGE);
    canvas.dataset.state = state;
    return state !== "loading";
  }
}

/** @param {Column} column @param {(by: string) => void} onSort @returns {HTMLElement} */
function heading({ by, title, look, words }, onSort) {
  const head = element("span", { class: look, role: "columnheader", "data-by": by, "aria-label": words });
  const sorter = button({ title: `${words}. Sorts.`, "data-sort": by }, title);
  sorter.addEventListener("click", () => onSort(by));
  head.append(sorter);
  return head;
}

/** @param {HTMLElement} cell @param {ClassMark | null} mark */
function mark(cell, mark) {
  write(cell, mark?.name ?? "none");
  cell.title = mark?.name ?? "";
  cell.style.setProperty("--mark", mark?.paint ?? "transparent");
}
