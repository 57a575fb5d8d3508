/**
 * The images that are selected, or else all that are lit, beside the map: summed up and listed.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "lighting" | "selection" | "looking" | "camera" | "drawing" | "appearance" | "atlas" | "frame" | "marks" | "signal" | "attributes">} Needs
 * @typedef {import("./summary.js").Kind} Kind
 */

import { afterPaint } from "../render/after_paint.js";
import { button, element, write } from "../dom/element.js";
import { Listing } from "./image_list.js";
import { address } from "../data/source.js";
import { packBits } from "../state/packed_bits.js";
import { bitsOf, rowsOf } from "../state/selection.js";
import { Summary } from "./summary.js";
import { accuracy, tally } from "./tally.js";
import { counted, thousands } from "../data/numbers.js";

const LISTING = ["listing", "order", "ranking"]; // how images are listed
const HINT = "To select, draw a lasso";

export class Panel {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.map = map;
    /** @type {Uint32Array} ascending */
    this.rows = new Uint32Array();
    this.whole = NaN; // accuracy of the run
    /** @type {import("../state/view_store.js").View["selection"][]} what was narrowed down, latest last */
    this.trail = [];
    this.narrowing = false;
    this.giveUp = () => {}; // the count that is to come
    this.title = element("span", { class: "panel-title", role: "status" });
    this.hint = element("p", { class: "panel-hint" }, HINT, element("span", { "data-needs": "classes" }, " or choose a class"), ".");
    this.back = button({ class: "panel-back", title: "The selection before it was narrowed down" }, "Back");
    this.clear = button({ class: "panel-clear" }, "Clear");
    this.judge = button({ class: "panel-judge", "data-needs": "server", title: "Say which of these labels are right, on the page Labels" }, "Judge labels");
    const actions = element("div", { class: "panel-actions" }, this.judge, this.back, this.clear);
    const sum = element("div", { class: "sum" });
    const list = element("div", { class: "panel-list" });
    host.replaceChildren(element("header", { class: "panel-head" }, element("h2", {}, this.title), actions), this.hint, sum, list);
    this.summary = new Summary(sum, (kind) => this.narrow(kind));
    this.listing = new Listing(list, map);
    this.back.addEventListener("click", () => this.widen());
    this.clear.addEventListener("click", () => map.selection.select(null));
    this.judge.addEventListener("click", () => this.toLabels());
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { points, columns } = this.map.rows;
    if (changed.has("points") || changed.has("columns")) {
      this.whole = columns ? accuracy(points.label, columns.predicted) : NaN;
    }
    if (changed.has("selected") && !this.narrowing) this.trail = [];
    if (changed.has("selected") || changed.has("columns")) this.recount();
    else if (changed.has("lit") && !this.map.selection.selected) this.recountSoon();
    else if (LISTING.some((what) => changed.has(what))) this.listing.show(this.rows);
    else if (changed.has("ids")) this.listing.named();
    else if (changed.has("theme")) this.recolour();
    else if (changed.has("pinned")) this.listing.refresh();
    else if (changed.has("thumbnails")) this.listing.repaint();
    if (["data", "table", "listed"].some((what) => changed.has(what))) this.listing.recolumn();
  }

  /** What is lit changes with every step of a filter's slider; the map comes first. */
  recountSoon() {
    this.giveUp();
    this.giveUp = afterPaint(() => this.recount());
  }

  /** Counts, sums up and lists the rows anew. */
  recount() {
    this.giveUp();
    const { selected } = this.map.selection;
    this.rows = selected ? selected.rows : rowsOf(this.map.lighting.lit);
    this.head();
    this.listing.show(this.rows);
    this.sumUp();
    if (selected) afterPaint(() => this.map.marks.end("gallery"));
  }

  head() {
    const { selected } = this.map.selection;
    write(this.title, titleOf(this.rows.length, this.map.rows.points.n, selected !== null));
    this.hint.hidden = selected !== null || !this.rows.length;
    this.clear.hidden = !selected;
    this.judge.hidden = !selected || !this.map.rows.columns;
    this.back.hidden = !this.trail.length;
    this.map.marks.note({ listed: this.rows.length });
  }

  sumUp() {
    const { points, columns } = this.map.rows;
    const { class_names: names } = this.map.rows.data;
    const known = columns || this.map.rows.data.columns === null; // else it is under way
    if (!known || !names.length) return this.summary.show(null);
    this.summary.show({
      tally: tally(this.rows, points.label, columns ? columns.predicted : null, names.length),
      whole: this.whole,
      names,
      paints: this.map.appearance.paints.classes,
      all: this.rows.length === points.n,
    });
  }

  recolour() {
    this.sumUp();
    this.listing.refresh();
  }

  /** Of the images listed, only those of a kind are selected from now on. @param {Kind} kind */
  narrow({ truth, predicted }) {
    const { points, columns } = this.map.rows;
    const { view } = this.map;
    const fits = (/** @type {number} */ row) =>
      (truth === undefined || points.label[row] === truth) && (predicted === undefined || columns?.predicted[row] === predicted);
    const rows = this.rows.filter(fits);
    if (this.map.selection.selected?.count === rows.length) return;
    this.trail.push(view.value.selection);
    this.narrowing = true;
    this.map.selection.select(rows, "replace");
    this.narrowing = false;
  }

  /** Lists the selected images on the page Labels. */
  async toLabels() {
    const { selected } = this.map.selection;
    if (!selected) return;
    const target = new URL(address("labels"));
    target.searchParams.set("run", this.map.rows.data.run);
    target.searchParams.set("rows", await packBits(bitsOf(selected.mask)));
    location.assign(target);
  }

  /** Goes back to what was narrowed down. */
  widen() {
    const selection = this.trail.pop() ?? null;
    this.narrowing = true;
    this.map.view.set({ selection });
    this.narrowing = false;
  }
}

/** @param {number} many @param {number} n @param {boolean} selected @returns {string} */
function titleOf(many, n, selected) {
  const share = `${thousands(many)} of ${counted(n, "image")}`;
  if (selected) return `${share} selected`;
  if (!many) return "No image matches the filters";
  if (many < n) return `${share} ${many === 1 ? "matches" : "match"} the filters`;
  return n === 1 ? counted(n, "image") : `All ${counted(n, "image")}`;
}
