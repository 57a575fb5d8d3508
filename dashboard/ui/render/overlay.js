/**
 * Draws the few things above the points: rings, lines between points, outlines of selections.
 *
 * @typedef {import("../space/camera.js").Camera} Camera
 * @typedef {import("../data/columns.js").Points} Points
 * @typedef {{row: number, reach: number, width: number, colour?: string, dashed?: boolean}} Ring reach: pixels outside the point;
 *   colour: of the ring, by default the text's
 * @typedef {{from: number, to: number, torn: boolean, colour?: string, width?: number}} Line between two rows; torn: dashed,
 *   and stands out where it has no width of its own; colour: by default the text's
 * @typedef {{points: ArrayLike<number>, closed: boolean}} Outline x, y, x, y, … in positions
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box pixels of the stage
 * @typedef {{rings: Ring[], lines: Line[], outline: Outline | null}} Marks
 * @typedef {{places: Points, camera: Camera, radius: number, square: number}} Stage radius: of a point, pixels; square:
 *   side of the thumbnails that stand in for points, 0 where there are none
 * @typedef {{text: string, background: string, primary?: string}} Inks
 */

const CASING = 3; // pixels a line's casing is wider than the line: it is seen on points of any colour
const DASH = [7, 5];
const BROKEN = [3, 3]; // of a ring

/** What was drawn, so that no more than that has to be cleared. */
export class MarksCanvas {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {Box | null} */
    this.used = null;
  }

  /** @param {Marks} marks @param {Stage} stage @param {Inks} inks @param {number} ratio device pixels in one */
  draw(marks, stage, inks, ratio) {
    const { context, used } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (used) context.clearRect(used.left, used.top, used.right - used.left, used.bottom - used.top);
    this.used = drawMarks(context, marks, stage, inks);
  }

  /** The canvas was emptied by somebody else. */
  forget() {
    this.used = null;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Marks} marks
 * @param {Stage} stage
 * @param {Inks} inks
 * @returns {Box | null} round what was drawn
 */
export function drawMarks(context, { rings, lines, outline }, stage, inks) {
  const extent = new Extent();
  const kind = (/** @type {Line} */ { torn, colour, width }) => `${torn} ${colour} ${width}`;
  const [whole, torn] = [false, true].map((wanted) => lines.filter((line) => line.torn === wanted));
  for (const alike of [...groups(whole, kind), ...groups(torn, kind)]) drawLines(context, alike, stage, inks, extent);
  const look = (/** @type {Ring} */ ring) => `${ring.reach} ${ring.width} ${ring.colour} ${ring.dashed}`;
  for (const alike of groups(rings, look)) drawRings(context, alike, stage, inks, extent);
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
 * @template T
 * @param {T[]} things @param {(thing: T) => string} look
 * @returns {Iterable<T[]>} those that look alike: each group is drawn in one stroke
 */
function groups(things, look) {
  const found = new Map();
  for (const thing of things) {
    const name = look(thing);
    if (found.has(name)) found.get(name).push(thing);
    else found.set(name, [thing]);
  }
  return found.values();
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
  context.setLineDash(dashed ? BROKEN : []);
  stroke(context, colour ?? inks.text, width);
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context @param {Line[]} lines that look alike @param {Stage} stage
 * @param {Inks} inks @param {Extent} extent
 */
function drawLines(context, lines, { places: { x, y }, camera }, inks, extent) {
  const [{ torn, colour, width = torn ? 2 : 1 }] = lines;
  context.beginPath();
  for (const { from, to } of lines) {
    for (const [row, join] of [[from, "moveTo"], [to, "lineTo"]]) {
      const [left, top] = camera.toScreen(x[row], y[row]);
      context[join](left, top);
      extent.add(left, top, 2 * CASING);
    }
  }
  stroke(context, inks.background, width + 2);
  context.setLineDash(torn ? DASH : []);
  stroke(context, colour ?? inks.text, width);
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context @param {Outline} outline @param {Stage} stage @param {Inks} inks
 * @param {Extent} extent
 */
function drawOutline(context, { points, closed }, { camera }, inks, extent) {
  context.beginPath();
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [left, top] = camera.toScreen(points[i], points[i + 1]);
    context.lineTo(left, top);
    extent.add(left, top, 2 * CASING);
  }
  if (closed) context.closePath();
  const { background, text, primary = text } = inks;
  context.globalAlpha = 0.08;
  context.fillStyle = primary;
  context.fill("evenodd");
  context.globalAlpha = 1;
  context.lineJoin = "round";
  stroke(context, background, 1.5 + CASING);
  stroke(context, primary, 1.5);
}

/** @param {CanvasRenderingContext2D} context @param {string} colour @param {number} width */
function stroke(context, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
