/**
 * When the map is drawn: composes the picture when what it shows has changed, draws it when the camera has moved.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 */

import { Painter } from "./painter.js";
import { compose } from "./scene.js";

export class Drawing {
  /** @param {EmbeddingMap} map */
  constructor(map) {
    this.map = map;
    this.painter = new Painter(map.frame.points, map.frame.marks);
    /** @type {import("./scene.js").Picture | null} */
    this.picture = null;
    this.request = 0;
  }

  compose() {
    const begin = performance.now();
    this.picture = compose(this.look(), this.map.paints());
    this.map.root.dataset.composeMs = (performance.now() - begin).toFixed(2);
  }

  /** @returns {import("./scene.js").Look} */
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
      selected: map.selected,
      shown: map.passing,
      isolated: new Set(map.view.value.isolated),
    };
  }

  draw() {
    const { map, picture } = this;
    if (!picture || !map.places || map.end.signal.aborted) return;
    if (this.painter.ratio !== window.devicePixelRatio) this.fit();
    const begin = performance.now();
    this.painter.drawPoints(map.places, picture, map.camera, map.theme.background);
    map.root.dataset.drawMs = (performance.now() - begin).toFixed(2);
    map.root.dataset.drawn = String(map.places.n);
    map.stage.dataset.zoomed = String(!map.camera.isHome);
    this.drawMarks();
    map.parts.moved();
  }

  drawMarks() {
    const { map } = this;
    if (!map.places || !this.picture) return;
    const rings = map.view.value.pinned.map((row) => ({ row, reach: 5, width: 3 }));
    if (map.hovered >= 0) rings.push({ row: map.hovered, reach: 2, width: 2 });
    this.painter.drawMarks(map.places, rings, map.camera, map.theme, map.parts.lines());
  }

  /** Draws in the next frame, once. */
  soon() {
    this.request ||= requestAnimationFrame(() => {
      this.request = 0;
      this.draw();
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
  }
}
