/**
 * Two maps of the same images that move as one: owns the two, and what they share.
 *
 * @typedef {import("../data/source.js").Data} Data
 * @typedef {import("../map/capabilities.js").Surrounded} Surrounded
 * @typedef {{run: string, left: Data, right: Data, names: [string, string], seed: import("./coordination.js").Shown}} PairData
 *   what Python sends; run: of A; names: of A and B
 */

import { Coordination } from "./coordination.js";
import { EmbeddingMap } from "../map/embedding_map.js";
import { find, write } from "../dom/element.js";
import { LinkedCameras } from "./linked_cameras.js";
import { NAMES, OUTCOMES, outcomeGroups } from "./outcome_groups.js";
import { PairBar } from "./pair_bar.js";
import { PairMember } from "./pair_member.js";
import { PairNear } from "./pair_near.js";
import { SharedAtlas } from "./shared_atlas.js";

export class PairOfMaps {
  /** @param {HTMLElement} root @param {PairData} data */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    /** @type {import("../map/capabilities.js").Send} */
    this.send = () => {};
    this.end = new AbortController();
    this.signal = this.end.signal;
    this.turn = 0; // number of the latest update
    this.hinted = false; // whether it was said how the wheel zooms
    this.atlas = new SharedAtlas();
    /** @type {import("../data/attributes.js").Groups} */
    this.groups = { name: OUTCOMES, title: "Who is right", names: NAMES, values: null };
    /** What the groups were found for. @type {unknown[]} */
    this.judged = [];
    this.near = new PairNear(find(root, ".pair-near"), this);
    this.cameras = new LinkedCameras(this);
    const side = (/** @type {string} */ name, /** @type {Data} */ of) =>
      new EmbeddingMap(find(root, `.half-${name} .lb-map`), of, (map) => new PairMember(this, map, find(root, `.legend-${name}`)));
    this.maps = [side("a", data.left), side("b", data.right)];
    this.views = new Coordination(this);
    this.bar = new PairBar(root, this);
  }

  /** @param {Surrounded} map @returns {Surrounded} */
  otherThan(map) {
    return this.maps[map === this.maps[0] ? 1 : 0];
  }

  get samePlaces() {
    return this.data.left.points === this.data.right.points;
  }

  /** Whether both have the same features, and so the same neighbours. */
  get sameFeatures() {
    return this.data.left.neighbours?.url === this.data.right.neighbours?.url;
  }

  /** @param {PairData} data @param {import("../map/capabilities.js").Send} send @returns {number} number of this update */
  update(data, send) {
    const before = this.turn ? this.data : null;
    const sides = /** @type {const} */ (["left", "right"]);
    const fresh = sides.some((side) => data[side].points !== before?.[side].points);
    this.data = data;
    this.send = send;
    this.root.querySelectorAll(".half-name").forEach((name, i) => write(name, data.names[i]));
    write(find(this.root, ".pair-rule"), this.rule());
    if (fresh) this.groups = { ...this.groups, values: null };
    this.maps.forEach((map, i) => map.update(data[sides[i]], () => {}));
    this.near.use();
    this.bar.build();
    if (fresh) this.views.begin(before?.left.n === data.left.n);
    else for (const map of this.maps) this.views.follow(map);
    if (before && !fresh) this.views.hear(data.seed, before.seed);
    this.views.addressBar.soon();
    return ++this.turn;
  }

  /** @returns {string} how the two move */
  rule() {
    const rest = "Hover, click, lasso and legend act on both.";
    if (this.samePlaces) return `The two maps move as one. ${rest}`;
    return `A drag moves both maps; a zoom (Ctrl or ⌘ and the wheel) goes to the same image in both, wherever it lies on each. ${rest}`;
  }

  show() {
    const [{ view, tools, appearance }] = this.maps;
    const [, a, b] = appearance.paints.groups ?? [];
    this.root.style.setProperty("--only-a", a ?? "");
    this.root.style.setProperty("--only-b", b ?? "");
    this.root.dataset.tool = tools.tool;
    this.root.dataset.legends = ["predicted", "correct", "margin"].includes(view.value.colourBy) ? "two" : "one";
    this.bar.show();
    this.near.show();
  }

  /** Who is right is known once both have what their classifiers say. */
  judge() {
    const [left, right] = this.maps.map(({ rows }) => rows);
    const found = [left.points, left.columns, right.columns];
    if (left.points.n !== left.data.n || !left.columns || !right.columns || found.every((file, i) => file === this.judged[i])) return;
    this.judged = found;
    this.groups = { ...this.groups, values: outcomeGroups(left.points.label, left.columns.predicted, right.columns.predicted) };
    for (const map of this.maps) map.changed(new Set(["columns"]));
  }

  /** @param {number} row -1 for none */
  look(row) {
    this.maps[0].looking.look(row);
  }

  /** Pins a row, or takes the pin away. @param {number} row */
  pin(row) {
    const [{ view, navigation, looking }] = this.maps;
    if (!view.value.pinned.includes(row)) navigation.reveal(row);
    looking.pin(row);
  }

  close() {
    this.end.abort();
    for (const map of this.maps) map.close();
  }
}
