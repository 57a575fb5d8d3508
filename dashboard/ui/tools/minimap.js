/**
 * Where one is, when zoomed in: all points in small, and a frame round what is in view. A drag in it moves the map.
 *
 * @typedef {import("../map/capabilities.js").Uses<"camera" | "arrangement" | "navigation" | "drawing" | "appearance">} Needs
 */

import { Camera } from "../space/camera.js";
import { pack } from "../render/colours.js";
import { element } from "../dom/element.js";
import { clear, paintSquares } from "../render/raster.js";

const SHOWN_FROM = 1.5; // zoom
const LONGEST = 148; // pixels of its longer side
const LONGEST_SMALL = 100; // on narrow stages
const NARROW = 480;
const SHORTEST = 70;
const PADDING = 6;
const LOOKS = ["points", "layout", "colourBy", "lit", "selected", "columns", "extra", "theme"];

export class Minimap {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.map = map;
    this.canvas = element("canvas");
    this.view = element("div", { class: "minimap-view" });
    this.frame = element("div", { class: "minimap-frame", hidden: true }, this.canvas, this.view);
    this.stale = true;
    this.timer = 0;
    /** @type {[number, number] | null} from the pointer to the middle of the view, in positions, while dragging */
    this.grip = null;
    host.setAttribute("aria-hidden", "true"); // the map itself has keys and words for all of this
    host.replaceChildren(this.frame);
    this.frame.addEventListener("pointerdown", (event) => this.take(event));
    this.frame.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.frame.addEventListener(end, () => (this.grip = null));
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (LOOKS.some((name) => changed.has(name))) this.stale = true;
    this.moved();
  }

  moved() {
    const { camera } = this.map;
    const hidden = camera.zoom <= SHOWN_FROM;
    if (this.frame.hidden !== hidden) this.frame.hidden = hidden;
    if (hidden) return;
    if (this.stale || this.camera?.box !== camera.box) this.redrawSoon();
    if (this.camera) this.place();
  }

  /** All points take some milliseconds where there are many: not in the frame that shows the move. */
  redrawSoon() {
    if (!this.camera) this.measure();
    this.timer ||= window.setTimeout(() => {
      this.timer = 0;
      const { picture } = this.map.drawing;
      if (this.frame.hidden || !picture) return;
      this.measure();
      this.redraw(picture);
      this.place();
    }, 0);
  }

  /** Takes the shape of the map. */
  measure() {
    const { box, width: stage } = this.map.camera;
    const aspect = Math.max(box.top - box.bottom, 1) / Math.max(box.right - box.left, 1);
    const longest = stage < NARROW ? LONGEST_SMALL : LONGEST;
    const width = Math.round(Math.max(aspect > 1 ? longest / aspect : longest, SHORTEST));
    const height = Math.round(Math.max(aspect > 1 ? longest : longest * aspect, SHORTEST));
    this.camera = new Camera(box, PADDING);
    this.camera.resize(width, height);
    this.frame.style.width = `${width}px`;
    this.frame.style.height = `${height}px`;
  }

  /** @param {import("../render/scene.js").Picture} picture */
  redraw(picture) {
    const { map, canvas } = this;
    const camera = /** @type {Camera} */ (this.camera);
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(camera.width * ratio);
    canvas.height = Math.round(camera.height * ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
    const image = context.createImageData(canvas.width, canvas.height);
    const target = { pixels: new Uint32Array(image.data.buffer), width: image.width, height: image.height };
    const scene = { ...map.arrangement.places, ...picture, background: pack(map.appearance.theme.background) };
    const view = camera.pixels(ratio);
    clear(target, { left: 0, top: 0, right: target.width, bottom: target.height }, scene.background);
    paintSquares(target, scene, { rows: picture.order, side: Math.max(Math.round(ratio), 1) }, view);
    context.putImageData(image, 0, 0);
    this.stale = false;
  }

  /** Puts the frame round what is in view. */
  place() {
    const { camera } = this.map;
    const small = /** @type {Camera} */ (this.camera);
    const [left, top] = small.toScreen(...camera.toPosition(0, 0));
    const [right, bottom] = small.toScreen(...camera.toPosition(camera.width, camera.height));
    const { style } = this.view;
    style.transform = `translate(${left}px, ${top}px)`;
    style.width = `${right - left}px`;
    style.height = `${bottom - top}px`;
  }

  /** @param {PointerEvent} event @returns {[number, number]} a position */
  position({ clientX, clientY }) {
    const { left, top } = this.frame.getBoundingClientRect();
    return /** @type {Camera} */ (this.camera).toPosition(clientX - left, clientY - top);
  }

  /** @param {PointerEvent} event takes the view where it is, or brings it to the pointer */
  take(event) {
    if (!this.camera || event.button !== 0) return;
    event.preventDefault();
    this.frame.setPointerCapture(event.pointerId);
    const { camera } = this.map;
    const [x, y] = this.position(event);
    const within =
      Math.abs(x - camera.x) * camera.scale < camera.width / 2 && Math.abs(y - camera.y) * camera.scale < camera.height / 2;
    this.grip = within ? [camera.x - x, camera.y - y] : [0, 0];
    this.drag(event);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.grip) return;
    const [x, y] = this.position(event);
    const [dx, dy] = this.grip;
    this.map.navigation.move(() => {
      const { camera } = this.map;
      camera.x = x + dx;
      camera.y = y + dy;
      camera.clamp();
    });
  }
}
