/**
 * The layout in use: fetches the grid's cells when they are asked for, and moves the points from one layout to the other.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 * @typedef {import("../space/layouts.js").Layout} Layout
 * @typedef {import("../state/view_store.js").Layout} Name
 */

import { get } from "../data/columns.js";
import { between, boxBetween, grid, scatter } from "../space/layouts.js";
import { animate } from "../space/animation.js";
import { Grid } from "../space/point_index.js";
import { address } from "../data/source.js";

const DURATION = 300; // milliseconds

export class Arrangement {
  /** @param {EmbeddingMap} map */
  constructor(map) {
    this.map = map;
    this.forget();
  }

  /** Nothing is known of any points. */
  forget() {
    this.stop?.();
    this.stop = () => {};
    /** @type {Map<Name, {layout: Layout, index: Grid}>} */
    this.known = new Map();
    /** @type {Name} */
    this.name = "scatter";
    this.wanted = "";
    /** @type {{places: import("../data/columns.js").Points, cell: number} | null} what is shown on the way */
    this.passage = null;
    /** @type {(() => void) | null} shows the way from where the same images lay before */
    this.journey = null;
  }

  /** @returns {{layout: Layout, index: Grid} | undefined} */
  get current() {
    return this.known.get(this.name);
  }

  /** @param {Name} name of a layout, in use or not @returns {Grid | null} null: it is fetched, and "layout" changes */
  indexOf(name) {
    const known = this.known.get(name);
    if (!known) this.fetch(this.map.data);
    return known?.index ?? null;
  }

  /** @returns {{places: import("../data/columns.js").Points | null, cell: number}} what is to be drawn */
  get shown() {
    return this.passage ?? { places: this.current?.layout.places ?? null, cell: this.current?.layout.cell ?? 0 };
  }

  /** The points have come; where the same images lay elsewhere before, they travel. @param {import("../data/columns.js").Points} points */
  settle(points) {
    const from = this.current && this.place();
    this.forget();
    const layout = scatter(points);
    this.known.set("scatter", { layout, index: new Grid(points.x, points.y) });
    this.look(layout);
    this.map.camera.home();
    if (from) this.journey = () => this.travel(from, layout);
  }

  /** What is shown now, to travel from. */
  place() {
    const { layout } = /** @type {{layout: Layout}} */ (this.current);
    return { layout: this.passage ? { ...layout, ...this.passage } : layout, camera: { ...this.map.camera } };
  }

  /** @param {Layout} layout whose box home shows from now on */
  look({ box }) {
    this.map.camera.box = box;
  }

  /**
   * Takes on the layout that the view asks for, or fetches it.
   *
   * @returns {(() => void) | null} shows the way there; null where nothing changes
   */
  follow() {
    const { layout } = this.map.view.value;
    const { journey } = this;
    this.journey = null;
    if (layout === this.name) return journey;
    const known = this.known.get(layout);
    if (!known) {
      this.fetch(this.map.data);
      return journey;
    }
    this.stop();
    const from = this.place();
    this.name = layout;
    this.look(known.layout);
    return () => this.travel(from, known.layout);
  }

  /**
   * @param {{layout: Layout, camera: {x: number, y: number, zoom: number, box: import("../space/camera.js").Box}}} from
   * @param {Layout} to
   */
  travel(from, to) {
    const { camera, drawing } = this.map;
    const goal = { x: camera.x, y: camera.y, zoom: camera.zoom };
    const n = to.places.n;
    const places = { n, x: new Uint16Array(n), y: new Uint16Array(n), label: to.places.label };
    const start = { ...from.layout.places, x: from.layout.places.x.slice(), y: from.layout.places.y.slice() };
    this.stop = animate(DURATION, (share) => {
      const mix = (/** @type {number} */ low, /** @type {number} */ high) => low + (high - low) * share;
      camera.box = boxBetween(from.camera.box, to.box, share);
      for (const name of /** @type {const} */ (["x", "y", "zoom"])) camera[name] = mix(from.camera[name], goal[name]);
      if (share === 1) this.passage = null;
      else {
        between(start, to.places, share, places);
        const cell = mix(from.layout.cell, to.cell);
        this.passage = { places, cell: cell * camera.scale < 3 ? 0 : cell };
      }
      drawing.draw(share < 1);
    });
  }

  /** @param {import("../data/source.js").Data} data */
  async fetch({ grid: file, points: source }) {
    const { map } = this;
    if (!file) {
      map.say("There is no grid layout for these points.");
      map.view.set({ layout: "scatter" });
      return;
    }
    if (this.wanted === file.url) return;
    this.wanted = file.url;
    try {
      const bytes = await (await get(address(file.url))).arrayBuffer();
      if (this.wanted !== file.url || map.data.points !== source || map.end.signal.aborted || !this.current) return;
      const layout = grid(bytes, map.source.points, file);
      this.known.set("grid", { layout, index: new Grid(layout.places.x, layout.places.y) });
      map.changed(new Set(["layout", "camera"]));
    } catch (error) {
      if (this.wanted !== file.url || map.end.signal.aborted) return;
      this.wanted = "";
      map.say(`The grid layout could not be loaded. ${/** @type {Error} */ (error).message}`);
      map.view.set({ layout: this.name });
    }
  }
}
