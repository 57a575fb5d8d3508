/**
 * A map of classified images: owns the files, the view and the parts, and is the only place that knows the order of
 * things. What a part may use of it is in `map/capabilities.d.ts`.
 *
 * @typedef {import("../data/source.js").Data} Data
 * @typedef {import("./capabilities.js").Send} Send
 * @typedef {import("./capabilities.js").Surrounded} Surrounded
 * @typedef {import("./capabilities.js").Surroundings} Surroundings
 */

import { Appearance } from "./appearance.js";
import { Arrangement } from "./arrangement.js";
import { Attributes } from "../rows/attributes.js";
import { Atlas } from "../render/atlas.js";
import { boundingBox, Camera } from "../space/camera.js";
import { connect } from "../input/controls.js";
import { Drawing } from "./drawing.js";
import { Frame, stateOf } from "./frame.js";
import { FlipRows } from "../rows/flip_rows.js";
import { FullScreen } from "../input/full_screen.js";
import { Lighting } from "../rows/lighting.js";
import { Looking } from "./looking.js";
import { Navigation } from "./navigation.js";
import { OwnPage } from "./own_page.js";
import { EVERYTHING, Parts } from "./parts.js";
import { relocate, relocates } from "./relocation.js";
import { Rows } from "../rows/rows.js";
import { SelectedRows } from "../rows/selected_rows.js";
import { NO_POINTS } from "../data/source.js";
import { attributeName } from "../data/table.js";
import { counted } from "../data/numbers.js";
import { TestMarks } from "../dom/test_marks.js";
import { Tools } from "./tools.js";
import { LOOKS, ViewStore } from "../state/view_store.js";

const SEEN = [...LOOKS, "points", "columns", "extra", "theme", "lit", "selected"]; // what the picture is made of

/** @implements {Surrounded} */
export class EmbeddingMap {
  /** @type {Send} */
  send = () => {};
  turn = 0; // number of the latest update
  open = false; // whether the view to begin with is known
  end = new AbortController();
  signal = this.end.signal;
  view = new ViewStore((changed) => this.changed(changed));
  camera = new Camera(boundingBox(NO_POINTS.x, NO_POINTS.y));
  /** @type {import("../render/atlas.js").Thumbnails} */
  atlas = new Atlas(null, () => {});

  /** @param {HTMLElement} root @param {Data} data @param {(map: Surrounded) => Surroundings} surround makes what surrounds it */
  constructor(root, data, surround = (map) => new OwnPage(map)) {
    const tell = (/** @type {string} */ name) => this.parts.update(new Set([name]));
    this.frame = new Frame(root, this.signal, () => this.resized());
    this.marks = new TestMarks(root);
    this.appearance = new Appearance(root, data.paints);
    this.rows = new Rows(data, this.appearance, (what, error) => this.arrived(what, error));
    this.arrangement = new Arrangement(this, () => this.changed(new Set(["layout", "camera"])));
    this.attributes = new Attributes(this, (title, error) => this.arrived("table", error, title));
    this.lighting = new Lighting(this);
    this.selection = new SelectedRows(this);
    this.flips = new FlipRows(this, () => this.changed(new Set(["flips"])));
    this.navigation = new Navigation(this, () => this.page.travelled?.());
    this.looking = new Looking(this, (row, touch) => this.parts.looked(row, touch));
    this.tools = new Tools(this, () => tell("tool"));
    this.drawing = new Drawing(this);
    this.page = surround(this);
    this.screen = new FullScreen(this.page.screen, this.signal, () => tell("screen"));
    this.parts = new Parts(this, this.page.parts);
    connect(this);
  }

  /** @returns {boolean} whether there are points, and a view of them */
  get ready() {
    return this.open && this.arrangement.ready;
  }

  /** @param {Data} data @param {Send} send @returns {number} number of this update */
  update(data, send) {
    const before = this.turn ? this.rows.data : null;
    this.rows.data = data;
    this.send = send;
    const repainted = this.appearance.hear(data.paints);
    this.frame.hear(data);
    if (data.points === before?.points) this.page.hear(data);
    else if (relocates(this, before)) relocate(this, before);
    else this.restart(data);
    this.rows.request(data);
    this.flips.hear(data.flips);
    this.changed(new Set(repainted ? ["data", "theme"] : ["data"]));
    return ++this.turn;
  }

  /** Another set of points: nothing of the old one remains. @param {Data} data */
  restart(data) {
    this.looking.look(-1);
    this.open = false;
    for (const owner of [this.rows, this.arrangement, this.lighting, this.selection]) owner.forget();
    this.drawing.picture = null;
    this.tools.mode = "replace";
    this.atlas.close();
    this.atlas = this.page.atlas(data, () => this.thumbnailsArrived());
    this.frame.show("loading", `Loading ${counted(data.n, "point")}…`);
    this.marks.note({ thumbnails: null, drawn: null });
    this.page.begin(data);
  }

  /** Opens the map with a view. @param {import("../state/view_store.js").View} view */
  begin(view) {
    this.open = true;
    this.view.set(view);
    this.changed(new Set());
  }

  /** @param {import("../data/source.js").What | "table"} what @param {Error} [error] @param {string} [title] of a table's column */
  arrived(what, error, title = what) {
    if (this.signal.aborted) return;
    if (error && what === "ids") return; // rows have numbers too
    if (error) {
      const { extra } = this.rows.data;
      if (what === "extra" && extra) this.attributes.giveUp(extra.name);
      if (what === "table") this.attributes.giveUp(attributeName(title));
      const state = this.drawing.picture ? "ready" : "failed";
      const name = what === "extra" ? extra?.title.toLowerCase() : title;
      this.frame.show(state, `The map's ${name} could not be loaded. ${error.message}`);
      return;
    }
    this.page.arrived?.();
    if (what === "points") this.pointsArrived();
    else this.changed(new Set([what]));
  }

  /** The points have come: home is where all of them are in view. */
  pointsArrived() {
    this.arrangement.adopt(this.rows.points);
    this.drawing.fit();
    this.drawing.picture = null;
    this.changed(new Set());
  }

  /** Follows a change to everything that depends on it. @param {Set<string>} names grows by what changes with them */
  changed(names) {
    if (!this.ready || this.lighting.waits(names)) return;
    const first = !this.drawing.picture;
    if (first) for (const name of EVERYTHING) names.add(name);
    if (this.lighting.follow(names)) names.add("lit");
    if (this.selection.follow(names)) names.add("selected");
    this.redraw(names, first);
    this.say();
    const { colourBy, pinned } = this.view.value;
    const selected = this.selection.selected?.count ?? 0;
    this.marks.note({ colour: colourBy, pinned: pinned.join("."), lit: this.lighting.count, selected });
    this.parts.update(names);
    this.page.changed();
    if (first) setTimeout(() => this.loadRest(), 0);
  }

  /** Says why there is less to see than there could be. */
  say() {
    const lacking = this.atlas.trouble || this.rows.data.lacking;
    this.frame.show(...stateOf(this.rows.points.n, this.lighting.count, this.navigation.seesPoints, lacking));
  }

  /** @param {Set<string>} names of what has changed @param {boolean} first whether nothing has been drawn of these points */
  redraw(names, first) {
    const moves = !first || this.arrangement.journey !== null;
    const arrange = names.has("layout") ? this.arrangement.follow() : null;
    const travelled = (names.has("camera") || arrange) && this.navigation.follow();
    const seen = SEEN.some((name) => names.has(name));
    if (seen) this.drawing.compose();
    if (arrange && moves) arrange();
    else if (seen || travelled) this.drawing.draw();
    else if (names.has("pinned")) this.drawing.drawOverlay();
  }

  /** Fetches what nobody waits for: names, thumbnails, late parts. */
  loadRest() {
    if (this.signal.aborted) return;
    this.rows.requestIds(this.rows.data);
    this.atlas.prefetch();
    this.parts.startLate();
  }

  thumbnailsArrived() {
    const { failed, images } = this.atlas;
    this.marks.note({ thumbnails: images.size ? "ready" : failed.size ? "failed" : "loading" });
    this.drawing.thumbnailsArrived();
    if (this.drawing.picture) this.say();
    this.parts.update(new Set(["thumbnails"]));
  }

  resized() {
    this.drawing.fit();
    this.drawing.draw();
  }

  /** The elements go: what is still to come changes nothing any more. */
  close() {
    this.open = false;
    this.end.abort();
    this.atlas.close();
  }
}
