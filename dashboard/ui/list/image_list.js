/**
 * The images beside the map as a gallery or as a table, in the order that the viewer wants.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "looking" | "atlas" | "appearance" | "attributes" | "signal">} Needs
 * @typedef {import("./table_list.js").Sort} Sort
 * @typedef {"gallery" | "table"} Shape
 */

import { NO_MARGIN } from "../data/columns.js";
import { button, element } from "../dom/element.js";
import { ColumnChoice } from "./column_choice.js";
import { GalleryList } from "./gallery_list.js";
import { sortByKey } from "./order.js";
import { RowList } from "./row_list.js";
import { keyOf, keyOfNames } from "./sorting.js";
import { same } from "../state/view_store.js";
import { columnsOf, MARGIN, TableList } from "./table_list.js";

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
    /** @type {RowList | null} */
    this.list = null;
    /** @type {typeof ORDERS} those that there are here */
    this.offered = [];
    this.choosing = new ColumnChoice(map);
    /** @type {import("./table_list.js").Column[]} columns that the table was made for */
    this.listed = [];
    this.table = this.tableOf(this.listed);
    this.gallery = new GalleryList(map);
    this.order = element("select", { class: "order", "aria-label": "Order of the gallery" });
    this.order.addEventListener("change", () => this.choose("order", this.offered[Number(this.order.value)].sort));
    this.choices = [choiceOf(map, "gallery", "Gallery"), choiceOf(map, "table", "Table")];
    const shapes = element("div", { class: "shapes", role: "group", "aria-label": "Shown as" }, ...this.choices);
    host.append(element("div", { class: "panel-bar" }, shapes, this.choosing.element, this.order));
    this.show(this.rows);
  }

  /** @returns {Shape} */
  get shape() {
    return this.map.view.value.listing;
  }

  /** @returns {Sort} what the images are put in order by: what the viewer has chosen, or else the first that there is */
  get sort() {
    const { order, ranking } = this.map.view.value;
    const [first] = this.offered;
    if (this.shape === "table") return ranking ?? first.sort;
    return this.offered.find(({ sort }) => same(sort, order))?.sort ?? first.sort;
  }

  /** Offers the orders that there are. */
  offer() {
    const { columns, class_names: names } = this.map.rows.data;
    const here = { classifier: columns !== null, classes: names.length > 0 };
    const further = this.map.attributes.list.filter((one) => one.further);
    const byColumn = further.map(({ name, title }) => ({ words: `By ${title}`, sort: { by: name, down: false } }));
    const offered = [...ORDERS.filter(({ needs }) => !needs || here[needs]), ...byColumn];
    if (!same(offered, this.offered)) {
      this.offered = offered;
      this.order.replaceChildren(...offered.map(({ words }, i) => element("option", { value: i }, words)));
    }
    if (this.shape === "gallery") this.order.value = String(offered.findIndex(({ sort }) => sort === this.sort));
  }

  /** @param {import("./table_list.js").Column[]} columns @returns {TableList} */
  tableOf(columns) {
    this.map.attributes.all(columns.map(({ by }) => by)); // those of a table are fetched
    this.host.style.setProperty("--columns", columns.map(({ width }) => width).join(" "));
    this.host.style.setProperty("--columns-width", `${columns.reduce((sum, { width }) => sum + parseFloat(width.replace("minmax(", "")), 0)}rem`);
    return new TableList(this.map, (by) => this.sortTable(by), columns);
  }

  /** Other columns are to be shown, or one has come. */
  recolumn() {
    const { view, rows, attributes } = this.map;
    const { by } = this.sort;
    const columns = columnsOf(rows.data, attributes.list);
    const listed = columns.filter((column) => column.by === MARGIN || view.value.listed.includes(column.by));
    this.choosing.offer(columns);
    if (!same(listed, this.listed)) {
      this.listed = listed;
      this.table = this.tableOf(listed);
      if (this.shape === "table") {
        this.turn();
        return this.show(this.rows);
      }
    }
    if (this.map.attributes.find(by)?.further) this.show(this.rows);
    else this.list?.refresh();
  }

  /** Shows no image yet, in the shape that the viewer has chosen. */
  turn() {
    const { host, shape } = this;
    host.dataset.shape = shape;
    this.order.hidden = shape === "table";
    this.choosing.element.hidden = shape === "gallery";
    for (const choice of this.choices) choice.setAttribute("aria-pressed", String(choice.dataset.shape === shape));
    this.list?.close();
    this.list = new RowList(host, this.map, this[shape]);
  }

  /** @param {Uint32Array} rows ascending */
  show(rows) {
    if (this.host.dataset.shape !== this.shape) this.turn();
    this.offer();
    this.rows = rows;
    if (this.shape === "table") this.table.mark(this.sort);
    this.list?.show(this.sorted(rows, this.sort));
  }

  /** @param {"order" | "ranking"} field @param {Sort} sort */
  choose(field, sort) {
    this.map.view.set({ [field]: same(sort, this.offered[0].sort) ? null : sort });
  }

  /** @param {string} by once more: the other way round */
  sortTable(by) {
    this.choose("ranking", { by, down: this.sort.by === by && !this.sort.down });
  }

  /** @param {Uint32Array} rows @param {Sort} sort @returns {Uint32Array} */
  sorted(rows, { by, down }) {
    const { columns, ids } = this.map.rows;
    const classes = this.map.rows.data.class_names.length;
    const [attribute] = this.map.attributes.all([by]);
    const found = attribute ? keyOf(attribute) : by === "id" && ids ? keyOfNames(ids) : null;
    if (found) return sortByKey(rows, found.key, found.limit, down);
    if (columns && by === "runnerUp") return sortByKey(rows, columns.runnerUp, classes, down);
    if (columns?.runnerUpMargin && by === "ahead") return sortByKey(rows, columns.runnerUpMargin, NO_MARGIN, down);
    return by === "id" && down ? rows.slice().reverse() : rows; // nothing is known but their numbers
  }

  /** Names have come: an order by name is another one now. */
  named() {
    if (this.sort.by === "id") this.show(this.rows);
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

/** @param {import("../map/capabilities.js").Uses<"view">} map @param {Shape} shape @param {string} words @returns {HTMLElement} */
function choiceOf({ view }, shape, words) {
  const choice = button({ "data-shape": shape }, words);
  choice.addEventListener("click", () => view.set({ listing: shape }));
  return choice;
}
