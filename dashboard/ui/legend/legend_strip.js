/**
 * The legend as a strip below a picture of the map: markers and names in lines, or a scale.
 *
 * @typedef {import("../render/scene.js").Picture} Picture
 * @typedef {Pick<import("../render/scene.js").Entry, "name" | "count" | "paint" | "path" | "muted">} Mark
 * @typedef {{width: number, top: number, font: string, theme: import("../render/theme.js").Theme}} Strip pixels of the page
 */

import { thousands } from "../data/numbers.js";
import { DISC, SHAPES } from "../render/shapes.js";

const SIZE = 13; // pixels of the text
const LINE = 22;
const PADDING = 14;
const MARK = 5; // radius of a marker
const GAP = 18; // between entries
const SCALE_WIDTH = 260;
const SCALE_HEIGHT = 10;


/**
 * @param {CanvasRenderingContext2D} context @param {Picture} picture @param {number} width @param {string} font
 * @returns {number} pixels
 */
export function legendHeight(context, picture, width, font) {
  if (picture.scale) return 2 * PADDING + LINE + SCALE_HEIGHT;
  const places = placesOf(context, listed(picture), width, font);
  const lines = places.length ? places[places.length - 1].line + 1 : 0;
  return lines ? 2 * PADDING + lines * LINE : 0;
}

/** @param {Picture} picture @returns {Mark[]} what has a colour of its own, and what has none */
function listed({ entries, rest }) {
  return [...entries, ...rest.map((one) => ({ ...one, path: SHAPES[DISC].path, muted: false }))];
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Strip} strip */
export function drawLegend(context, picture, strip) {
  context.textBaseline = "middle";
  if (picture.scale) drawScale(context, picture.scale, strip);
  else drawEntries(context, listed(picture), strip);
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Mark[]} entries @param {number} width @param {string} font
 * @returns {{left: number, line: number, name: string, count: string, nameWidth: number}[]}
 */
function placesOf(context, entries, width, font) {
  context.font = `${SIZE}px ${font}`;
  let [left, line] = [PADDING, 0];
  return entries.map((entry) => {
    const name = fit(context, entry.name, width - 2 * PADDING - 90);
    const count = thousands(entry.count);
    const nameWidth = context.measureText(name).width;
    const wide = 2 * MARK + 7 + nameWidth + 6 + context.measureText(count).width;
    if (left > PADDING && left + wide > width - PADDING) [left, line] = [PADDING, line + 1];
    const place = { left, line, name, count, nameWidth };
    left += wide + GAP;
    return place;
  });
}

/**
 * @param {CanvasRenderingContext2D} context @param {string} text @param {number} width
 * @returns {string} cut where it is longer
 */
function fit(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

/** @param {CanvasRenderingContext2D} context @param {Mark[]} entries @param {Strip} strip */
function drawEntries(context, entries, { width, top, font, theme }) {
  placesOf(context, entries, width, font).forEach(({ left, line, name, count, nameWidth }, i) => {
    const middle = top + PADDING + (line + 0.5) * LINE;
    context.globalAlpha = entries[i].muted ? 0.4 : 1;
    drawMarker(context, entries[i], left + MARK, middle);
    context.fillStyle = theme.text;
    context.fillText(name, left + 2 * MARK + 7, middle);
    context.globalAlpha *= 0.65;
    context.fillText(count, left + 2 * MARK + 7 + nameWidth + 6, middle);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Mark} entry @param {number} left @param {number} top its middle */
function drawMarker(context, { path, paint }, left, top) {
  context.save();
  context.translate(left, top);
  context.scale(MARK, MARK);
  context.fillStyle = paint;
  context.fill(new Path2D(path), "evenodd");
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {import("../render/scales.js").Scale} scale @param {Strip} strip */
function drawScale(context, { title, stops, ends }, { width, top, font, theme }) {
  const wide = Math.min(SCALE_WIDTH, width - 2 * PADDING);
  const gradient = context.createLinearGradient(PADDING, 0, PADDING + wide, 0);
  stops.forEach((stop, i) => gradient.addColorStop(i / Math.max(stops.length - 1, 1), stop));
  context.fillStyle = gradient;
  context.fillRect(PADDING, top + PADDING, wide, SCALE_HEIGHT);
  context.font = `${SIZE}px ${font}`;
  context.fillStyle = theme.text;
  const line = top + PADDING + SCALE_HEIGHT + LINE / 2;
  for (const [align, text, left] of /** @type {const} */ ([
    ["left", ends[0], PADDING],
    ["center", title, PADDING + wide / 2],
    ["right", ends[1], PADDING + wide],
  ])) {
    context.textAlign = align;
    context.fillText(text, left, line);
  }
  context.textAlign = "left";
}
