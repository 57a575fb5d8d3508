/**
 * Copies thumbnails into pixels.
 *
 * @typedef {import("./raster.js").Target} Target
 * @typedef {import("./mipmaps.js").Mipmap} Mipmap
 * @typedef {{left: number, top: number, width: number, height: number}} Place whole pixels
 * @typedef {{border: number, ink: number, share: number, background: number, corner: number, cornerInk: number}} Look
 *   border: pixels round the image; share: of the image over the background, 0..255; corner: pixels of the triangle
 *   that marks it, 0 for none
 */

import { blend } from "./raster.js";

/** @param {Target} target @param {Place} place @param {number} colour */
export function fill({ pixels, width, height }, place, colour) {
  const [left, right] = [Math.max(place.left, 0), Math.min(place.left + place.width, width)];
  if (right <= left) return;
  const bottom = Math.min(place.top + place.height, height);
  for (let y = Math.max(place.top, 0); y < bottom; y++) {
    for (let pixel = y * width + left; pixel < y * width + right; pixel++) pixels[pixel] = colour;
  }
}

/**
 * @param {Target} target
 * @param {Mipmap} mipmap
 * @param {number} column @param {number} line of the thumbnail in its sheet
 * @param {Place} place of the image, without its border
 * @param {Look} look
 */
export function blit(target, mipmap, column, line, place, look) {
  const { border, share, background } = look;
  if (border) {
    const { left, top, width, height } = place;
    const outer = { left: left - border, top: top - border, width: width + 2 * border, height: height + 2 * border };
    fill(target, outer, look.ink);
  }
  copy(target, mipmap, column * mipmap.size, line * mipmap.size, place, share, background);
  if (look.corner) markCorner(target, place, look.corner, look.cornerInk, background);
}

/**
 * @param {Target} target @param {Mipmap} mipmap @param {number} fromX @param {number} fromY @param {Place} place
 * @param {number} share @param {number} background
 */
function copy({ pixels, width, height }, mipmap, fromX, fromY, { left, top, width: across, height: down }, share, background) {
  const [x0, x1] = [Math.max(-left, 0), Math.min(across, width - left)];
  const [y0, y1] = [Math.max(-top, 0), Math.min(down, height - top)];
  const [stepX, stepY] = [mipmap.size / across, mipmap.size / down];
  const source = mipmap.pixels;
  for (let y = y0; y < y1; y++) {
    const from = (fromY + Math.floor((y + 0.5) * stepY)) * mipmap.width + fromX;
    const to = (top + y) * width + left;
    if (across === mipmap.size && share === 255) for (let x = x0; x < x1; x++) pixels[to + x] = source[from + x];
    else if (share === 255) for (let x = x0; x < x1; x++) pixels[to + x] = source[from + (((x + 0.5) * stepX) | 0)];
    else for (let x = x0; x < x1; x++) pixels[to + x] = blend(background, source[from + (((x + 0.5) * stepX) | 0)], share);
  }
}

/** @param {Target} target @param {Place} place @param {number} size @param {number} ink @param {number} background */
function markCorner({ pixels, width, height }, place, size, ink, background) {
  const right = place.left + place.width;
  for (let down = 0; down <= size; down++) {
    const y = place.top + down;
    if (y < 0 || y >= height) continue;
    for (let x = Math.max(right - size - 1 + down, 0); x < Math.min(right, width); x++) {
      const casing = x === right - size - 1 + down; // a line of background: the mark is seen on any image
      pixels[y * width + x] = casing ? background : ink;
    }
  }
}
