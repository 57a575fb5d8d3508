/**
 * When the map is drawn: composes the picture when what it shows has changed, draws it when the camera has moved.
 *
 * @typedef {import("./capabilities.js").Uses<"view" | "rows" | "lighting" | "selection" | "arrangement" | "camera" | "looking" |
 *   "appearance" | "atlas" | "marks" | "signal">} Shown
 * @typedef {Shown & {frame: import("./frame.js").Frame, attributes: import("../rows/attributes.js").Attributes,
 *   parts: Pick<import("./parts.js").Parts, "rings" | "lines" | "drawn" | "moved">}} Needs
 * @typedef {import("../render/painter.js").Frame} Frame
 */

import { Montage } from "../render/montage.js";
import { Painter, pointRadius } from "../render/painter.js";
import { compose } from "../render/scene.js";
import { labelsOf } from "../state/lit_rows.js";

export class Drawing {
  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    this.painter = new Painter(map.frame.points, map.frame.marks, (shown) => map.marks.note(shown));
    map.signal.addEventListener("abort", () => this.painter.giveUp());
    /** @type {import("../render/scene.js").Picture | null} */
    this.picture = null;
    this.request = 0;
    /** @type {Montage | null} */
    this.montage = null;
  }

  compose() {
    this.map.marks.begin("compose");
    this.picture = compose(this.look(), this.map.appearance.paints, this.picture);
    this.map.marks.end("compose");
  }

  /** @returns {import("../render/scene.js").Look} */
  look() {
    const { attributes, lighting, selection, arrangement } = this.map;
    const { colourBy, shapes } = this.map.view.value;
    return {
      points: arrangement.places,
      attribute: attributes.shown,
      wrong: attributes.wrong,
      lit: lighting.lit,
      passing: lighting.passing,
      selected: selection.selected?.mask ?? null,
      chosen: new Set(labelsOf(this.map.view.value, colourBy)),
      shapes,
    };
  }

  /** @param {boolean} moving whether another frame is about to follow */
  draw(moving = false) {
    const { map, picture } = this;
    if (!picture || map.signal.aborted) return;
    if (this.painter.ratio !== window.devicePixelRatio) this.fit();
    map.marks.begin("draw");
    this.painter.drawPoints(this.frame(picture, moving));
    map.marks.end("draw");
    map.marks.note({ drawn: picture.n });
    map.frame.stage.dataset.zoomed = String(!map.camera.isHome);
    this.drawOverlay();
    map.parts.moved();
  }

  /** @param {import("../render/scene.js").Picture} picture @param {boolean} moving @returns {Frame} */
  frame(picture, moving) {
    const { camera, appearance, view, atlas, arrangement } = this.map;
    if (this.montage?.atlas !== atlas) this.montage = new Montage(atlas);
    const montage = view.value.images ? this.montage : null;
    return { ...arrangement.shown, picture, camera, background: appearance.theme.background, moving, montage };
  }

  /** Pixels from the middle of a point, or of its image, that still belong to it. */
  get reach() {
    const { places, cell } = this.map.arrangement.shown;
    return Math.max(pointRadius(places.n, this.map.camera, cell) + 3, this.painter.square / 2);
  }

  /** A sheet has come, or failed to. */
  thumbnailsArrived() {
    if (this.painter.square) this.draw();
  }

  drawOverlay() {
    if (this.picture) this.painter.drawOverlay(this.overlay(), this.frame(this.picture, false), this.map.appearance.theme);
  }

  /** @returns {import("../render/overlay.js").Overlay} what is drawn above the points now */
  overlay() {
    const { parts, view, looking } = this.map;
    const rings = [...parts.rings(), ...view.value.pinned.map((row) => ({ row, reach: 5, width: 3 }))];
    if (looking.row >= 0) rings.push({ row: looking.row, reach: 2, width: 2 });
    return { marks: parts.drawn(), rings, lines: parts.lines(), outline: this.outline() };
  }

  /** @returns {import("../render/overlay.js").Outline | null} of the selection, where it was drawn on the map as it is now */
  outline() {
    const { selection, layout } = this.map.view.value;
    if (selection?.kind !== "polygon" || selection.layout !== layout) return null;
    return { points: selection.points };
  }

  /** Draws in the next frame, once. */
  soon() {
    this.request ||= requestAnimationFrame(() => {
      this.request = 0;
      this.draw(true);
    });
  }

  fit() {
    const { width, height } = this.map.frame.size;
    this.painter.resize(width, height, window.devicePixelRatio);
    this.map.camera.resize(width, height);
  }
}
