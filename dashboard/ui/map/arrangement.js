/**
 * The layout in use: fetches the grid's cells when they are asked for, and moves the points from one layout to the other.
 *
 * @typedef {import("./capabilities.js").Uses<"view" | "rows" | "camera" | "frame" | "signal"> &
 *   {drawing: Pick<import("./drawing.js").Drawing, "draw">}} Needs
 * @typedef {import("../data/columns.js").Points} Points
 * @typedef {import("../space/layouts.js").Layout} Layout
 * @typedef {import("../state/view_store.js").Layout} Name
 */

import { get } from "../data/columns.js";
import { between, boxBetween, grid, scatter } from "../space/layouts.js";
import { animate } from "../space/animation.js";
import { PointIndex } from "../space/point_index.js";
import { address, NO_POINTS } from "../data/source.js";

const DURATION = 300; // milliseconds
const NOWHERE = indexed(scatter(NO_POINTS));

export class Arrangement {
  /** @param {Needs} map @param {() => void} onGrid called when the grid's cells have come */
  constructor(map, onGrid) {
    this.map = map;
    this.onGrid = onGrid;
    this.forget();
  }

  /** Nothing is known of any points. */
  forget() {
    this.stop?.();
    /** @type {(() => void) | undefined} ends the journey that is under way */
    this.stop = undefined;
    /** @type {Map<Name, {layout: Layout, index: PointIndex}>} */
    this.known = new Map();
    /** @type {Name} */
    this.name = "scatter";
    /** @type {string} address of the cells that are asked for */
    this.wanted = "";
    /** @type {{places: Points, cell: number} | null} what is shown on the way */
    this.passage = null;
    /** @type {(() => void) | null} shows the way from where the same images lay before */
    this.journey = null;
  }

  get current() {
    return this.known.get(this.name) ?? NOWHERE;
  }

  /** Positions in the layout in use. */
  get places() {
    return this.current.layout.places;
  }

  /** Finds points in the layout in use. */
  get grid() {
    return this.current.index;
  }

  /** @returns {boolean} whether the points have come */
  get ready() {
    return this.known.size > 0;
  }

  /** @param {Name} name of a layout, in use or not @returns {PointIndex | null} null: it is fetched, and "layout" changes */
  indexOf(name) {
    const known = this.known.get(name);
    if (!known) this.fetch(this.map.rows.data);
    return known?.index ?? null;
  }

  /** @returns {{places: Points, cell: number}} what is to be drawn */
  get shown() {
    const { places, cell } = this.passage ?? this.current.layout;
    return { places, cell };
  }

  /** The points have come; where the same images lay elsewhere before, they travel. @param {Points} points */
  adopt(points) {
    const from = this.ready ? this.place() : null;
    this.forget();
    const layout = scatter(points);
    this.known.set("scatter", indexed(layout));
    this.map.camera.box = layout.box;
    this.map.camera.home();
    if (from) this.journey = () => this.travel(from, layout);
  }

  /** What is shown now, to travel from. */
  place() {
    const { layout } = this.current;
    return { layout: this.passage ? { ...layout, ...this.passage } : layout, camera: { ...this.map.camera } };
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
      this.fetch(this.map.rows.data);
      return journey;
    }
    this.stop?.();
    const from = this.place();
    this.name = layout;
    this.map.camera.box = known.layout.box;
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
  async fetch({ grid: file, points: source, refusal }) {
    const { map } = this;
    if (!file) {
      map.frame.say(refusal || "There is no grid layout for these points.");
      map.view.set({ layout: "scatter" });
      return;
    }
    if (this.wanted === file.url) return;
    this.wanted = file.url;
    try {
      const bytes = await (await get(address(file.url))).arrayBuffer();
      if (this.wanted !== file.url || map.rows.data.points !== source || map.signal.aborted || !this.ready) return;
      this.known.set("grid", indexed(grid(bytes, map.rows.points, file)));
      this.onGrid();
    } catch (error) {
      if (this.wanted !== file.url || map.signal.aborted) return;
      this.wanted = "";
      map.frame.say(`The grid layout could not be loaded. ${/** @type {Error} */ (error).message}`);
      map.view.set({ layout: this.name });
    }
  }
}

/** @param {Layout} layout @returns {{layout: Layout, index: PointIndex}} */
function indexed(layout) {
  return { layout, index: new PointIndex(layout.places.x, layout.places.y) };
}
