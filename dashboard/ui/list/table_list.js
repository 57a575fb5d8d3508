/**
 * Images as rows of a table; its headings sort.
 *
 * @typedef {import("../map/capabilities.js").Uses<"atlas">} Needs
 * @typedef {import("../data/facts.js").ClassMark} ClassMark
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {import("./row_list.js").Variant} Variant
 * @typedef {{by: string, down: boolean}} Sort
 */

import { button, element, write } from "../dom/element.js";
import { signed } from "../data/numbers.js";
import { drawThumbnail } from "../dom/thumbnail.js";

const IMAGE = 32; // pixels

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
  { by: "margin", title: "Margin", words: "True class against its strongest rival: below 0 is nearly always wrong", needs: "classifier" },
  { by: "ahead", title: "Runner-up margin", words: "Predicted class against the runner-up: how sure", needs: "classifier" },
];

/** @implements {Variant} */
export class TableList {
  label = "Table of the images";
  height = 38;
  columns = COLUMNS.length;

  /** @param {Needs} map @param {(by: string) => void} onSort */
  constructor(map, onSort) {
    this.map = map;
    this.made = 0;
    const headings = COLUMNS.map((column) => heading(column, onSort));
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
    const cells = COLUMNS.map(({ look, needs }, column) =>
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
    const [, id, truth, predicted, runnerUp, margin, ahead] = line.querySelectorAll("span");
    line.dataset.wrong = String(facts.correct === false);
    write(id, facts.id);
    id.title = facts.id;
    mark(truth, facts.truth);
    mark(predicted, facts.predicted);
    mark(runnerUp, facts.runnerUp);
    write(margin, facts.margin === null ? "" : signed(facts.margin));
    write(ahead, facts.ahead === null ? "" : signed(facts.ahead));
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
function heading({ by, title, words, needs }, onSort) {
  const head = element("span", { role: "columnheader", "data-by": by, "data-needs": needs, "aria-label": by ? null : words });
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
