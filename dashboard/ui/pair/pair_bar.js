/**
 * Above two maps: what colours both, which class is lit in both, what is searched, and how many images that leaves.
 *
 * @typedef {import("./pair_of_maps.js").PairOfMaps} PairOfMaps
 */

import { ClassChoice } from "../filters/class_choice.js";
import { button, element, write } from "../dom/element.js";
import { PAIR_DEFAULTS } from "./pair_hash.js";
import { thousands } from "../data/numbers.js";
import { OUTCOMES } from "./outcome_groups.js";

const PAUSE = 120; // milliseconds after the last key of a search
const COLOURS = [
  [OUTCOMES, "Who is right"],
  ["true", "True class"],
  ["predicted", "Predicted class"],
  ["correct", "Correct or wrong"],
  ["margin", "Margin"],
];
const CLEARED = /** @type {const} */ (["trueLabel", "text", "isolated", "selection"]);

export class PairBar {
  /** @param {HTMLElement} root @param {PairOfMaps} pair */
  constructor(root, pair) {
    this.root = root;
    this.pair = pair;
    this.timer = 0;
    this.built = "";
    this.modes = /** @type {HTMLElement} */ (root.querySelector(".modes"));
    this.layouts = /** @type {HTMLElement} */ (root.querySelector(".layouts"));
    this.filters = /** @type {HTMLElement} */ (root.querySelector(".filters"));
    this.search = /** @type {HTMLInputElement} */ (element("input", { type: "search", placeholder: "Id or file name", spellcheck: "false" }));
    this.count = element("p", { class: "pair-count", role: "status" });
    this.clear = button({ class: "filter-clear" }, "Clear");
    this.listen();
  }

  /** What is set on one map is set on both. @param {Partial<import("../state/view_store.js").View>} patch */
  set(patch) {
    this.pair.maps[0].view.set(patch);
  }

  listen() {
    const valueOf = (/** @type {Event} */ { target }) => /** @type {any} */ (target).value;
    this.modes.addEventListener("change", (event) => this.set({ colourBy: valueOf(event) }));
    this.layouts.addEventListener("change", (event) => this.set({ layout: valueOf(event) }));
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.searchNow(), PAUSE);
    });
    this.clear.addEventListener("click", () => this.set(Object.fromEntries(CLEARED.map((name) => [name, PAIR_DEFAULTS[name]]))));
    for (const name of /** @type {const} */ (["images", "full"])) {
      this.root.querySelector(`.toolbar [data-do="${name}"]`)?.addEventListener("click", () => this.press(name));
    }
  }

  /** @param {"images" | "full"} name of a button */
  press(name) {
    const [map] = this.pair.maps;
    if (name === "full") map.screen.toggle();
    else this.set({ images: !map.view.value.images });
  }

  searchNow() {
    this.timer = 0;
    this.set({ text: this.search.value });
  }

  /** Lays out what depends on the runs. */
  build() {
    const { class_names: names, extra } = this.pair.maps[0].rows.data;
    const wanted = JSON.stringify([names, extra?.name]);
    if (wanted === this.built) return;
    this.built = wanted;
    const modes = extra ? [...COLOURS, [extra.name, extra.title]] : COLOURS;
    this.modes.replaceChildren(...modes.map(([value, words]) =>
      element("label", {}, element("input", { type: "radio", name: "pair-colour", value }), element("span", {}, words)),
    ));
    this.truth = new ClassChoice("True class", names, (trueLabel) => this.set({ trueLabel }));
    const search = element("label", { class: "filter" }, element("span", { class: "filter-title" }, "Search"), this.search);
    this.filters.replaceChildren(search, this.truth.element, element("div", { class: "filter-foot" }, this.count, this.clear));
  }

  /** Writes the view into the controls. */
  show() {
    const [map] = this.pair.maps;
    const view = map.view.value;
    for (const input of this.modes.querySelectorAll("input")) input.checked = input.value === view.colourBy;
    for (const input of this.layouts.querySelectorAll("input")) input.checked = input.value === view.layout;
    this.truth?.show(view.trueLabel);
    if (!this.timer && this.search.value !== view.text) this.search.value = view.text;
    const set = CLEARED.some((name) => JSON.stringify(view[name]) !== JSON.stringify(PAIR_DEFAULTS[name]));
    this.clear.disabled = !set;
    this.root.querySelector('.toolbar [data-do="images"]')?.setAttribute("aria-pressed", String(view.images));
    write(this.count, this.words());
  }

  /** @returns {string} */
  words() {
    const { maps } = this.pair;
    const [ours, theirs] = maps.map((map) => map.lighting.count);
    const { n } = maps[0].rows.data;
    const images = n === 1 ? "image" : "images";
    const lit = ours === theirs ? thousands(ours) : `A: ${thousands(ours)}, B: ${thousands(theirs)}`;
    const selected = maps[0].selection.selected?.count;
    return `${lit} of ${thousands(n)} ${images}${selected ? `, ${thousands(selected)} selected` : ""}`;
  }

  close() {
    clearTimeout(this.timer);
  }
}
