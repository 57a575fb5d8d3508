/**
 * Images as rows of a table; its headings sort.
 *
 * @typedef {import("../map/capabilities.js").Uses<"atlas" | "attributes">} Needs
 * @typedef {import("../data/attributes.js").Attribute} Attribute
 * @typedef {import("../data/facts.js").ClassMark} ClassMark
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {import("./row_list.js").Variant} Variant
 * @typedef {{by: string, down: boolean}} Sort
 */

import { wordsAt } from "../data/attributes.js";
import { button, element, write } from "../dom/element.js";
import { signed } from "../data/numbers.js";
import { drawThumbnail } from "../dom/thumbnail.js";

const IMAGE = 32; // pixels
const OWN = 2; // the first of the columns, which stand before those of a table

/**
 * What the columns are called, and what they are sorted by; some need classes, or what a classifier says.
 *
 * @type {{by: string, title: string, look?: string, words: string, needs?: "classes" | "classifier"}[]}
 */
const COLUMNS = [
  { by: "", title: "", words: "Image" },
  { by: "id", title: "Image", words: "Name of the image" },
  { by: "true", title: "True", look: "class", words: "True class", needs: "classes" },
  { by: "predicted", title: "Predicted", look: "class predicted", words: "Predicted class", needs: "classifier" },
  { by: "runnerUp", title: "Runner-up", look: "class", words: "Second best class", needs: "classifier" },
  { by: "margin", title: "Margin", look: "figure", words: "True class against its strongest rival: below 0 is nearly always wrong", needs: "classifier" },
  { by: "ahead", title: "Runner-up margin", look: "figure", words: "Predicted class against the runner-up: how sure", needs: "classifier" },
];

/** @implements {Variant} */
export class TableList {
  label = "Table of the images";
  height = 38;

  /** @param {Needs} map @param {(by: string) => void} onSort @param {Attribute[]} further columns */
  constructor(map, onSort, further) {
    this.map = map;
    this.made = 0;
    this.further = further.map(({ name }) => name);
    const added = further.map(({ name, title, kind }) => ({ by: name, title, look: kind === "number" || kind === "date" ? "figure" : "", words: title }));
    /** @type {typeof COLUMNS} */
    this.shown = [...COLUMNS.slice(0, OWN), ...added, ...COLUMNS.slice(OWN)];
    this.columns = this.shown.length;
    const headings = this.shown.map((column) => heading(column, onSort));
    this.head = element("div", { class: "cells heads", role: "row", "aria-rowindex": 1 }, ...headings);
  }

  /** @param {Sort} sort */
  mark({ by, down }) {
    for (const head of this.head.querySelectorAll("span")) {
      const sorted = head.dataset.by === by && by !== "";
      head.ariaSort = sorted ? (down ? "descending" : "ascending") : null;
    }
  }

  /** @returns {number} */
  perLine() {
    return 1;
  }

  /** @returns {HTMLElement} */
  make() {
    const cells = this.shown.map(({ look, needs }, column) =>
      element("span", { class: look, role: "gridcell", "aria-colindex": column + 1, "data-needs": needs }));
    cells[0].append(element("canvas"));
    return element("div", { class: "cells", id: `line-${this.made++}` }, ...cells);
  }

  /** @param {HTMLElement} line @returns {HTMLElement[]} */
  items(line) {
    return [line];
  }

  /** @param {HTMLElement} line @param {Facts} facts */
  write(line, facts) {
    const cells = [...line.querySelectorAll("span")];
    const further = cells.splice(OWN, this.further.length);
    const [, id, truth, predicted, runnerUp, margin, ahead] = cells;
    line.dataset.wrong = String(facts.correct === false);
    write(id, facts.id);
    id.title = facts.id;
    mark(truth, facts.truth);
    mark(predicted, facts.predicted);
    mark(runnerUp, facts.runnerUp);
    write(margin, facts.margin === null ? "" : signed(facts.margin));
    write(ahead, facts.ahead === null ? "" : signed(facts.ahead));
    this.further.forEach((name, i) => {
      const column = this.map.attributes.find(name);
      write(further[i], column ? wordsAt(column, facts.row) : "");
      further[i].title = further[i].textContent;
    });
  }

  /** @param {HTMLElement} line @param {Uint32Array} rows @returns {boolean} whether the thumbnail has come */
  paint(line, [row]) {
    const [canvas] = line.getElementsByTagName("canvas");
    const state = drawThumbnail(canvas, this.map.atlas.cell(row), IMAGE);
    canvas.dataset.state = state;
    return state !== "loading";
  }
}

/** @param {(typeof COLUMNS)[number]} column @param {(by: string) => void} onSort @returns {HTMLElement} */
function heading({ by, title, look, words, needs }, onSort) {
  const head = element("span", { class: look === "figure" ? look : null, role: "columnheader", "data-by": by, "data-needs": needs, "aria-label": by ? null : words });
  if (!by) return head;
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
