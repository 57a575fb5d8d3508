/**
 * When the map is drawn: composes the picture when what it shows has changed, draws it when the camera has moved.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 */

import { Montage } from "../render/montage.js";
import { Painter, pointRadius } from "../render/painter.js";
import { compose } from "../render/scene.js";

export class Drawing {
  /** @param {EmbeddingMap} map */
  constructor(map) {
    this.map = map;
    this.painter = new Painter(map.frame.points, map.frame.marks);
    /** @type {import("../render/scene.js").Picture | null} */
    this.picture = null;
    this.request = 0;
    /** @type {Montage | null} */
    this.montage = null;
  }

  compose() {
    const begin = performance.now();
    this.picture = compose(this.look(), this.map.paints(), this.picture);
    this.map.root.dataset.composeMs = (performance.now() - begin).toFixed(2);
  }

  /** @returns {import("../render/scene.js").Look} */
  look() {
    const { map } = this;
    const { columns } = map.source;
    return {
      points: map.places,
      columns,
      classNames: map.data.class_names,
      range: columns?.range ?? [0, 0],
      colourBy: map.view.value.colourBy,
      lit: map.lit,
      passing: map.passing,
      selected: map.selected?.mask ?? null,
      isolated: new Set(map.view.value.isolated),
      shapes: map.view.value.shapes,
      extra: map.extra.column,
      groups: map.surroundings.groups,
    };
  }

  /** @param {boolean} moving whether another frame is about to follow */
  draw(moving = false) {
    const { map, picture } = this;
    if (!picture || !map.places || map.end.signal.aborted) return;
    if (this.painter.ratio !== window.devicePixelRatio) this.fit();
    const begin = performance.now();
    this.painter.drawPoints(this.frame(moving));
    map.root.dataset.drawMs = (performance.now() - begin).toFixed(2);
    map.root.dataset.drawn = String(map.places.n);
    map.stage.dataset.zoomed = String(!map.camera.isHome);
    this.drawMarks();
    map.parts.moved();
  }

  /** @param {boolean} moving @returns {import("../render/painter.js").Frame} */
  frame(moving) {
    const { camera, theme, view, atlas, arrangement } = this.map;
    if (this.montage?.atlas !== atlas) this.montage = new Montage(atlas);
    const montage = view.value.images ? this.montage : null;
    return { ...arrangement.shown, picture: this.picture, camera, background: theme.background, moving, montage };
  }

  /** Pixels from the middle of a point, or of its image, that still belong to it. */
  get reach() {
    const { places, camera, arrangement } = this.map;
    return Math.max(pointRadius(places.n, camera, arrangement.shown.cell) + 3, this.painter.square / 2);
  }

  /** A sheet has come, or failed to. */
  thumbnailsArrived() {
    if (this.painter.square) this.draw();
  }

  drawMarks() {
    if (this.map.places && this.picture) this.painter.drawMarks(this.marks(), this.frame(false), this.map.theme);
  }

  /** @returns {import("../render/overlay.js").Marks} what is drawn above the points now */
  marks() {
    const { map } = this;
    const rings = [...map.parts.rings(), ...map.view.value.pinned.map((row) => ({ row, reach: 5, width: 3 }))];
    if (map.hovered >= 0) rings.push({ row: map.hovered, reach: 2, width: 2 });
    return { rings, lines: map.parts.lines(), outline: this.outline() };
  }

  /** @returns {import("../render/overlay.js").Outline | null} of the selection, where it was drawn on the map as it is now */
  outline() {
    const { selection, layout } = this.map.view.value;
    if (selection?.kind !== "polygon" || selection.layout !== layout) return null;
    return { points: selection.points, closed: true };
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

  stop() {
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.painter.close();
  }
}
