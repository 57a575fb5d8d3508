/**
 * Draws the few things above the points: marks in their places, rings, lines between points, outlines of selections.
 *
 * @typedef {import("../space/camera.js").Camera} Camera
 * @typedef {import("../data/columns.js").Points} Points
 * @typedef {{row: number, reach: number, width: number, colour?: string, dashed?: boolean}} Ring reach: pixels outside the point;
 *   colour: of the ring, by default the text's
 * @typedef {{row: number, shape: "up" | "down" | "disc", colour: string}} Mark drawn larger in the place of a point, or at the corner of its image
 * @typedef {{from: number | {x: number, y: number}, to: number, torn: boolean, colour?: string, width?: number}} Line between two rows,
 *   or from a position; torn: dashed, and stands out where it has no width of its own; colour: by default the text's
 * @typedef {{points: ArrayLike<number>}} Outline closed: x, y, x, y, … in positions
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box pixels of the stage
 * @typedef {{marks?: Mark[], rings: Ring[], lines: Line[], outline: Outline | null}} Overlay
 * @typedef {{places: Points, camera: Camera, radius: number, square: number}} Stage radius: of a point, pixels; square:
 *   side of the thumbnails that stand in for points, 0 where there are none
 * @typedef {{text: string, background: string, primary?: string}} Inks
 */

import { contextOf } from "../dom/canvas.js";

const CASING = 3; // pixels a line's casing is wider than the line: it is seen on points of any colour
const DASH = [7, 5];
const BROKEN = [3, 3]; // of a ring
const CROWD = 150; // marks in view from which on they are small
const LARGE = 11; // radius of a mark, pixels

/** What was drawn, so that no more than that has to be cleared. */
export class OverlayCanvas {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = contextOf(canvas);
    /** @type {Box | null} */
    this.used = null;
  }

  /** @param {Overlay} overlay @param {Stage} stage @param {Inks} inks @param {number} ratio device pixels in one */
  draw(overlay, stage, inks, ratio) {
    const { context, used } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (used) context.clearRect(used.left, used.top, used.right - used.left, used.bottom - used.top);
    this.used = drawOverlay(context, overlay, stage, inks);
  }

  /** The canvas was emptied by somebody else. */
  forget() {
    this.used = null;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Overlay} overlay
 * @param {Stage} stage
 * @param {Inks} inks
 * @returns {Box | null} round what was drawn
 */
export function drawOverlay(context, { marks = [], rings, lines, outline }, stage, inks) {
  const extent = new Extent();
  drawMarks(context, marks, stage, inks, extent);
  const ordered = lines.toSorted((one, other) => Number(one.torn) - Number(other.torn)); // torn ones on top
  const kinds = Map.groupBy(ordered, ({ torn, colour, width }) => `${torn} ${colour} ${width}`);
  for (const alike of kinds.values()) drawLines(context, alike, stage, inks, extent);
  const looks = Map.groupBy(rings, ({ reach, width, colour, dashed }) => `${reach} ${width} ${colour} ${dashed}`);
  for (const alike of looks.values()) drawRings(context, alike, stage, inks, extent);
  if (outline) drawOutline(context, outline, stage, inks, extent);
  return extent.box;
}

/** Grows round what is drawn. */
class Extent {
  /** @type {Box | null} */
  box = null;

  /** @param {number} left @param {number} top @param {number} reach */
  add(left, top, reach) {
    const box = (this.box ??= { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity });
    if (left - reach < box.left) box.left = Math.floor(left - reach);
    if (top - reach < box.top) box.top = Math.floor(top - reach);
    if (left + reach > box.right) box.right = Math.ceil(left + reach);
    if (top + reach > box.bottom) box.bottom = Math.ceil(top + reach);
  }
}

/**
 * Few are large and have an edge; many are small: a thousand edges would hide the points.
 *
 * @param {CanvasRenderingContext2D} context @param {Mark[]} marks @param {Stage} stage @param {Inks} inks @param {Extent} extent
 */
function drawMarks(context, marks, { places, camera, radius, square }, inks, extent) {
  const seen = [];
  for (const { row, shape, colour } of marks) {
    const [left, top] = camera.toScreen(places.x[row], places.y[row]);
    if (left > -LARGE && top > -LARGE && left < camera.width + LARGE && top < camera.height + LARGE) seen.push({ left, top, look: `${shape} ${colour}` });
  }
  const few = seen.length <= CROWD;
  const size = few ? Math.min(Math.max(1.5 * radius, 6), LARGE) : Math.min(Math.max(radius, 2.5), 4);
  for (const [look, alike] of Map.groupBy(seen, (mark) => mark.look)) {
    const [shape, colour] = look.split(" ");
    const framed = square > 0 && shape === "disc";
    const aside = square && !framed ? square / 2 - size : 0; // an image is not covered, but for its corner
    context.beginPath();
    for (const { left, top } of alike) {
      if (framed) context.rect(left - square / 2 - 2, top - square / 2 - 2, square + 4, square + 4);
      else outline(context, shape, left + aside, top - aside, size);
      extent.add(left + aside, top - aside, 2 * size + CASING + square / 2);
    }
    stroke(context, inks.background, few ? 1 + CASING : CASING / 2);
    if (few || framed) stroke(context, inks.text, 2);
    context.fillStyle = colour;
    if (!framed) context.fill();
  }
}

/** @param {CanvasRenderingContext2D} context @param {string} shape @param {number} x @param {number} y @param {number} size its radius */
function outline(context, shape, x, y, size) {
  if (shape === "disc") {
    context.moveTo(x + size, y);
    return context.arc(x, y, size, 0, 2 * Math.PI);
  }
  const tip = (shape === "up" ? -1.2 : 1.2) * size;
  context.moveTo(x, y + tip);
  context.lineTo(x + 1.15 * size, y - tip / 1.6);
  context.lineTo(x - 1.15 * size, y - tip / 1.6);
  context.closePath();
}

/**
 * @param {CanvasRenderingContext2D} context @param {Ring[]} rings that look alike @param {Stage} stage @param {Inks} inks
 * @param {Extent} extent
 */
function drawRings(context, rings, { places, camera, radius, square }, inks, extent) {
  const { reach, width, colour, dashed } = rings[0];
  const half = (square ? square / 2 : radius) + reach;
  const edge = half + width + CASING;
  context.beginPath();
  for (const { row } of rings) {
    const [left, top] = camera.toScreen(places.x[row], places.y[row]);
    if (left < -edge || top < -edge || left > camera.width + edge || top > camera.height + edge) continue;
    if (square) context.rect(left - half, top - half, 2 * half, 2 * half);
    else {
      context.moveTo(left + half, top);
      context.arc(left, top, half, 0, 2 * Math.PI);
    }
    extent.add(left, top, edge);
  }
  stroke(context, inks.background, width + CASING);
  stroke(context, colour ?? inks.text, width, dashed ? BROKEN : []);
}

/**
 * @param {CanvasRenderingContext2D} context @param {Line[]} lines that look alike @param {Stage} stage
 * @param {Inks} inks @param {Extent} extent
 */
function drawLines(context, lines, { places: { x, y }, camera }, inks, extent) {
  const [{ torn, colour, width = torn ? 2 : 1 }] = lines;
  context.beginPath();
  for (const { from, to } of lines) {
    const begin = typeof from === "number" ? { x: x[from], y: y[from] } : from;
    const [start, end] = [camera.toScreen(begin.x, begin.y), camera.toScreen(x[to], y[to])];
    context.moveTo(...start);
    context.lineTo(...end);
    for (const [left, top] of [start, end]) extent.add(left, top, 2 * CASING);
  }
  stroke(context, inks.background, width + 2);
  stroke(context, colour ?? inks.text, width, torn ? DASH : []);
}

/**
 * @param {CanvasRenderingContext2D} context @param {Outline} outline @param {Stage} stage @param {Inks} inks
 * @param {Extent} extent
 */
function drawOutline(context, { points }, { camera }, inks, extent) {
  context.beginPath();
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [left, top] = camera.toScreen(points[i], points[i + 1]);
    context.lineTo(left, top);
    extent.add(left, top, 2 * CASING);
  }
  context.closePath();
  const { background, text, primary = text } = inks;
  context.globalAlpha = 0.08;
  context.fillStyle = primary;
  context.fill("evenodd");
  context.globalAlpha = 1;
  context.lineJoin = "round";
  stroke(context, background, 1.5 + CASING);
  stroke(context, primary, 1.5);
}

/** @param {CanvasRenderingContext2D} context @param {string} colour @param {number} width @param {number[]} [dash] */
function stroke(context, colour, width, dash = []) {
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
