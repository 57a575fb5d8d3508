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

/**
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height pixels of the page
 * @returns {{context: CanvasRenderingContext2D | null, ratio: number}} of the canvas, empty now; ratio: pixels of the screen in
 *   one of the page
 */
export function emptied(canvas, width, height) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  // On the processor: a graphics card would be sent a whole sheet for some cells of it.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (canvas.width === across && canvas.height === down) context?.reset();
  else [canvas.width, canvas.height] = [across, down];
  return { context, ratio };
}
