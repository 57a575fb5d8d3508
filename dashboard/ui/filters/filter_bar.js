/**
 * Filters of the map: a search, and a button that opens the others. They never hide a point: what does not pass is dimmed, and stays where it is.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "lighting" | "looking" | "attributes" | "signal">} Needs
 * @typedef {import("../state/view_store.js").View} View
 */

import { ClassChoice } from "./class_choice.js";
import { Disclosure } from "../dom/disclosure.js";
import { button, element, radios, write } from "../dom/element.js";
import { ClearButton, SearchField } from "./fields.js";
import { countOf, litRows } from "../state/lit_rows.js";
import { FurtherFilters } from "./further_filters.js";
import { RangeFilter } from "./range_filter.js";
import { DEFAULTS } from "../state/view_store.js";
import { counted, thousands } from "../data/numbers.js";

/** @type {[View["outcome"], string][]} */
const OUTCOMES = [
  ["all", "All"],
  ["correct", "Right"],
  ["wrong", "Wrong"],
];

/** @type {{title: string, kind: "number", paint: "margin"}} */
const MARGIN = { title: "Margin", kind: "number", paint: "margin" };

/** What "Clear" clears, and how to tell that it is set. @type {(keyof View)[]} */
const CLEARED = ["trueLabels", "predictedLabels", "outcome", "margin", "text", "where", "flips"];

export class FilterBar {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    this.found = -1; // the row that Enter went to last
    this.matches = 0;
    this.names = ""; // of the classes that the controls were made for
    this.search = new SearchField((text) => map.view.set({ text }));
    this.outcome = outcomes();
    this.margin = new RangeFilter(MARGIN, (margin) => map.view.set({ margin }), map.signal);
    this.further = new FurtherFilters(map);
    this.badge = element("span", { class: "badge" });
    this.count = element("p", { class: "filter-count", role: "status" });
    this.clear = new ClearButton(DEFAULTS, CLEARED, (patch) => {
      this.search.stop();
      map.view.set(patch);
      panel.focus({ preventScroll: true }); // the button is disabled now, and would keep the keys
    });
    this.body = element("div", { class: "filter-body" });
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", "Filters");
    const opener = button({ class: "tool-open" }, "Filter", this.badge);
    const panel = element("div", { class: "drop-body filter-panel" }, this.body, element("div", { class: "filter-foot" }, this.clear.element));
    const drop = element("div", { class: "drop filter-drop" }, opener, panel);
    host.replaceChildren(this.search.element, drop, this.count);
    new Disclosure(drop, opener, panel, map.signal);
    this.listen();
  }

  listen() {
    const { view } = this.map;
    this.search.input.addEventListener("keydown", (event) => event.key === "Enter" && this.next());
    for (const [outcome, input] of this.outcomes()) input.addEventListener("change", () => view.set({ outcome }));
  }

  /** @returns {[View["outcome"], HTMLInputElement][]} */
  outcomes() {
    const inputs = this.outcome.querySelectorAll("input");
    return OUTCOMES.map(([outcome], i) => [outcome, inputs[i]]);
  }

  /** Lays out the controls: they depend on the run's classes. */
  build() {
    const names = this.map.rows.data.class_names;
    const { view } = this.map;
    this.truth = new ClassChoice("True class", names, (trueLabels) => view.set({ trueLabels }));
    this.predicted = new ClassChoice("Predicted class", names, (predictedLabels) => view.set({ predictedLabels }));
    const said = [this.predicted.element, this.outcome, this.margin.element];
    this.truth.element.dataset.needs = "classes";
    for (const part of said) part.dataset.needs = "classifier";
    const choices = [this.truth.element, ...said];
    this.body.replaceChildren(...choices, this.further.element);
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { data, columns } = this.map.rows;
    if (changed.has("points") && this.names !== JSON.stringify(data.class_names)) {
      this.names = JSON.stringify(data.class_names);
      this.build();
    }
    if (changed.has("columns") && columns) this.margin.take({ values: columns.margin, range: columns.range, exact: null });
    if (["data", "table", "where", "points"].some((what) => changed.has(what))) this.further.update();
    if (changed.has("data")) this.search.offer(this.map.attributes.list.some(({ kind }) => kind === "text"));
    if (["text", "ids", "points", "table"].some((what) => changed.has(what))) this.match();
    this.show();
  }

  /** Writes the view into the controls. */
  show() {
    const view = this.map.view.value;
    this.truth?.show(view.trueLabels);
    this.predicted?.show(view.predictedLabels);
    for (const [outcome, input] of this.outcomes()) input.checked = outcome === view.outcome;
    if (view.margin !== this.margin.bounds) this.margin.show(view.margin);
    this.search.show(view.text);
    const active = this.clear.show(view);
    this.host.dataset.active = String(active);
    write(this.badge, active ? String(active) : "");
    write(this.count, this.words());
  }

  /** @returns {string} */
  words() {
    const { lighting, rows, view } = this.map;
    const { n } = rows.points;
    const said = `${thousands(lighting.count)} of ${counted(n, "image")}`;
    if (!view.value.text) return said;
    return `${said}, ${counted(this.matches, "match", "matches")} for “${view.value.text}”`;
  }

  /** Counts what the search finds, whatever the other filters leave of it. */
  match() {
    const { rows, view, attributes } = this.map;
    const { text } = view.value;
    if (text) attributes.all(attributes.list.filter(({ kind }) => kind === "text").map(({ name }) => name)); // it looks into them, too
    this.matches = text ? countOf(litRows({ ...DEFAULTS, text }, rows.points.n, attributes.list, rows.ids)) : 0;
  }

  /** Goes to the next image that is found, after the last one to the first. */
  next() {
    this.search.now();
    const { lit } = this.map.lighting;
    if (!this.map.view.value.text) return;
    const later = lit.indexOf(1, this.found + 1);
    this.found = later >= 0 ? later : lit.indexOf(1);
    if (this.found >= 0) this.map.looking.show(this.found);
  }
}

/** @returns {HTMLElement} */
function outcomes() {
  const attributes = { class: "filter outcome", role: "radiogroup", "aria-label": "Prediction" };
  const group = element("div", { class: "choices" }, ...radios("outcome", OUTCOMES));
  return element("div", attributes, element("span", { class: "filter-title" }, "Prediction"), group);
}
