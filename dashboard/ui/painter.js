/**
 * Draws on the stage's two canvases: all points below, the rings round a few of them above.
 * The one place that knows how; a renderer for graphics processors would have the same three methods.
 *
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./scene.js").Picture} Picture
 * @typedef {import("./columns.js").Points} Points
 * @typedef {{row: number, reach: number, width: number}} Ring reach: pixels outside the point
 * @typedef {{from: number, to: number, torn: boolean}} Line between two rows; torn: dashed, and stands out
 */

import { pack } from "./colours.js";
import { cross, disc, paint } from "./raster.js";

const LARGEST = 9; // radius of a point, pixels

/**
 * @param {number} n points
 * @param {Camera} camera
 * @returns {number} radius in pixels: what leaves gaps at home, growing slowly with the zoom
 */
export function pointRadius(n, { width, height, zoom }) {
  const home = Math.min(Math.max(0.3 * Math.sqrt((width * height) / Math.max(n, 1)), 1.4), 4.5);
  return Math.min(home * Math.max(zoom, 1) ** 0.5, LARGEST);
}

export class Painter {
  /** @param {HTMLCanvasElement} points @param {HTMLCanvasElement} marks */
  constructor(points, marks) {
    this.pointsContext = /** @type {CanvasRenderingContext2D} */ (points.getContext("2d", { alpha: false }));
    this.marksContext = /** @type {CanvasRenderingContext2D} */ (marks.getContext("2d"));
    this.canvases = [points, marks];
    this.ratio = 1;
    this.masksFor = "";
  }

  /** @param {number} width @param {number} height pixels of the page @param {number} ratio device pixels in one */
  resize(width, height, ratio) {
    this.ratio = ratio;
    for (const canvas of this.canvases) {
      canvas.width = Math.max(Math.round(width * ratio), 1);
      canvas.height = Math.max(Math.round(height * ratio), 1);
    }
    const image = this.pointsContext.createImageData(this.canvases[0].width, this.canvases[0].height);
    this.image = image;
    this.target = { pixels: new Uint32Array(image.data.buffer), width: image.width, height: image.height };
  }

  /**
   * @param {Points} points
   * @param {Picture} picture
   * @param {Camera} camera
   * @param {string} background `#rrggbb`
   */
  drawPoints(points, picture, camera, background) {
    if (!this.target || !this.image) return;
    const masks = this.masks(pointRadius(points.n, camera) * this.ratio);
    const scene = { ...points, ...picture, background: pack(background) };
    const layers = [
      { rows: picture.muted, fill: masks.muted, rim: null },
      { rows: picture.plain, fill: masks.disc, rim: masks.rim },
      { rows: picture.marked, fill: masks.cross, rim: masks.crossRim },
    ];
    const scale = camera.scale * this.ratio;
    const left = this.target.width / 2 - camera.x * scale;
    const top = this.target.height / 2 + camera.y * scale;
    paint(this.target, scene, layers, { scale, left, top });
    this.pointsContext.putImageData(this.image, 0, 0);
  }

  /**
   * @param {Points} points
   * @param {Ring[]} rings
   * @param {Camera} camera
   * @param {{text: string, background: string}} theme
   * @param {Line[]} lines below the rings
   */
  drawMarks(points, rings, camera, { text, background }, lines = []) {
    const context = this.marksContext;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    const radius = pointRadius(points.n, camera);
    for (const line of lines) this.drawLine(points, line, camera, text, background);
    for (const { row, reach, width } of rings) {
      const [left, top] = camera.toScreen(points.x[row], points.y[row]);
      context.beginPath();
      context.arc(left, top, radius + reach, 0, 2 * Math.PI);
      this.stroke(background, width + 3); // a casing: the ring is seen on points of any colour
      this.stroke(text, width);
    }
  }

  /** @param {Points} points @param {Line} line @param {Camera} camera @param {string} text @param {string} background */
  drawLine({ x, y }, { from, to, torn }, camera, text, background) {
    const context = this.marksContext;
    context.beginPath();
    context.moveTo(...camera.toScreen(x[from], y[from]));
    context.lineTo(...camera.toScreen(x[to], y[to]));
    this.stroke(background, torn ? 4 : 3);
    context.setLineDash(torn ? [7, 5] : []);
    this.stroke(text, torn ? 2 : 1);
    context.setLineDash([]);
  }

  /** @param {string} colour @param {number} width */
  stroke(colour, width) {
    this.marksContext.strokeStyle = colour;
    this.marksContext.lineWidth = width;
    this.marksContext.stroke();
  }

  /** @param {number} radius device pixels */
  masks(radius) {
    const name = `${radius.toFixed(2)} ${this.ratio}`;
    if (name === this.masksFor && this.cached) return this.cached;
    const rim = radius < 2.2 * this.ratio ? 0 : 0.6 * this.ratio; // small ones would be mostly rim
    const arms = Math.max(radius * 0.55, 1.3 * this.ratio);
    this.masksFor = name;
    this.cached = {
      muted: disc(Math.max(radius * 0.75, this.ratio)),
      disc: disc(radius),
      rim: rim ? disc(radius + rim) : null,
      cross: cross(radius * 1.25, arms),
      crossRim: rim ? cross(radius * 1.25 + rim, arms + 2 * rim) : null,
    };
    return this.cached;
  }
}
