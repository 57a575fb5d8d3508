/**
 * The shape that a gesture draws: a lasso, or a box from corner to corner.
 *
 * @typedef {"lasso" | "box"} Shape
 */

import { simplify } from "./polygon.js";

const STEP = 2; // pixels between two vertices
const TOLERANCE = 0.7; // pixels that the outline may move when it is made simpler
const VERTICES = 400;
const TOO_MANY = 2000; // vertices while drawing

export class Outline {
  /** @param {SVGElement} drawing holds polygons */
  constructor(drawing) {
    this.drawing = drawing;
    this.polygons = drawing.querySelectorAll("polygon"); // a line, and a casing so that it is seen on any colour
    /** @type {Shape | null} */
    this.shape = null;
    /** @type {number[]} x, y, x, y ... in pixels */
    this.points = [];
  }

  /** @param {Shape} shape @param {number} x @param {number} y pixels @param {string} mode for the eye */
  begin(shape, x, y, mode) {
    this.shape = shape;
    this.points = [x, y];
    this.drawing.dataset.mode = mode;
  }

  /** @param {number} x @param {number} y */
  extend(x, y) {
    const { points } = this;
    if (this.shape === "box") this.points = [points[0], points[1], x, points[1], x, y, points[0], y];
    else if (Math.hypot(x - points[points.length - 2], y - points[points.length - 1]) < STEP) return;
    else points.push(x, y);
    if (points.length > 2 * TOO_MANY) this.points = simplify(points, TOLERANCE, TOO_MANY / 2);
    const text = this.points.join(" ");
    for (const polygon of this.polygons) polygon.setAttribute("points", text);
  }

  /** @returns {number[]} the shape in pixels; empty where it has no area */
  finish() {
    const { points } = this;
    this.clear();
    const shape = simplify(points, TOLERANCE, VERTICES);
    return shape.length < 6 ? [] : shape;
  }

  clear() {
    this.shape = null;
    this.points = [];
    for (const polygon of this.polygons) polygon.removeAttribute("points");
  }
}
