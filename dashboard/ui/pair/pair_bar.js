/**
 * Above two maps: what colours both, which class is lit in both, what is searched, and how many images that leaves.
 *
 * @typedef {import("./pair_of_maps.js").PairOfMaps} PairOfMaps
 */

import { ClassChoice } from "../filters/class_choice.js";
import { element, find, write } from "../dom/element.js";
import { ClearButton, SearchField } from "../filters/fields.js";
import { PAIR_DEFAULTS } from "./pair_hash.js";
import { counted, thousands } from "../data/numbers.js";
import { ColourMenu } from "../tools/colour_menu.js";
import { Toolbar } from "../tools/toolbar.js";

const CLEARED = /** @type {const} */ (["trueLabels", "text", "where", "selection"]);

export class PairBar {
  /** @param {HTMLElement} root @param {PairOfMaps} pair */
  constructor(root, pair) {
    this.pair = pair;
    this.built = "";
    this.toolbar = new Toolbar(find(root, ".toolbar"), pair.maps[0], find(root, ".toolbar"));
    this.colours = new ColourMenu(find(root, ".colours"), pair.maps[0]);
    this.filters = find(root, ".filters");
    this.search = new SearchField((text) => this.set({ text }));
    this.count = element("p", { class: "pair-count", role: "status" });
    this.clear = new ClearButton(PAIR_DEFAULTS, CLEARED, (patch) => this.set(patch));
  }

  /** What is set on one map is set on both. @param {Partial<import("../state/view_store.js").View>} patch */
  set(patch) {
    this.pair.maps[0].view.set(patch);
  }

  /** Lays out what depends on the runs. */
  build() {
    const { class_names: names } = this.pair.maps[0].rows.data;
    const wanted = JSON.stringify(names);
    if (wanted === this.built) return;
    this.built = wanted;
    this.truth = new ClassChoice("True class", names, (trueLabels) => this.set({ trueLabels }));
    const foot = element("div", { class: "filter-foot" }, this.count, this.clear.element);
    this.filters.replaceChildren(this.search.element, this.truth.element, foot);
  }

  /** Writes the view into the controls. */
  show() {
    const [map] = this.pair.maps;
    const view = map.view.value;
    const changed = new Set(["data", "colourBy", "layout"]);
    this.toolbar.update(changed);
    this.colours.update(changed);
    this.truth?.show(view.trueLabels);
    this.search.show(view.text);
    this.clear.show(view);
    write(this.count, this.words());
  }

  /** @returns {string} */
  words() {
    const { maps } = this.pair;
    const [a, b] = maps.map((map) => map.lighting.count);
    const { n } = maps[0].rows.data;
    const lit = a === b ? thousands(a) : `A: ${thousands(a)}, B: ${thousands(b)}`;
    const selected = maps[0].selection.selected?.count;
    return `${lit} of ${counted(n, "image")}${selected ? `, ${thousands(selected)} selected` : ""}`;
  }
}
