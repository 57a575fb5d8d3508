/**
 * A map of classified images: owns the files, the view and the parts, and is the only place that knows the order of
 * things. What a part may use of it is in `docs/map.md`.
 *
 * @typedef {import("./source.js").Data} Data
 * @typedef {(name: string, value: unknown) => void} Send
 * @typedef {import("./view_store.js").View} View
 */

import { Atlas } from "./atlas.js";
import { boundingBox, Camera } from "./camera.js";
import { connect } from "./controls.js";
import { Drawing } from "./drawing.js";
import { factsOf } from "./facts.js";
import { countOf, FIELDS, filtersPredictions, litRows } from "./filters.js";
import { Frame } from "./frame.js";
import { glide } from "./motion.js";
import { EVERYTHING, Parts } from "./parts.js";
import { Grid } from "./pick.js";
import { patchOf, Seeds, whole } from "./seeds.js";
import { bitsOf, combine, maskOf, selectedOf } from "./selection.js";
import { sheetsOf, Source } from "./source.js";
import { paintsOf, readTheme } from "./theme.js";
import { DEFAULTS, LOOKS, ViewStore } from "./view_store.js";

const count = new Intl.NumberFormat("en-US");
const SEEN = [...LOOKS, "points", "columns", "theme", "lit", "selected"]; // what the picture is made of

export class EmbeddingMap {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.end = new AbortController();
    this.frame = new Frame(root, () => this.resized());
    this.stage = this.frame.stage;
    this.theme = readTheme(root);
    this.view = new ViewStore((changed) => this.changed(changed));
    this.source = new Source((what, error) => this.arrived(what, error));
    this.atlas = new Atlas(null, () => this.thumbnailsArrived());
    this.camera = new Camera(boundingBox(new Uint16Array(), new Uint16Array()));
    this.drawing = new Drawing(this);
    this.hovered = -1;
    this.turn = 0;
    this.stopGlide = () => {};
    this.forget();
    this.parts = new Parts(this);
    connect(this, this.end.signal);
  }

  /** Nothing is known of any points. */
  forget() {
    this.places = null;
    this.grid = null;
    this.lit = this.passing = new Uint8Array();
    this.litCount = 0;
    /** @type {import("./selection.js").Selected | null} */
    this.selected = null;
    this.drawing.picture = null;
  }

  /**
   * @param {Data} data
   * @param {Send} send
   * @returns {number} number of this update
   */
  update(data, send) {
    const before = this.data;
    this.data = data;
    this.send = send;
    this.theme = readTheme(this.root);
    this.cachedPaints = null;
    this.stage.setAttribute("aria-label", `${data.label}. Arrow keys walk, Enter pins, Escape clears.`);
    if (data.points !== before?.points) this.restart(data);
    else this.hear(data);
    this.source.request(data);
    if (before) this.changed(new Set(["theme"]));
    return ++this.turn;
  }

  /** Another set of points: nothing of the old one remains. @param {Data} data */
  restart(data) {
    this.look(-1);
    this.atlas.close();
    this.atlas = new Atlas(sheetsOf(data), () => this.thumbnailsArrived());
    this.forget();
    this.frame.show("loading", `Loading ${count.format(data.n)} points…`);
    delete this.root.dataset.thumbnails;
    delete this.root.dataset.drawn;
    const seed = whole(data.seed);
    this.seeds?.stop();
    this.seeds = new Seeds(seed, (news) => this.send?.("view", news));
    this.view.set({ ...DEFAULTS, ...patchOf(seed) });
  }

  /** Python has something to say of the same points. @param {Data} data */
  hear(data) {
    const patch = this.seeds.hear(whole(data.seed));
    this.view.set(patch);
    if (patch.pinned?.length) this.reveal(patch.pinned[0]);
  }

  /** @param {"points" | "columns" | "ids"} what @param {Error} [error] */
  arrived(what, error) {
    if (this.end.signal.aborted) return;
    if (error && what === "ids") return; // rows have numbers too
    if (error) {
      const state = this.drawing.picture ? "ready" : "failed";
      this.frame.show(state, `The map's ${what} could not be loaded. ${error.message}`);
      return;
    }
    if (what === "points") this.settle();
    else this.changed(new Set([what]));
  }

  /** The points have come: home is where all of them are in view. */
  settle() {
    this.places = this.source.points;
    const { x, y } = this.places;
    this.grid = new Grid(x, y);
    this.camera = new Camera(boundingBox(x, y));
    this.drawing.fit();
    this.changed(new Set(EVERYTHING));
  }

  /** Follows a change to everything that depends on it. @param {Set<string>} names grows by what changes with them */
  changed(names) {
    if (!this.places || this.waits()) return;
    const first = !this.drawing.picture;
    if (first) for (const name of EVERYTHING) names.add(name);
    if (this.relights(names)) this.relight(names);
    if (names.has("selection") || names.has("points")) this.reselect(names);
    if (names.has("camera")) this.follow();
    if (SEEN.some((name) => names.has(name))) this.drawing.compose();
    this.drawing.draw();
    this.frame.show(...this.state());
    this.note();
    this.parts.update(names);
    this.seeds.choose(this.view.value);
    if (first) setTimeout(() => this.loadRest(), 0);
  }

  /** @returns {boolean} whether the view needs what the classifier says, and it is not there yet */
  waits() {
    const view = this.view.value;
    return !this.source.columns && (view.colourBy !== "true" || filtersPredictions(view));
  }

  /** @param {Set<string>} names @returns {boolean} whether other rows may be lit after such a change */
  relights(names) {
    const { text, isolated } = this.view.value;
    if (names.has("points") || FIELDS.some((name) => names.has(name))) return true;
    if (names.has("columns")) return isolated.length > 0 || filtersPredictions(this.view.value);
    return names.has("ids") && text !== "";
  }

  /** @param {Set<string>} names */
  relight(names) {
    const view = this.view.value;
    const { columns, ids } = this.source;
    this.lit = litRows(view, this.places, columns, ids);
    this.passing = view.isolated.length ? litRows({ ...view, isolated: [] }, this.places, columns, ids) : this.lit;
    this.litCount = countOf(this.lit);
    names.add("lit");
  }

  /** @param {Set<string>} names */
  reselect(names) {
    const { selection } = this.view.value;
    this.selected = selection?.kind === "rows" ? selectedOf(maskOf(selection.bits, this.places.n)) : null;
    names.add("selected");
  }

  /** @returns {["ready" | "empty", string]} the state, and what to say of it */
  state() {
    if (this.places.n === 0) return ["empty", "There are no points to show."];
    return ["ready", this.litCount ? "" : "No image matches the filters."];
  }

  /** What tests and benchmarks read. */
  note() {
    const { colourBy, pinned } = this.view.value;
    this.root.dataset.colour = colourBy;
    this.root.dataset.pinned = pinned.join(".");
    this.root.dataset.lit = String(this.litCount);
    this.root.dataset.selected = String(this.selected?.count ?? 0);
  }

  /** Fetches what nobody waits for: names, thumbnails, late parts. */
  loadRest() {
    if (this.end.signal.aborted) return;
    this.source.requestIds(this.data);
    this.atlas.prefetch();
    this.parts.startLate();
  }

  thumbnailsArrived() {
    const { failed, images } = this.atlas;
    this.root.dataset.thumbnails = images.size ? "ready" : failed.size ? "failed" : "loading";
    this.parts.update(new Set(["thumbnails"]));
  }

  /** @returns {import("./scene.js").Paints} */
  paints() {
    this.cachedPaints ??= paintsOf(this.theme, this.data.paints);
    return this.cachedPaints;
  }

  /** @param {number} row @returns {import("./card.js").Facts} */
  facts(row) {
    return factsOf(row, this.source, this.data.class_names, this.paints().classes);
  }

  /** Looks at a row, as if the pointer were there. @param {number} row -1 for none @param {boolean} touch */
  look(row, touch = false) {
    if (row === this.hovered) return;
    this.hovered = row;
    if (row < 0) delete this.root.dataset.hoverId;
    else this.root.dataset.hoverId = String(row);
    this.stage.dataset.hovering = String(row >= 0);
    this.parts?.looked(row, touch);
    this.drawing.drawMarks();
  }

  /** Pins a row, or takes the pin away. @param {number} row */
  pin(row) {
    const { pinned } = this.view.value;
    const others = pinned.filter((other) => other !== row);
    this.view.set({ pinned: others.length < pinned.length ? others : [...others, row].slice(-2) });
  }

  /**
   * @param {ArrayLike<number> | null} rows null clears; rows that are not lit are left out
   * @param {import("./selection.js").Mode} mode
   */
  select(rows, mode = "replace") {
    if (!rows) return this.view.set({ selection: null });
    const lit = Array.prototype.filter.call(rows, (row) => this.lit[row] === 1);
    const mask = combine(this.selected?.mask ?? null, lit, mode, this.places.n);
    this.view.set({ selection: selectedOf(mask) && { kind: "rows", bits: bitsOf(mask) } });
  }

  /** Brings a row into view and looks at it. @param {number} row */
  show(row) {
    this.reveal(row);
    this.look(row);
  }

  /** @param {number} row */
  reveal(row) {
    if (!this.places || row >= this.places.n) return;
    this.camera.reveal(this.places.x[row], this.places.y[row]);
    this.drawing.draw();
  }

  /** @param {() => void} move */
  moveCamera(move) {
    this.stopGlide();
    move();
    this.drawing.soon();
  }

  /** @param {{x?: number, y?: number, zoom: number}} goal */
  glideTo(goal) {
    this.stopGlide();
    this.look(-1);
    this.stopGlide = glide(this.camera, { x: this.camera.x, y: this.camera.y, ...goal }, () => this.drawing.draw());
  }

  /** Goes where the view says. */
  follow() {
    const { camera } = this.view.value;
    if (camera) Object.assign(this.camera, camera);
    else this.camera.home();
    this.camera.clamp();
  }

  resized() {
    this.drawing.fit();
    this.drawing.draw();
  }

  /** @param {string} words a line on the map */
  say(words) {
    this.frame.show("ready", words);
  }

  close() {
    this.end.abort();
    this.frame.close();
    this.parts.close();
    this.seeds?.stop();
    this.stopGlide();
    this.drawing.stop();
    this.atlas.close();
  }
}
