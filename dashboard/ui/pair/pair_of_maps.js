/**
 * Two maps of the same images that move as one: owns the two, what they share, and the address that says it.
 *
 * @typedef {import("../data/source.js").Data} Data
 * @typedef {import("../state/view_store.js").View} View
 * @typedef {{group: number | null, true: number | null}} Asked what the page beside the maps shows: one of NAMES, a label
 * @typedef {{run: string, left: Data, right: Data, names: [string, string], seed: Asked}} PairData what Python sends;
 *   run: of A; names: of A and B
 */

import { EmbeddingMap } from "../map/embedding_map.js";
import { write } from "../dom/element.js";
import { recall, remember } from "../session/opening.js";
import { PairAddressBar } from "./pair_address_bar.js";
import { PairBar } from "./pair_bar.js";
import { readPair, shared, writePair } from "./pair_hash.js";
import { PairMember } from "./pair_member.js";
import { PairNear } from "./pair_near.js";
import { bitsOf } from "../state/selection.js";
import { SharedAtlas } from "./shared_atlas.js";
import { copy, fixedPoint, follow } from "./linked_cameras.js";
import { NAMES, WHO, whoIsRight } from "./outcome_groups.js";

const EVERYWHERE = 131072; // positions

export class PairOfMaps {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.end = new AbortController();
    this.turn = 0;
    this.beginning = 0;
    this.atlas = new SharedAtlas();
    /** @type {import("../map/own_page.js").Groups} */
    this.groups = { name: WHO, names: NAMES, values: null };
    /** What the groups were found for. @type {unknown[]} */
    this.judged = [];
    /** Selections that came from the other map. @type {Map<EmbeddingMap, View["selection"]>} */
    this.passed = new Map();
    /** The selection that was passed on. @type {Map<EmbeddingMap, View["selection"]>} */
    this.own = new Map();
    this.addressBar = new PairAddressBar(this);
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.near = new PairNear(find(".pair-near"), this);
    this.maps = ["a", "b"].map((side) => new EmbeddingMap(find(`.half-${side} .lb-map`), new PairMember(this, find(`.legend-${side}`))));
    this.bar = new PairBar(root, this);
  }

  /** @param {EmbeddingMap} map @returns {EmbeddingMap} */
  otherThan(map) {
    return this.maps[map === this.maps[0] ? 1 : 0];
  }

  /** Whether both maps have the same positions. */
  get alike() {
    return this.data.left.points === this.data.right.points;
  }

  /** Whether both have the same features, and so the same neighbours. */
  get sameFeatures() {
    return this.data.left.neighbours?.url === this.data.right.neighbours?.url;
  }

  /** What the tab remembers these two by. */
  get name() {
    return `compare.${this.data.left.run}.${this.data.right.run}`;
  }

  /** @returns {import("../state/view_hash.js").Limits} */
  get limits() {
    const { n, class_names, extra } = this.data.left;
    const colours = [WHO, "true", "predicted", "correct", "margin", ...(extra ? [extra.name] : [])];
    return { n, classes: class_names.length, colours, groups: NAMES.length };
  }

  /** @param {PairData} data @param {import("../map/embedding_map.js").Send} send @returns {number} number of this update */
  update(data, send) {
    const before = this.data;
    const sides = /** @type {const} */ (["left", "right"]);
    const fresh = sides.some((side) => data[side].points !== before?.[side].points);
    this.data = data;
    this.send = send;
    data.names.forEach((name, i) => write(/** @type {Element} */ (this.root.querySelectorAll(".half-name")[i]), name));
    write(/** @type {Element} */ (this.root.querySelector(".pair-rule")), this.rule());
    if (fresh) this.groups = { ...this.groups, values: null };
    this.maps.forEach((map, i) => map.update(data[sides[i]], () => {}));
    this.near.use();
    this.bar.build();
    if (fresh) this.begin(before?.left.n === data.left.n);
    else this.maps.forEach((map) => this.follow(map));
    if (!fresh) this.maps[0].view.set(asked(data.seed, before.seed));
    this.addressBar.soon();
    return ++this.turn;
  }

  /** @returns {string} how the two move */
  rule() {
    const rest = "Hover, click, lasso and legend act on both.";
    if (this.alike) return `The two maps move as one. ${rest}`;
    return `A drag moves both maps; a zoom goes to the same image in both, wherever each has it. ${rest}`;
  }

  /**
   * Finds the view to begin with: what the link says; else what the tab remembers. Other runs keep the looks.
   *
   * @param {boolean} again whether other maps of as many images were there before
   */
  async begin(again) {
    const turn = ++this.beginning;
    const kept = again ? await writePair(...this.keptViews()) : recall(this.name, "");
    const linked = this.turn ? "" : this.addressBar.hash;
    const { left, right, refused } = await readPair(linked || kept, this.limits);
    if (this.end.signal.aborted || turn !== this.beginning) return;
    const wish = linked ? {} : asked(this.data.seed);
    this.open({ ...left, ...wish }, { ...right, ...wish });
    if (linked) this.complain(refused);
  }

  /** @returns {[View, View]} with what does not depend on where things are */
  keptViews() {
    const [view, other] = this.maps.map((map) => ({ ...map.view.value, camera: null, selection: null }));
    return [view, other];
  }

  /** @param {View} left @param {View} right */
  open(left, right) {
    const [a, b] = this.maps;
    this.own = new Map();
    this.passed = new Map([[right.selection ? a : b, null]]);
    a.view.set(left);
    b.view.set(right);
    for (const map of this.maps) {
      map.session.open = true;
      map.changed(new Set());
    }
  }

  /** @param {string[]} refused parameters of a link */
  complain(refused) {
    if (refused.length) this.say(`The link says “${refused.join("”, “")}” in a way that means nothing here: left out.`);
  }

  /** The view of one map has changed. @param {EmbeddingMap} map */
  follow(map) {
    const { value } = map.view;
    if (!map.session?.open || !map.places) return;
    if (value.pinned.length > 1) return map.view.set({ pinned: value.pinned.slice(-1) });
    const other = this.otherThan(map);
    const pins = value.pinned.some((row) => !other.view.value.pinned.includes(row));
    other.view.set(shared(value));
    this.passSelection(map, other);
    if (pins && other.places) this.bringIntoView(other, value.pinned[0]);
    this.show();
  }

  /**
   * A shape stays where it was drawn; the other map gets the images that it holds.
   *
   * @param {EmbeddingMap} map @param {EmbeddingMap} other
   */
  passSelection(map, other) {
    const { selection } = map.view.value;
    if (this.passed.get(map) === selection || this.own.get(map) === selection) return;
    const { selected, selecting } = map;
    if (selecting.made !== selection) return; // the layout that it was drawn in is not there yet
    const given = selection && selected ? { kind: /** @type {const} */ ("rows"), bits: bitsOf(selected.mask) } : null;
    this.own = new Map([[map, selection]]);
    this.passed = new Map([[other, given]]);
    other.view.set({ selection: given });
  }

  /** Without the first map, which has it in view. @param {EmbeddingMap} map @param {number} row */
  bringIntoView(map, row) {
    const { camera, places, travel, drawing } = map;
    camera.reveal(places.x[row], places.y[row]);
    travel.rest();
    drawing.soon();
  }

  /** @returns {Promise<string | null>} what a link says: a selection once, where it was made; null: it has changed meanwhile */
  async written() {
    const values = this.maps.map((map) => map.view.value);
    const own = this.maps.map((map, i) => (this.passed.get(map) === values[i].selection ? { ...values[i], selection: null } : values[i]));
    const text = await writePair(own[0], own[1]);
    return this.maps.every((map, i) => map.session?.open && map.view.value === values[i]) ? text : null;
  }

  show() {
    const { dataset } = this.root;
    const [{ view, tool }] = this.maps;
    const { colourBy } = view.value;
    const [, ours, theirs] = this.maps[0].paints().groups ?? [];
    this.root.style.setProperty("--ours", ours ?? "");
    this.root.style.setProperty("--theirs", theirs ?? "");
    dataset.colour = colourBy;
    dataset.tool = tool;
    dataset.legends = ["predicted", "correct", "margin"].includes(colourBy) ? "two" : "one";
    this.bar.show();
    this.near.show();
  }

  /** A file has: who is right is known once both have what their classifiers say. */
  arrived() {
    const { points } = this.maps[0].source;
    const said = this.maps.map((map) => map.source.columns);
    const found = [points, ...said];
    if (found.some((file) => !file) || found.every((file, i) => file === this.judged[i])) return;
    this.judged = found;
    this.groups = { ...this.groups, values: whoIsRight(points.label, said[0].predicted, said[1].predicted) };
    for (const map of this.maps) map.changed(new Set(["columns"]));
  }

  /** The viewer has moved one camera: the other follows. @param {EmbeddingMap} map */
  travelled(map) {
    const other = this.otherThan(map);
    if (!map.places || !other.places) return;
    const { place } = /** @type {import("./coordination.js").Link} */ (map.parts.live.get("link"));
    if (this.alike) copy(map.camera, other.camera);
    else follow(place, map.camera, other.camera, this.positionOf(this.anchor(map, place), other));
    const { x, y, zoom } = map.camera;
    Object.assign(place, { x, y, zoom });
    other.travel.stopGlide();
    other.travel.rest();
    other.drawing.soon();
  }

  /** @param {number} row @param {EmbeddingMap} map @returns {[number, number]} */
  positionOf(row, { places }) {
    return [places.x[row], places.y[row]];
  }

  /**
   * @param {EmbeddingMap} map @param {import("./linked_cameras.js").Place} before
   * @returns {number} the image that a zoom goes to: looked at, or pinned and in view, or nearest to what stays in its place
   */
  anchor(map, before) {
    const { hovered, camera, grid, lit, litCount } = map;
    if (hovered >= 0) return hovered;
    const [pinned] = map.view.value.pinned;
    if (pinned !== undefined && this.sees(map, pinned)) return pinned;
    const [x, y] = camera.zoom === before.zoom ? [camera.x, camera.y] : fixedPoint(before, camera);
    return grid.nearest(x, y, EVERYWHERE, (/** @type {number} */ row) => !litCount || lit[row] === 1);
  }

  /** @param {EmbeddingMap} map @param {number} row @returns {boolean} */
  sees(map, row) {
    const [left, top] = map.camera.toScreen(...this.positionOf(row, map));
    return left >= 0 && top >= 0 && left <= map.camera.width && top <= map.camera.height;
  }

  /** @param {number} row -1 for none */
  look(row) {
    this.maps[0].look(row);
  }

  /** Pins a row, or takes the pin away. @param {number} row */
  pin(row) {
    const [map] = this.maps;
    if (!map.view.value.pinned.includes(row)) map.reveal(row);
    map.pin(row);
  }

  /** @param {string} words over the first map, for some seconds */
  say(words) {
    this.maps[0].say(words);
  }

  /** This tab will open the two runs like this again. @param {string} hash */
  remember(hash) {
    remember(this.name, "", hash);
  }

  close() {
    this.end.abort();
    this.addressBar.stop();
    this.bar.close();
    this.near.close();
    for (const map of this.maps) map.close();
  }
}

/**
 * @param {Asked} now @param {Asked} before
 * @returns {Partial<View>} what the page has begun to ask for
 */
function asked(now, before = { group: null, true: null }) {
  const group = now.group === null ? { isolated: [] } : { colourBy: WHO, isolated: [now.group] };
  return { ...(now.group !== before.group && group), ...(now.true !== before.true && { trueLabel: now.true }) };
}
