/**
 * Draws on the stage's canvases without a graphics processor: points (and thumbnails) below, an overlay above.
 *
 * @typedef {import("../space/camera.js").Camera} Camera
 * @typedef {import("./scene.js").Picture} Picture
 * @typedef {import("../data/columns.js").Points} Points
 * @typedef {import("./overlay.js").Overlay} Overlay
 * @typedef {{
 *   places: Points, picture: Picture, camera: Camera, background: string, moving: boolean, cell: number,
 *   montage: import("./montage.js").Montage | null,
 * }} Frame montage: null where images are switched off; moving: the viewer pans, zooms or waits for a layout: another
 *   frame is about to follow; cell: side of a grid's cell in positions, 0 in the scatter
 *
 * What the map needs of whoever draws it. A renderer for graphics processors would have the same methods.
 * @typedef {{
 *   ratio: number,
 *   resize: (width: number, height: number, ratio: number) => void,
 *   drawPoints: (frame: Frame) => void,
 *   drawOverlay: (overlay: Overlay, frame: Frame, inks: import("./overlay.js").Inks) => void,
 *   giveUp: () => void,
 * }} Renderer resize: pixels of the page, and device pixels in one; drawPoints draws at once, maybe coarsely, and
 *   refines by itself when no other frame follows, unless that is given up; drawOverlay may be called without drawPoints
 */

import { afterPaint } from "./after_paint.js";
import { contextOf } from "../dom/canvas.js";
import { pack } from "./colours.js";
import { MarkerCache } from "./markers.js";
import { OverlayCanvas } from "./overlay.js";
import { clear, paintMarkers, paintSquares, shift, uncovered } from "./raster.js";
import { CROSS, DISC, SHAPES } from "./shapes.js";

const LARGEST = 9; // radius of a point, pixels
const IN_TIME = 12; // milliseconds a frame may take; what takes longer is drawn coarsely first
const SLICE = 8; // milliseconds of refining between two looks at what the viewer does
const REST = 120; // milliseconds without a frame until the viewer counts as resting
const STROKES = 8e6; // pixels that squares may write in a frame: they shrink where they would be more
const CHUNK = 8192; // rows between two looks at the clock

/**
 * @param {number} n points
 * @param {Camera} camera
 * @param {number} cell side of a grid's cell in positions, 0 in the scatter
 * @returns {number} radius in pixels: what leaves gaps at home, growing slowly with the zoom
 */
export function pointRadius(n, camera, cell = 0) {
  if (cell) return Math.min(Math.max(0.36 * cell * camera.scale, 0.7), LARGEST);
  const { width, height, zoom } = camera;
  const home = Math.min(Math.max(0.3 * Math.sqrt((width * height) / Math.max(n, 1)), 1.4), 4.5);
  return Math.min(home * Math.max(zoom, 1) ** 0.5, LARGEST);
}

/** @implements {Renderer} */
export class Painter {
  /**
   * @param {HTMLCanvasElement} points @param {HTMLCanvasElement} overlay
   * @param {(shown: {quality?: "coarse" | "full", images?: number}) => void} onShow told what the canvas shows now
   */
  constructor(points, overlay, onShow = () => {}) {
    this.onShow = onShow;
    this.canvas = points;
    this.context = contextOf(points, { alpha: false });
    this.overlay = new OverlayCanvas(overlay);
    this.ratio = 1;
    this.square = 0; // side of a thumbnail on the map, pixels; 0 where points are points
    /** @type {Pick<Job, "frame" | "view" | "plan"> | null} what the pixels show, if wholly drawn */
    this.whole = null;
    this.crowd = Infinity; // rows that were in view last time
    this.pace = 60e-6; // milliseconds a marker takes; measured with every whole frame
    this.giveUp = () => {}; // what is to come: refining, sharpening
    this.surface = surfaceOf(this.context);
  }

  /** @param {number} width @param {number} height @param {number} ratio */
  resize(width, height, ratio) {
    this.ratio = ratio;
    for (const canvas of [this.canvas, this.overlay.canvas]) {
      canvas.width = Math.max(Math.round(width * ratio), 1);
      canvas.height = Math.max(Math.round(height * ratio), 1);
    }
    this.surface = surfaceOf(this.context);
    this.whole = null;
    this.overlay.forget();
  }

  /** @param {Frame} frame */
  drawPoints(frame) {
    this.giveUp();
    const view = frame.camera.pixels(this.ratio);
    const job = this.#begin(frame, view);
    if (frame.moving && !job.plan && this.#drawShifted(job)) return;
    const late = this.pace * Math.min(frame.places.n, this.crowd) > IN_TIME;
    if (!late) this.#refine(job, Infinity);
    else this.#drawCoarsely(job);
  }

  /** Draws all of a frame before it returns. @param {Frame} frame */
  drawWhole(frame) {
    this.giveUp();
    this.#refine(this.#begin(frame, frame.camera.pixels(this.ratio)), Infinity);
  }

  /** @param {Overlay} overlay @param {Frame} frame @param {import("./overlay.js").Inks} inks */
  drawOverlay(overlay, { places, camera, cell }, inks) {
    const stage = { places, camera, radius: pointRadius(places.n, camera, cell), square: this.square };
    this.overlay.draw(overlay, stage, inks, this.ratio);
  }

  /**
   * The viewer pans: moves the pixels that are there and draws what comes in.
   *
   * @param {Job} job
   * @returns {boolean} whether that was possible
   */
  #drawShifted({ frame, view, scene, layers }) {
    const { whole, surface: { target } } = this;
    if (!whole || whole.plan || !sameBut(whole.frame, frame) || whole.view.scale !== view.scale) return false;
    const [dx, dy] = [Math.round(view.left - whole.view.left), Math.round(view.top - whole.view.top)];
    if (Math.abs(dx) >= target.width / 2 || Math.abs(dy) >= target.height / 2) return false;
    if (!dx && !dy) return true;
    const moved = { scale: view.scale, left: whole.view.left + dx, top: whole.view.top + dy };
    shift(target, dx, dy);
    for (const part of uncovered(target, dx, dy)) {
      clear(target, part, scene.background);
      for (const layer of layers) paintMarkers(target, scene, layer, moved, part, 0, layer.rows.length);
    }
    this.whole = { frame, view: moved, plan: null };
    this.#show("full");
    return true;
  }

  /** Draws squares now, and markers when the viewer rests. @param {Job} job */
  #drawCoarsely(job) {
    const { frame, view, scene, layers } = job;
    clear(this.surface.target, this.surface.all, scene.background);
    const most = Math.max(Math.sqrt(STROKES / Math.min(frame.places.n, this.crowd)), this.ratio);
    this.crowd = 0;
    for (const layer of layers) {
      const side = Math.min(layer.side, Math.round(most));
      this.crowd += paintSquares(this.surface.target, scene, { ...layer, side }, view);
    }
    if (job.plan) frame.montage?.paint(this.surface.target, scene, job.plan, view);
    this.whole = null;
    this.#show("coarse");
    const refine = () => this.#refine(job, SLICE);
    this.giveUp = frame.moving ? after(REST, refine) : afterPaint(refine); // this picture is seen first
  }

  /**
   * @param {Frame} frame @param {import("./raster.js").View} view
   * @returns {Job} all that is to be painted
   *
   * @typedef {{frame: Frame, view: import("./raster.js").View, scene: import("./raster.js").Scene,
   *   plan: import("./montage.js").Plan | null,
   *   layers: import("./raster.js").Layer[], steps: Generator<number, void>, painted: number, spent: number}} Job
   *   steps: what is still to be painted; painted: markers so far; spent: milliseconds
   */
  #begin(frame, view) {
    const { places, picture, camera, background, cell } = frame;
    const plan = frame.montage?.plan(frame, view, this.surface.target, this.ratio) ?? null;
    this.square = plan ? (plan.cell || plan.size + 2 * plan.border) / this.ratio : 0;
    const scene = { x: places.x, y: places.y, ...picture, background: pack(background) };
    const layers = this.#layers(picture, pointRadius(places.n, camera, cell) * this.ratio, plan?.complete ?? false);
    return { frame, view, scene, plan, layers, steps: this.steps(scene, layers, view), painted: 0, spent: 0 };
  }

  /** Paints until it is done or the time is up, then goes on later. @param {Job} job @param {number} slice milliseconds */
  #refine(job, slice) {
    const begin = performance.now();
    this.whole = null;
    for (let step = job.steps.next(); !step.done; step = job.steps.next()) {
      job.painted += step.value;
      if (performance.now() - begin < slice) continue;
      job.spent += performance.now() - begin;
      this.giveUp = after(0, () => this.#refine(job, slice));
      return;
    }
    this.#finish(job, job.spent + performance.now() - begin);
  }

  /**
   * @param {Job["scene"]} scene @param {Job["layers"]} layers @param {Job["view"]} view
   * @returns {Generator<number, void>} paints some rows at a time, and says how many were in view
   */
  *steps(scene, layers, view) {
    const { target, all } = this.surface;
    clear(target, all, scene.background);
    for (const layer of layers) {
      const n = layer.rows.length;
      for (let row = 0; row < n; row += CHUNK) yield paintMarkers(target, scene, layer, view, all, row, Math.min(row + CHUNK, n));
    }
  }

  /** @param {Job} job @param {number} spent milliseconds */
  #finish(job, spent) {
    const { frame, view, scene, plan } = job;
    this.whole = { frame, view, plan };
    this.crowd = job.painted + (plan?.rows.length ?? 0);
    if (job.painted > CHUNK) this.pace = Math.min(spent / job.painted, 2 * this.pace); // a hiccup is no measure
    if (plan) frame.montage?.paint(this.surface.target, scene, plan, view);
    this.#show("full");
    if (plan && frame.moving) this.giveUp = after(REST, () => this.#sharpen(job));
    else this.#sharpen(job);
  }

  /** @param {Job} job */
  #sharpen({ frame, view, scene, plan }) {
    if (plan) frame.montage?.sharpen(this.context, scene, plan, view);
    this.onShow({ images: plan?.rows.length ?? 0 });
  }

  /** @param {"coarse" | "full"} quality */
  #show(quality) {
    this.context.putImageData(this.surface.image, 0, 0);
    this.onShow({ quality });
  }

  /**
   * @param {Picture} picture
   * @param {number} radius device pixels
   * @param {boolean} covered whether images cover all that is lit
   * @returns {import("./raster.js").Layer[]} lowest first
   */
  #layers(picture, radius, covered) {
    const rim = radius < 2.2 * this.ratio ? 0 : 0.6 * this.ratio; // small ones would be mostly rim
    const small = Math.max(radius * 0.75, this.ratio);
    const side = Math.max(Math.round(radius * 1.7), 1); // a square of about the same weight
    const { cache } = this.surface;
    const marker = (/** @type {number} */ shape) => cache.marker(shape, radius, rim);
    const plain = picture.shape ? SHAPES.map((_, shape) => marker(shape)) : [marker(DISC)];
    const wrong = picture.crossed ? [marker(CROSS)] : plain;
    const layers = [
      { rows: picture.muted, markers: [cache.marker(DISC, small, 0)], side: Math.max(Math.round(small * 1.7), 1) },
      { rows: picture.faded, markers: plain, side },
      { rows: picture.fadedWrong, markers: wrong, side },
      { rows: picture.plain, markers: plain, side },
      { rows: picture.marked, markers: wrong, side },
    ];
    return layers.slice(0, covered ? 1 : undefined).filter(({ rows }) => rows.length > 0);
  }
}

/** @param {CanvasRenderingContext2D} context @returns what is painted on: pixels that the canvas is given, as large as it is */
function surfaceOf(context) {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  const target = { pixels: new Uint32Array(image.data.buffer), width, height };
  return { image, target, all: { left: 0, top: 0, right: width, bottom: height }, cache: new MarkerCache(width) };
}

/** @param {number} delay milliseconds @param {() => void} callback @returns {() => void} gives it up */
function after(delay, callback) {
  const timer = setTimeout(callback, delay);
  return () => clearTimeout(timer);
}

/** @param {Frame} one @param {Frame} other @returns {boolean} whether they differ by the camera at most */
function sameBut(one, other) {
  const names = /** @type {const} */ (["places", "picture", "background", "cell"]);
  return names.every((name) => one[name] === other[name]);
}
