/**
 * Draws one thumbnail into a canvas of its own.
 *
 * @typedef {import("../render/atlas.js").Cell} Cell
 */

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
  const side = Math.round(size * Math.max(window.devicePixelRatio || 1, 1));
  // On the processor: a graphics card would be sent the whole sheet for one cell of it.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (canvas.width !== side) canvas.width = canvas.height = side;
  else context?.clearRect(0, 0, side, side);
  if (typeof cell === "string") return cell;
  if (!context) return "missing";
  const width = Math.floor(side / cell.size) * cell.size || side;
  const edge = Math.floor((side - width) / 2);
  context.imageSmoothingEnabled = width < cell.size;
  context.imageSmoothingQuality = "high";
  context.drawImage(cell.image, cell.left, cell.top, cell.size, cell.size, edge, edge, width, width);
  return "ready";
}
