/**
 * Moves the camera, and notes in the view where it has come to rest.
 *
 * @typedef {import("./capabilities.js").Uses<"view" | "camera" | "arrangement" | "looking"> &
 *   {drawing: Pick<import("./drawing.js").Drawing, "draw" | "soon">}} Needs
 * @typedef {import("../state/view_store.js").CameraView} CameraView
 */

import { Camera } from "../space/camera.js";
import { glide } from "../space/animation.js";
import { same } from "../state/view_store.js";

const REST = 150; // milliseconds without a move
const EVERYWHERE = 131072; // positions

/** @param {import("../space/camera.js").Camera} camera @returns {CameraView | null} as short as a link can be; null at home */
export function viewOf(camera) {
  if (camera.isHome) return null;
  const { x, y, zoom } = camera;
  return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, zoom: Number(zoom.toPrecision(4)) };
}

export class Navigation {
  /** @param {Needs} map @param {() => void} onMove called when the viewer has moved the camera, before that is drawn */
  constructor(map, onMove) {
    this.map = map;
    this.onMove = onMove;
    this.timer = 0;
    this.sent = false; // whether it is on the way to where the viewer sent it
    this.arrived = false; // whether it has come there since somebody asked
    this.stopGlide = () => {};
  }

  /** @param {() => void} change of the camera */
  move(change) {
    this.lead(change);
    this.onMove();
  }

  /** Nobody else is told: they are led, too. @param {() => void} change of the camera */
  lead(change) {
    this.stopGlide();
    change();
    this.rest();
    this.map.drawing.soon();
  }

  /** @param {{x?: number, y?: number, zoom?: number}} goal */
  glideTo(goal) {
    const { camera, drawing } = this.map;
    this.stopGlide();
    this.map.looking.look(-1);
    const { x, y, zoom } = camera;
    this.sent = true;
    this.stopGlide = glide(camera, { x, y, zoom, ...goal }, (moving) => {
      this.note();
      drawing.draw(moving);
    });
  }

  /** @param {number} factor towards the middle */
  zoomBy(factor) {
    const { camera } = this.map;
    const there = Object.assign(new Camera(camera.box, camera.padding), camera);
    this.zoomAt(camera.width / 2, camera.height / 2, factor, there);
    this.glideTo({ x: there.x, y: there.y, zoom: there.zoom });
  }

  /** Zooms; where that would leave no point in view, the nearest one stays. @param {number} left @param {number} top @param {number} factor @param {Camera} camera */
  zoomAt(left, top, factor, camera = this.map.camera) {
    const { grid, places } = this.map.arrangement;
    camera.zoomAt(left, top, factor);
    if (factor <= 1 || grid.hasAny(camera.sight)) return;
    const row = grid.nearest(camera.x, camera.y, EVERYWHERE, () => true);
    if (row >= 0) camera.reveal(places.x[row], places.y[row]);
  }

  /** @returns {boolean} whether any point is in view */
  get seesPoints() {
    return this.map.arrangement.grid.hasAny(this.map.camera.sight);
  }

  home() {
    const { camera } = this.map;
    this.glideTo({ zoom: 1, x: camera.homeX, y: camera.homeY });
  }

  /** @param {number} row that must be in view */
  reveal(row) {
    const { camera } = this.map;
    const { places } = this.map.arrangement;
    if (row >= places.n) return;
    const [left, top] = camera.toScreen(places.x[row], places.y[row]);
    this.stopGlide();
    camera.reveal(places.x[row], places.y[row]);
    const [nowLeft, nowTop] = camera.toScreen(places.x[row], places.y[row]);
    if (left === nowLeft && top === nowTop) return;
    this.map.drawing.draw();
    this.note();
  }

  /** The viewer has moved the camera. */
  note() {
    this.rest();
    this.onMove();
  }

  /** The view says where the camera is once it rests. */
  rest() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.come(), REST);
  }

  come() {
    const { camera, view } = this.map;
    const there = viewOf(camera);
    this.arrived ||= this.sent && !same(there, view.value.camera);
    this.sent = false;
    view.set({ camera: there });
  }

  /** @returns {boolean} whether the camera has come to where the viewer sent it, by a button or a key, since this was asked last */
  takeArrival() {
    const { arrived } = this;
    this.arrived = false;
    return arrived;
  }

  /** Goes where the view says. @returns {boolean} whether that is elsewhere */
  follow() {
    const { camera, view } = this.map;
    const goal = view.value.camera;
    if (same(goal, viewOf(camera))) return false;
    this.stopGlide();
    clearTimeout(this.timer);
    if (goal) Object.assign(camera, goal);
    else camera.home();
    camera.clamp();
    return true;
  }
}
