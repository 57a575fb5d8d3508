/**
 * Thumbnails on the map: which are drawn, how large, and how.
 *
 * @typedef {import("./atlas.js").Thumbnails} Atlas
 * @typedef {import("../space/camera.js").Camera} Camera
 * @typedef {import("./painter.js").Frame} Frame
 * @typedef {import("./raster.js").View} View
 * @typedef {import("./raster.js").Target} Target
 * @typedef {import("./raster.js").Scene} Scene
 * @typedef {import("./blit.js").Look} Look
 * @typedef {import("./blit.js").Place} Place
 * @typedef {{size: number, border: number, cell: number, rows: Uint32Array, complete: boolean,
 *   sheets: import("./atlas.js").Sheets}} Plan size of an image
 *   and its border in device pixels; cell: side of the grid's cell, 0 in the scatter; rows: topmost first; complete:
 *   whether all that is lit and in view is among them, and loaded
 */

import { blit } from "./blit.js";
import { hex } from "./colours.js";
import { mipmapFor } from "./mipmaps.js";
import { blend } from "./raster.js";

const SMALLEST = 8; // pixels of the page: below, an image stays a point
const LARGEST = 96;
const IN_CELL = 3; // pixels of the page: a grid of so small images still shows where it is light and dark
const HOME = 0.55; // of the space a point has at home
const HOME_MOST = 5; // pixels: at home, points are points
const SLOWER = 0.8; // images grow more slowly than the map, so that they come apart
const MOST = 12000; // images in a frame
const SHARP_MOST = 1500; // drawn with care when the viewer rests
const SHARP_FROM = 20; // device pixels; smaller ones are copied from a mipmap of just that size
const BORDER_FROM = 12; // pixels of the page: of a grid's cell with room for a border
const CORNER_FROM = 16; // device pixels: smaller images are too small for a corner that marks wrong ones
const FADED = 90; // of 255: how much of an image is left outside the selection
const EXACT = 0.12; // how far from a whole multiple a size may be to be rounded to it

/**
 * @param {number} n points
 * @param {Camera} camera
 * @param {number} cell side of a grid's cell in positions, 0 in the scatter
 * @returns {number} side of a thumbnail in pixels of the page; 0 where points stay points
 */
export function thumbnailSize(n, { width, height, zoom, scale }, cell = 0) {
  if (cell) return cell * scale >= IN_CELL ? cell * scale : 0;
  const home = Math.min(HOME * Math.sqrt((width * height) / Math.max(n, 1)), HOME_MOST);
  const grown = (home * zoom) / SMALLEST;
  return grown < 1 ? 0 : Math.min(SMALLEST * grown ** SLOWER, LARGEST);
}

/**
 * @param {number} size device pixels
 * @param {number} cell side of a thumbnail in the sheet
 * @returns {number} a size that shows pixels crisply, if one is near
 */
export function crisp(size, cell) {
  if (size <= SHARP_FROM) return size < 11 ? 8 : 16;
  const times = Math.max(Math.round(size / cell), 1);
  return cell <= 16 || Math.abs(size / cell - times) < EXACT ? times * cell : Math.round(size);
}

export class Montage {
  /** @param {Atlas} atlas */
  constructor(atlas) {
    this.atlas = atlas;
    this.rows = new Uint32Array(MOST);
  }

  /**
   * @param {Frame} frame @param {View} view @param {Target} target @param {number} ratio
   * @returns {Plan | null} null where there are only points
   */
  plan({ places, picture, camera, cell }, view, target, ratio) {
    const { sheets } = this.atlas;
    const wished = thumbnailSize(places.n, camera, cell) * ratio;
    if (!sheets || !wished) return null;
    const border = borderOf(wished, cell, ratio);
    const size = cell ? wished : crisp(wished, sheets.cell);
    const all = picture.order.length - picture.muted.length;
    const count = this.choose(places, picture.order, all, view, target, size / 2 + border);
    const rows = this.rows.subarray(0, count);
    const loaded = this.request(rows, sheets.perSheet, sheets.urls.length);
    return { size, border, cell: cell ? wished : 0, rows, complete: loaded && count < MOST, sheets };
  }

  /**
   * @param {import("../data/columns.js").Points} places @param {Uint32Array} order @param {number} all how many of it are lit
   * @param {View} view @param {Target} target @param {number} reach
   * @returns {number} how many of the topmost rows in view were noted
   */
  choose({ x, y }, order, all, { scale, left, top }, { width, height }, reach) {
    let count = 0;
    for (let i = order.length - 1; i >= order.length - all && count < MOST; i--) {
      const row = order[i];
      const across = x[row] * scale + left;
      const down = top - y[row] * scale;
      if (across < -reach || down < -reach || across > width + reach || down > height + reach) continue;
      this.rows[count++] = row;
    }
    return count;
  }

  /** @param {Uint32Array} rows @param {number} perSheet @param {number} sheets @returns {boolean} whether all are there */
  request(rows, perSheet, sheets) {
    const counts = new Uint32Array(sheets);
    for (let i = 0; i < rows.length; i++) counts[Math.floor(rows[i] / perSheet)]++;
    const wanted = [...counts.keys()].filter((index) => counts[index]).sort((a, b) => counts[b] - counts[a]);
    this.atlas.want(wanted);
    return wanted.every((index) => this.atlas.small.has(index));
  }

  /**
   * Copies the images into pixels; a row whose sheet is not there stays a point.
   *
   * @param {Target} target @param {Scene} scene @param {Plan} plan @param {View} view
   */
  paint(target, scene, plan, view) {
    this.each(this.atlas.small, scene, plan, view, (mipmaps, column, line, place, look) => {
      blit(target, mipmapFor(mipmaps, place.width), column, line, place, look);
    });
  }

  /**
   * Draws the images from their sheets, over those that were copied.
   *
   * @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Plan} plan @param {View} view
   */
  sharpen(context, scene, plan, view) {
    const { cell } = plan.sheets;
    if (plan.size <= Math.min(SHARP_FROM, cell) || plan.rows.length > SHARP_MOST) return;
    context.imageSmoothingEnabled = cell > 16 && plan.size % cell !== 0;
    context.imageSmoothingQuality = "high";
    this.each(this.atlas.images, scene, plan, view, (image, column, line, place, look) => {
      drawSharp(context, image, column * cell, line * cell, cell, place, look);
    });
  }

  /**
   * @template Sheet
   * @param {Map<number, Sheet>} sheets that are there
   * @param {Scene} scene @param {Plan} plan @param {View} view
   * @param {(sheet: Sheet, column: number, line: number, place: Place, look: Look) => void} draw one image, the topmost last
   */
  each(sheets, scene, plan, view, draw) {
    const { columns, perSheet } = plan.sheets;
    const look = { border: plan.border, ink: 0, share: 255, background: scene.background, corner: 0, cornerInk: 0 };
    for (let i = plan.rows.length - 1; i >= 0; i--) {
      const row = plan.rows[i];
      const sheet = sheets.get(Math.floor(row / perSheet));
      if (!sheet) continue;
      const place = placeOf(row, scene, plan, view);
      const within = row % perSheet;
      this.lookOf(look, row, scene, place.width);
      draw(sheet, within % columns, Math.floor(within / columns), place, look);
    }
  }

  /** @param {Look} look changed @param {number} row @param {Scene} scene @param {number} size */
  lookOf(look, row, scene, size) {
    const faded = scene.colour[row] >= scene.paints;
    look.ink = scene.palette[scene.colour[row]];
    look.share = faded ? FADED : 255;
    look.cornerInk = faded ? blend(scene.background, scene.wrongInk, FADED) : scene.wrongInk;
    look.corner = size >= CORNER_FROM && scene.wrong !== null && scene.wrong[row] ? Math.round(size * 0.28) : 0;
  }
}

/** @param {number} size @param {number} cell @param {number} ratio @returns {number} device pixels */
function borderOf(size, cell, ratio) {
  if (cell && size < BORDER_FROM * ratio) return 0;
  return Math.max(Math.min(Math.round(size / 14), Math.round(3 * ratio)), 1);
}

/** @param {number} row @param {Scene} scene @param {Plan} plan @param {View} view @returns {Place} */
function placeOf(row, { x, y }, { size, cell, border }, { scale, left, top }) {
  const across = x[row] * scale + left;
  const down = top - y[row] * scale;
  if (!cell) return { left: Math.round(across - size / 2), top: Math.round(down - size / 2), width: size, height: size };
  const [x0, y0] = [Math.round(across - cell / 2), Math.round(down - cell / 2)]; // neighbours share an edge: no gaps
  const [x1, y1] = [Math.round(across + cell / 2), Math.round(down + cell / 2)];
  const inset = border + (border ? 1 : 0);
  return { left: x0 + border, top: y0 + border, width: x1 - x0 - inset - border, height: y1 - y0 - inset - border };
}

/**
 * @param {CanvasRenderingContext2D} context @param {ImageBitmap} image @param {number} fromX @param {number} fromY
 * @param {number} cell @param {Place} place @param {Look} look
 */
function drawSharp(context, image, fromX, fromY, cell, { left, top, width, height }, look) {
  const { border, share, corner } = look;
  context.fillStyle = hex(look.ink);
  context.fillRect(left - border, top - border, width + 2 * border, height + 2 * border);
  context.fillStyle = hex(look.background);
  context.fillRect(left, top, width, height);
  context.globalAlpha = share / 255;
  context.drawImage(image, fromX, fromY, cell, cell, left, top, width, height);
  context.globalAlpha = 1;
  if (!corner) return;
  for (const [reach, ink] of [[corner + 1.5, look.background], [corner, look.cornerInk]]) {
    context.fillStyle = hex(ink);
    context.beginPath();
    context.moveTo(left + width - reach, top);
    context.lineTo(left + width, top);
    context.lineTo(left + width, top + reach);
    context.fill();
  }
}
