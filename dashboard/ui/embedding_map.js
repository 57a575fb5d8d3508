/**
 * A map of classified images: puts together what the other modules do.
 *
 * @typedef {import("./source.js").Data} Data
 * @typedef {(name: string, value: unknown) => void} Send
 */

import { Atlas } from "./atlas.js";
import { boundingBox, Camera } from "./camera.js";
import { hex, mix, pack } from "./colours.js";
import { decodeRows } from "./columns.js";
import { connect } from "./controls.js";
import { Echo } from "./echo.js";
import { Inspector } from "./inspector.js";
import { showLegend } from "./legend.js";
import { glide } from "./motion.js";
import { Painter } from "./painter.js";
import { Grid } from "./pick.js";
import { compose } from "./scene.js";
import { address, Source } from "./source.js";
import { readTheme } from "./theme.js";

const count = new Intl.NumberFormat("en-US");

export class EmbeddingMap {
  /** @param {HTMLElement} root */
  constructor(root) {
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.root = root;
    this.stage = find(".stage");
    this.legend = find(".legend");
    this.notice = find(".notice");
    const canvases = /** @type {HTMLCanvasElement[]} */ ([find(".points"), find(".marks")]);
    this.painter = new Painter(canvases[0], canvases[1]);
    this.inspector = new Inspector(this, find(".card"), find(".spoken"));
    this.source = new Source((what, error) => this.arrived(what, error));
    this.atlas = new Atlas(null, () => this.thumbnailsArrived());
    this.camera = new Camera(boundingBox(new Uint16Array(), new Uint16Array()));
    this.selected = new Echo(/** @type {number | null} */ (null));
    this.colourBy = new Echo(/** @type {import("./scene.js").ColourBy} */ ("true"));
    this.isolated = new Set();
    this.turn = 0;
    this.frame = 0;
    this.stopGlide = () => {};
    this.end = new AbortController();
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.stage);
    connect(this, this.end.signal);
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
    if (data.points !== before?.points) this.restart(data);
    if (this.colourBy.hear(data.colour_by)) this.isolated.clear();
    const elsewhere = this.selected.hear(data.selected);
    if (data.shown !== before?.shown || data.n !== before?.n) {
      this.shown = data.shown === null ? null : decodeRows(data.shown, data.n);
    }
    this.stage.setAttribute("aria-label", `${data.label}. Arrow keys walk, Enter selects, Escape clears.`);
    this.source.request(data);
    this.refresh();
    if (elsewhere && before) this.revealSelected();
    return ++this.turn;
  }

  /** Another set of points: nothing of the old one remains. @param {Data} data */
  restart(data) {
    this.inspector.look(-1);
    this.atlas.close();
    this.atlas = new Atlas(sheetsOf(data), () => this.thumbnailsArrived());
    this.picture = null;
    this.grid = null;
    this.isolated.clear();
    this.show("loading", `Loading ${count.format(data.n)} points…`);
    delete this.root.dataset.thumbnails;
    delete this.root.dataset.drawn;
  }

  /** @param {"points" | "columns" | "ids"} what @param {Error} [error] */
  arrived(what, error) {
    if (this.end.signal.aborted) return;
    if (error && what !== "ids") {
      this.show(this.picture ? "ready" : "failed", `The map's ${what} could not be loaded. ${error.message}`);
    } else if (what === "ids") {
      this.inspector.fill();
    } else {
      if (what === "points") this.settle();
      this.refresh();
    }
  }

  /** The points have come: home is where all of them are in view. */
  settle() {
    const { x, y } = this.source.points;
    this.grid = new Grid(x, y);
    this.camera = new Camera(boundingBox(x, y));
    this.resized();
  }

  /** Composes the picture anew and draws it, as far as the files have come. */
  refresh() {
    const { points, columns } = this.source;
    const by = this.colourBy.value;
    for (const input of this.root.querySelectorAll("input")) input.checked = input.value === by;
    if (!points || !this.data || (by !== "true" && !columns)) return;
    const first = !this.picture;
    this.picture = compose(this.look(), this.paints());
    showLegend(this.legend, this.picture, (index) => this.isolate(index));
    this.show(...this.state());
    this.root.dataset.colour = by;
    this.root.dataset.selected = String(this.selected.value ?? "");
    this.draw();
    this.inspector.fill();
    if (first) setTimeout(() => this.loadRest(), 0);
  }

  /** @returns {import("./scene.js").Look} */
  look() {
    const { points, columns } = this.source;
    return {
      points,
      columns,
      classNames: this.data.class_names,
      range: columns?.range ?? [0, 0],
      colourBy: this.colourBy.value,
      shown: this.shown ?? null,
      isolated: this.isolated,
    };
  }

  /** @returns {["ready" | "empty", string]} the state, and what to say of it */
  state() {
    if (this.source.points.n === 0) return ["empty", "There are no points to show."];
    return ["ready", this.picture.shownCount ? "" : "No image matches the filters."];
  }

  /** @returns {import("./scene.js").Paints} */
  paints() {
    const { background, text, dark } = this.theme;
    const grey = (/** @type {number} */ share) => hex(mix(pack(background), pack(text), share));
    return { ...this.data.paints[dark ? "dark" : "light"], muted: grey(0.14), none: grey(0.5) };
  }

  /** Fetches what nobody waits for: names, thumbnails. */
  loadRest() {
    if (this.end.signal.aborted) return;
    this.source.requestIds(this.data);
    this.atlas.prefetch();
  }

  thumbnailsArrived() {
    const { failed, images } = this.atlas;
    this.root.dataset.thumbnails = images.size ? "ready" : failed.size ? "failed" : "loading";
    this.inspector.drawThumbnail();
  }

  /** @param {"loading" | "ready" | "empty" | "failed"} state @param {string} words */
  show(state, words) {
    this.root.dataset.state = state;
    if (this.notice.textContent !== words) this.notice.textContent = words;
  }

  draw() {
    const { points } = this.source;
    if (!points || !this.picture || this.end.signal.aborted) return;
    if (this.painter.ratio !== window.devicePixelRatio) this.fit();
    const begin = performance.now();
    this.painter.drawPoints(points, this.picture, this.camera, this.theme.background);
    this.root.dataset.drawMs = (performance.now() - begin).toFixed(1);
    this.root.dataset.drawn = String(points.n);
    this.stage.dataset.zoomed = String(!this.camera.isHome);
    this.drawMarks();
  }

  drawMarks() {
    const { points } = this.source;
    if (!points || !this.picture) return;
    const rings = [];
    const [chosen, row] = [this.selected.value, this.inspector.row];
    if (chosen !== null && chosen < points.n) rings.push({ row: chosen, reach: 5, width: 3 });
    if (row >= 0) rings.push({ row, reach: 2, width: 2 });
    this.painter.drawMarks(points, rings, this.camera, this.theme);
  }

  drawSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  resized() {
    this.fit();
    this.draw();
    this.inspector.place();
  }

  fit() {
    const { clientWidth, clientHeight } = this.stage;
    this.painter.resize(clientWidth, clientHeight, window.devicePixelRatio);
    this.camera.resize(clientWidth, clientHeight);
  }

  /** @param {() => void} move @param {[number, number]} [pointer] where to look for a point afterwards */
  moveCamera(move, pointer) {
    const { inspector } = this;
    this.stopGlide();
    move();
    inspector.look(pointer && !inspector.touch ? inspector.hit(...pointer) : -1);
    inspector.place();
    this.drawSoon();
  }

  /** @param {{x?: number, y?: number, zoom: number}} goal */
  glideTo(goal) {
    this.stopGlide();
    this.inspector.look(-1);
    this.stopGlide = glide(this.camera, { x: this.camera.x, y: this.camera.y, ...goal }, () => this.draw());
  }

  /** The selection was made elsewhere on the page: it must be in view. */
  revealSelected() {
    const row = this.selected.value;
    if (row === null || !this.picture || row >= this.source.points.n) return;
    this.camera.reveal(this.source.points.x[row], this.source.points.y[row]);
    this.draw();
  }

  /** @param {number | null} row */
  select(row) {
    this.selected.choose(row);
    this.root.dataset.selected = String(row ?? "");
    this.drawMarks();
    this.send?.("select", { row });
  }

  /** @param {import("./scene.js").ColourBy} value */
  recolour(value) {
    this.colourBy.choose(value);
    this.isolated.clear();
    this.refresh();
    this.send?.("colour", value);
  }

  /** @param {number} index of the legend's entry: alone at first, more join, the last one to go brings all back */
  isolate(index) {
    if (!this.isolated.delete(index)) this.isolated.add(index);
    this.refresh();
  }

  close() {
    this.end.abort();
    this.observer.disconnect();
    this.stopGlide();
    cancelAnimationFrame(this.frame);
    this.inspector.stop();
    this.atlas.close();
  }
}

/** @param {Data} data @returns {import("./atlas.js").Sheets | null} */
function sheetsOf({ sheets }) {
  return sheets && { ...sheets, urls: sheets.urls.map(address) };
}
