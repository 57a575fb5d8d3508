/**
 * Draws one thumbnail into a canvas of its own.
 *
 * @typedef {import("../render/atlas.js").Cell} Cell
 */

import { emptied } from "./canvas.js";

/**
 * Small images are enlarged by a whole factor, so that each of their pixels is one even square; larger ones are
 * scaled smoothly.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Cell | "loading" | "missing"} cell
 * @param {number} size side of the canvas in pixels of the page
 * @returns {"ready" | "loading" | "missing"}
 */
export function drawThumbnail(canvas, cell, size) {
  const { context } = emptied(canvas, size, size);
  const side = canvas.width;
  if (typeof cell === "string") return cell;
  if (!context) return "missing";
  const width = Math.floor(side / cell.size) * cell.size || side;
  const edge = Math.floor((side - width) / 2);
  context.imageSmoothingEnabled = width < cell.size;
  context.imageSmoothingQuality = "high";
  context.drawImage(cell.image, cell.left, cell.top, cell.size, cell.size, edge, edge, width, width);
  return "ready";
}
