/**
 * Draws points by writing pixels: needs no graphics processor, and gives the same pixels everywhere.
 *
 * @typedef {import("./markers.js").Marker} Marker
 * @typedef {import("./markers.js").Stamps} Stamps
 * @typedef {{pixels: Uint32Array, width: number, height: number}} Target
 * @typedef {{left: number, top: number, right: number, bottom: number}} Clip pixels; right and bottom lie outside
 * @typedef {{scale: number, left: number, top: number}} View pixel = position * scale + left; top - position * scale
 * @typedef {{x: Uint16Array, y: Uint16Array, colour: Uint16Array, palette: Uint32Array, shape: Uint8Array | null,
 *   paints: number, wrong: Uint8Array | null, wrongInk: number, background: number}} Scene positions, and what `Picture`
 *   says of them
 * @typedef {{rows: Uint32Array, markers: Marker[], side: number}} Layer markers: one for each shape, or one for all; side: of
 *   the square that stands for the marker in a hurry, pixels
 */

import { PHASES } from "./markers.js";

/** @param {Target} target @param {Clip} clip @param {number} colour */
export function clear({ pixels, width }, { left, top, right, bottom }, colour) {
  if (left === 0 && right === width) pixels.fill(colour, top * width, bottom * width);
  else for (let line = top; line < bottom; line++) pixels.fill(colour, line * width + left, line * width + right);
}

/**
 * Stamps the rows of a layer, anti-aliased, later ones on top.
 *
 * @param {Target} target
 * @param {Scene} scene
 * @param {Layer} layer
 * @param {View} view
 * @param {Clip} clip nothing outside is written
 * @param {number} from index in the layer's rows
 * @param {number} to
 * @returns {number} how many were in the clip
 */
export function paintMarkers(target, scene, { rows, markers }, { scale, left, top }, clip, from, to) {
  const { x, y, colour, palette, shape, background } = scene;
  const reach = Math.max(...markers.map(({ fill, rim }) => (rim ?? fill).size)) / 2;
  const [minX, maxX, minY, maxY] = [clip.left - reach, clip.right + reach, clip.top - reach, clip.bottom + reach];
  let painted = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i];
    const across = x[row] * scale + left;
    const down = top - y[row] * scale;
    if (across < minX || across > maxX || down < minY || down > maxY) continue;
    const marker = markers[shape === null || markers.length === 1 ? 0 : shape[row]];
    if (marker.rim !== null) stamp(target, marker.rim, across, down, background, clip);
    stamp(target, marker.fill, across, down, palette[colour[row]], clip);
    painted++;
  }
  return painted;
}

/**
 * @param {Target} target @param {Stamps} stamps @param {number} left @param {number} top its middle
 * @param {number} colour @param {Clip} clip
 */
function stamp(target, { size, stamps }, left, top, colour, clip) {
  const column = Math.floor(left);
  const line = Math.floor(top);
  const phase = Math.floor((top - line) * PHASES) * PHASES + Math.floor((left - column) * PHASES);
  const x = column - (size >> 1);
  const y = line - (size >> 1);
  const { full, edge, share, cover } = stamps[phase];
  const whole = x >= clip.left && y >= clip.top && x + size <= clip.right && y + size <= clip.bottom;
  if (!whole) {
    stampClipped(target, size, cover, x, y, colour, clip);
    return;
  }
  const { pixels } = target;
  const start = y * target.width + x;
  for (let i = 0; i < full.length; i++) pixels[start + full[i]] = colour;
  for (let i = 0; i < share.length; i++) {
    const pixel = start + edge[i];
    pixels[pixel] = blend(pixels[pixel], colour, share[i]);
  }
}

/**
 * @param {Target} target @param {number} size @param {Uint8Array} cover @param {number} x0 @param {number} y0
 * @param {number} colour @param {Clip} clip
 */
function stampClipped({ pixels, width }, size, cover, x0, y0, colour, clip) {
  const [from, to] = [Math.max(clip.left - x0, 0), Math.min(clip.right - x0, size)];
  for (let y = Math.max(clip.top - y0, 0); y < Math.min(clip.bottom - y0, size); y++) {
    for (let x = from; x < to; x++) {
      const pixel = (y0 + y) * width + x0 + x;
      pixels[pixel] = blend(pixels[pixel], colour, cover[y * size + x]);
    }
  }
}

/** @param {number} under @param {number} over @param {number} share of over, 0..255 @returns {number} both opaque */
export function blend(under, over, share) {
  const part = share + (share >> 7); // 0..256, so that 255 gives over itself
  const rest = 256 - part;
  const outer = (Math.imul(under & 0xff00ff, rest) + Math.imul(over & 0xff00ff, part)) >>> 8;
  const inner = (Math.imul((under >> 8) & 0xff, rest) + Math.imul((over >> 8) & 0xff, part)) & 0xff00;
  return (0xff000000 | (outer & 0xff00ff) | inner) >>> 0;
}

/**
 * Draws the rows of a layer as plain squares on whole pixels: several times faster than markers, for frames in a hurry.
 *
 * @param {Target} target
 * @param {Scene} scene
 * @param {Pick<Layer, "rows" | "side">} layer
 * @param {View} view
 * @returns {number} how many were in view
 */
export function paintSquares({ pixels, width, height }, scene, { rows, side }, { scale, left, top }) {
  const { x, y, colour, palette } = scene;
  const [startX, startY] = [left - side / 2 + 0.5, top - side / 2 + 0.5];
  const [columns, lines] = [Math.max(width - side, 0), Math.max(height - side, 0)];
  let painted = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const column = (x[row] * scale + startX) | 0;
    const line = (startY - y[row] * scale) | 0;
    if (column >>> 0 > columns || line >>> 0 > lines) continue;
    painted++;
    const ink = palette[colour[row]];
    let pixel = line * width + column;
    for (let down = 0; down < side; down++, pixel += width) {
      for (let across = 0; across < side; across++) pixels[pixel + across] = ink;
    }
  }
  return painted;
}

/**
 * Moves what is drawn by whole pixels. What comes in from outside is not drawn yet: see `uncovered`.
 *
 * @param {Target} target @param {number} dx @param {number} dy pixels, to the right and down
 */
export function shift({ pixels, width }, dx, dy) {
  const offset = dy * width + dx;
  if (offset >= 0) pixels.copyWithin(offset, 0, pixels.length - offset);
  else pixels.copyWithin(0, -offset, pixels.length);
}

/**
 * @param {Target} target @param {number} dx @param {number} dy pixels that were shifted
 * @returns {Clip[]} the parts that came in from outside; they do not overlap
 */
export function uncovered({ width, height }, dx, dy) {
  const top = Math.max(dy, 0);
  const bottom = Math.min(height + dy, height);
  const parts = [
    { left: 0, top: 0, right: width, bottom: top },
    { left: 0, top: bottom, right: width, bottom: height },
    { left: 0, top, right: Math.max(dx, 0), bottom },
    { left: Math.min(width + dx, width), top, right: width, bottom },
  ];
  return parts.filter((part) => part.right > part.left && part.bottom > part.top);
}
