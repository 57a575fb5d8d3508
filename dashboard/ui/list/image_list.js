/**
 * The images beside the map as a gallery or as a table, in the order that the viewer wants.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "looking" | "atlas" | "appearance">} Needs
 * @typedef {import("./table_list.js").Sort} Sort
 * @typedef {"gallery" | "table"} Shape
 */

import { NO_MARGIN } from "../data/columns.js";
import { button, element } from "../dom/element.js";
import { GalleryList } from "./gallery_list.js";
import { rankNames, sortByKey } from "./order.js";
import { RowList } from "./row_list.js";
import { TableList } from "./table_list.js";

/** @type {{words: string, sort: Sort, needs?: "classes" | "classifier"}[]} the gallery's */
const ORDERS = [
  { words: "Worst margin first", sort: { by: "margin", down: false }, needs: "classifier" },
  { words: "Best margin first", sort: { by: "margin", down: true }, needs: "classifier" },
  { words: "Closest call first", sort: { by: "ahead", down: false }, needs: "classifier" },
  { words: "By true class", sort: { by: "true", down: false }, needs: "classes" },
  { words: "By name", sort: { by: "id", down: false } },
];

export class Listing {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    /** @type {Uint32Array} ascending */
    this.rows = new Uint32Array();
    /** @type {Shape} */
    this.shape = "gallery";
    /** @type {RowList | null} */
    this.list = null;
    /** @type {{ids: string[], places: Uint32Array} | null} */
    this.ranked = null;
    this.sorts = { gallery: ORDERS[0].sort, table: ORDERS[0].sort };
    /** @type {typeof ORDERS} those that there are here */
    this.offered = [];
    this.table = new TableList(map, (by) => this.sortTable(by));
    this.gallery = new GalleryList(map);
    this.order = element("select", { class: "order", "aria-label": "Order of the gallery" });
    this.order.addEventListener("change", () => this.sort(this.offered[Number(this.order.value)].sort));
    this.choices = [this.choice("gallery", "Gallery"), this.choice("table", "Table")];
    const shapes = element("div", { class: "shapes", role: "group", "aria-label": "Shown as" }, ...this.choices);
    host.append(element("div", { class: "panel-bar" }, shapes, this.order));
    this.turn("gallery");
  }

  /** Offers the orders that there are, and takes the first where the one in use is none of them. */
  offer() {
    const { columns, class_names: names } = this.map.rows.data;
    const here = { classifier: columns !== null, classes: names.length > 0 };
    const offered = ORDERS.filter(({ needs }) => !needs || here[needs]);
    if (offered.length === this.offered.length) return;
    const fresh = this.offered.every(({ sort }, i) => i > 0 || sort === this.sorts.gallery); // nobody has chosen another
    this.offered = offered;
    this.order.replaceChildren(...offered.map(({ words }, i) => element("option", { value: i }, words)));
    if (fresh || !offered.some(({ sort }) => sort === this.sorts.gallery)) this.sorts = { gallery: offered[0].sort, table: offered[0].sort };
    this.order.value = String(offered.findIndex(({ sort }) => sort === this.sorts.gallery));
  }

  /** @param {Shape} shape @param {string} words @returns {HTMLElement} */
  choice(shape, words) {
    const choice = button({ "data-shape": shape }, words);
    choice.addEventListener("click", () => shape !== this.shape && this.turn(shape));
    return choice;
  }

  /** @param {Shape} shape */
  turn(shape) {
    this.shape = shape;
    this.host.dataset.shape = shape;
    this.order.hidden = shape === "table";
    for (const choice of this.choices) choice.setAttribute("aria-pressed", String(choice.dataset.shape === shape));
    this.list?.close();
    this.list = new RowList(this.host, this.map, this[shape]);
    this.show(this.rows);
  }

  /** @param {Uint32Array} rows ascending */
  show(rows) {
    this.offer();
    this.rows = rows;
    this.table.mark(this.sorts.table);
    this.list?.show(this.sorted(rows, this.sorts[this.shape]));
  }

  /** @param {Sort} sort */
  sort(sort) {
    this.sorts[this.shape] = sort;
    this.show(this.rows);
  }

  /** @param {string} by once more: the other way round */
  sortTable(by) {
    const before = this.sorts.table;
    this.sort({ by, down: before.by === by && !before.down });
  }

  /** @param {Uint32Array} rows @param {Sort} sort @returns {Uint32Array} */
  sorted(rows, { by, down }) {
    const { points, columns, ids } = this.map.rows;
    const classes = this.map.rows.data.class_names.length;
    if (by === "id" && ids) return sortByKey(rows, this.ranks(ids), ids.length, down);
    if (by === "true") return sortByKey(rows, points.label, classes, down);
    if (by === "id" || !columns) return down ? rows.slice().reverse() : rows; // nothing is known but their numbers
    if (by === "predicted") return sortByKey(rows, columns.predicted, classes, down);
    if (by === "runnerUp") return sortByKey(rows, columns.runnerUp, classes, down);
    const key = by === "margin" ? columns.margin : columns.runnerUpMargin;
    return key ? sortByKey(rows, key, NO_MARGIN, down) : rows;
  }

  /** @param {string[]} ids @returns {Uint32Array} places of the names, which are found once */
  ranks(ids) {
    if (this.ranked?.ids !== ids) this.ranked = { ids, places: rankNames(ids) };
    return this.ranked.places;
  }

  /** Names have come: an order by name is another one now. */
  named() {
    if (this.sorts[this.shape].by === "id") this.show(this.rows);
    else this.list?.refresh();
  }

  /** Colours or pins have changed. */
  refresh() {
    this.list?.refresh();
  }

  /** Thumbnails have come. */
  repaint() {
    this.list?.repaint();
  }
}
