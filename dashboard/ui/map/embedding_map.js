/**
 * A map of classified images: owns the files, the view and the parts, and is the only place that knows the order of
 * things. What a part may use of it is in `docs/map.md`.
 *
 * @typedef {import("../data/source.js").Data} Data
 * @typedef {(name: string, value: unknown) => void} Send
 * @typedef {import("../state/view_store.js").View} View
 */

import { Alone } from "./own_page.js";
import { Arrangement } from "./arrangement.js";
import { Atlas } from "../render/atlas.js";
import { boundingBox, Camera } from "../space/camera.js";
import { connect } from "../input/controls.js";
import { Drawing } from "./drawing.js";
import { ExtraColumn } from "./extra_column.js";
import { factsOf } from "../data/facts.js";
import { Frame, stateOf } from "./frame.js";
import { Lighting } from "./lighting.js";
import { remember } from "../session/opening.js";
import { EVERYTHING, Parts } from "./parts.js";
import { Penalty } from "./penalty.js";
import { relocate, relocates } from "./relocation.js";
import { Screen } from "../input/full_screen.js";
import { Selecting } from "./selected_rows.js";
import { Source } from "../data/source.js";
import { paintsOf, readTheme } from "../render/theme.js";
import { thousands } from "../data/numbers.js";
import { Travel } from "./navigation.js";
import { LOOKS, same, ViewStore } from "../state/view_store.js";

const SEEN = [...LOOKS, "points", "columns", "extra", "theme", "lit", "selected"]; // what the picture is made of

export class EmbeddingMap {
  /** @param {HTMLElement} root @param {import("./own_page.js").Surroundings} surroundings */
  constructor(root, surroundings = new Alone()) {
    this.root = root;
    this.surroundings = surroundings;
    this.end = new AbortController();
    this.frame = new Frame(root, () => this.resized());
    this.stage = this.frame.stage;
    this.theme = readTheme(root);
    this.view = new ViewStore((changed) => this.changed(changed));
    this.source = new Source((what, error) => this.arrived(what, error));
    this.atlas = new Atlas(null, () => this.thumbnailsArrived());
    this.camera = new Camera(boundingBox(new Uint16Array(), new Uint16Array()));
    this.arrangement = new Arrangement(this);
    this.drawing = new Drawing(this);
    this.extra = new ExtraColumn(this);
    this.lighting = new Lighting(this);
    this.selecting = new Selecting(this);
    this.travel = new Travel(this);
    this.screen = new Screen(surroundings.screen ?? root, this.end.signal, () => this.parts.update(new Set(["screen"])));
    this.addressBar = surroundings.addressBar(this);
    this.tool = /** @type {import("../input/gestures.js").Tool} */ ("point");
    this.penalty = new Penalty(this);
    this.hovered = -1;
    this.turn = 0;
    this.selectStart = 0; // when the latest gesture that selects was over
    this.forget();
    this.parts = new Parts(this, surroundings.parts);
    connect(this, this.end.signal);
  }

  /** Nothing is known of any points. */
  forget() {
    this.arrangement.forget();
    this.lighting.forget();
    this.selecting.forget();
    this.drawing.picture = null;
  }

  /** Positions in the layout in use. */
  get places() {
    return this.arrangement.current?.layout.places ?? null;
  }

  /** Finds points in the layout in use. */
  get grid() {
    return this.arrangement.current?.index ?? null;
  }

  get lit() {
    return this.lighting.lit;
  }

  get passing() {
    return this.lighting.passing;
  }

  get litCount() {
    return this.lighting.count;
  }

  get selected() {
    return this.selecting.selected;
  }

  /** What a view can speak of. @returns {import("../state/view_hash.js").Limits} */
  get limits() {
    return { n: this.data.n, classes: this.data.class_names.length, colours: this.extra.colours };
  }

  /**
   * @param {Data} data
   * @param {Send} send
   * @returns {number} number of this update
   */
  update(data, send) {
    const before = this.data;
    const look = [this.theme, before?.paints];
    this.data = data;
    this.send = send;
    this.theme = readTheme(this.root);
    this.cachedPaints = null;
    this.stage.setAttribute("aria-label", `${data.label}. Arrow keys walk, Enter pins, Escape clears.`);
    if (data.points === before?.points) this.session.hear(data);
    else if (relocates(this, before)) relocate(this, before);
    else this.restart(data);
    this.source.request(this.penalty.hear(data));
    const repainted = !same(look, [this.theme, data.paints]);
    this.changed(new Set(repainted ? ["data", "theme"] : ["data"]));
    this.addressBar.soon();
    return ++this.turn;
  }

  /** Another set of points: nothing of the old one remains. @param {Data} data */
  restart(data) {
    this.look(-1);
    this.source.forget();
    this.atlas.close();
    this.atlas = this.surroundings.atlas(data, () => this.thumbnailsArrived());
    this.forget();
    this.penalty.forget();
    this.frame.show("loading", `Loading ${thousands(data.n)} points…`);
    delete this.root.dataset.thumbnails;
    delete this.root.dataset.drawn;
    this.session?.stop();
    this.session = this.surroundings.session(this, data);
  }

  /** @param {import("../data/source.js").What} what @param {Error} [error] */
  arrived(what, error) {
    if (this.end.signal.aborted) return;
    if (error && what === "ids") return; // rows have numbers too
    if (error && what === "extra") this.extra.giveUp();
    if (error) {
      const state = this.drawing.picture ? "ready" : "failed";
      const name = what === "extra" ? this.data.extra?.title.toLowerCase() : what;
      this.frame.show(state, `The map's ${name} could not be loaded. ${error.message}`);
      return;
    }
    this.surroundings.arrived(this);
    if (what === "points") this.settle();
    else this.changed(new Set([what]));
  }

  /** The points have come: home is where all of them are in view. */
  settle() {
    this.arrangement.settle(this.source.points);
    this.drawing.fit();
    this.drawing.picture = null;
    this.changed(new Set());
  }

  /** Follows a change to everything that depends on it. @param {Set<string>} names grows by what changes with them */
  changed(names) {
    if (!this.places || !this.session?.open || this.lighting.waits(names)) return;
    const first = !this.drawing.picture;
    if (first) for (const name of EVERYTHING) names.add(name);
    if (this.lighting.follow(names)) names.add("lit");
    if (this.selecting.follow(names)) names.add("selected");
    const moves = !first || this.arrangement.journey !== null;
    const arrange = names.has("layout") ? this.arrangement.follow() : null;
    const travelled = (names.has("camera") || arrange) && this.travel.follow();
    const seen = SEEN.some((name) => names.has(name));
    if (seen) this.drawing.compose();
    if (arrange && moves) arrange();
    else if (seen || travelled) this.drawing.draw();
    else if (names.has("pinned")) this.drawing.drawMarks();
    this.frame.show(...stateOf(this.places.n, this.litCount));
    this.note();
    this.parts.update(names);
    this.session.seeds.choose(this.view.value);
    this.addressBar.soon();
    if (first) setTimeout(() => this.loadRest(), 0);
  }

  /** What tests and benchmarks read. */
  note() {
    const { colourBy, pinned } = this.view.value;
    const [lit, selected] = [this.litCount, this.selected?.count ?? 0];
    Object.assign(this.root.dataset, { colour: colourBy, pinned: pinned.join("."), lit, selected });
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
    this.drawing.thumbnailsArrived();
    this.parts.update(new Set(["thumbnails"]));
  }

  /** @returns {import("../render/scene.js").Paints} */
  paints() {
    return (this.cachedPaints ??= paintsOf(this.theme, this.data.paints));
  }

  /** @param {number} row @returns {import("../cards/hover_card.js").Facts} */
  facts(row) {
    return factsOf(row, this.source, this.data.class_names, this.paints().classes, this.data.extra?.high);
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
   * @param {import("../state/selection.js").Mode} mode
   */
  select(rows, mode = "replace") {
    this.selecting.select(rows, mode);
  }

  selectLit() {
    this.selecting.take(this.lit, "replace", null);
  }

  /** @param {import("../input/gestures.js").Tool} name what a drag does */
  useTool(name) {
    this.tool = name;
    this.selecting.mode = "replace";
    this.root.dataset.tool = name;
    this.parts.update(new Set(["tool"]));
  }

  toggleHelp() {
    /** @type {import("../tools/toolbar.js").Toolbar} */ (this.parts.live.get("toolbar")).toggleHelp();
  }

  /** Brings a row into view and looks at it. @param {number} row */
  show(row) {
    this.reveal(row);
    this.look(row);
  }

  /** @param {number} row */
  reveal(row) {
    this.travel.reveal(row);
  }

  resized() {
    this.drawing.fit();
    this.drawing.draw();
  }

  /** @param {string} words a line on the map, for some seconds */
  say(words) {
    this.frame.say(words);
  }

  /** This tab will open the run like this again. @param {string} hash */
  remember(hash) {
    remember(this.data.run, this.data.points, hash);
  }

  close() {
    this.end.abort();
    this.frame.close();
    this.parts.close();
    this.session?.stop();
    this.travel.stop();
    this.addressBar.stop();
    this.drawing.stop();
    this.atlas.close();
  }
}
