/**
 * What is seen on the map as a PNG of twice the size: drawn anew, not enlarged, with the legend below.
 *
 * @typedef {import("../map/capabilities.js").Uses<"rows" | "camera" | "drawing" | "appearance" | "atlas" | "frame">} Needs
 */

import { drawLegend, legendHeight } from "../legend/legend_strip.js";
import { Montage } from "../render/montage.js";
import { Painter } from "../render/painter.js";

const RATIO = 2; // pixels of the picture in one of the page

/**
 * @param {Needs} map
 * @returns {Promise<Blob>}
 * @throws {Error} if there is nothing to be seen, or the browser cannot make a picture of that size
 */
export async function exportPicture(map) {
  const { picture } = map.drawing;
  if (!picture) throw new Error("A picture must have a map to show. Got none yet.");
  const { width, height } = map.camera;
  const font = getComputedStyle(map.frame.root).fontFamily;
  const [points, marks] = drawMap(map, picture);
  const canvas = document.createElement("canvas");
  canvas.width = points.width;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const strip = legendHeight(context, picture, width, font);
  canvas.height = points.height + Math.ceil(strip * RATIO);
  context.fillStyle = map.appearance.theme.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(points, 0, 0);
  context.drawImage(marks, 0, 0);
  context.scale(RATIO, RATIO);
  drawLegend(context, picture, { width, top: height, font, theme: map.appearance.theme });
  return toPng(canvas);
}

/** @param {Needs} map @param {import("../render/scene.js").Picture} picture @returns {[HTMLCanvasElement, HTMLCanvasElement]} points and images; what is above them */
function drawMap({ drawing, camera, appearance, atlas }, picture) {
  const canvases = [document.createElement("canvas"), document.createElement("canvas")];
  const painter = new Painter(canvases[0], canvases[1]);
  painter.resize(camera.width, camera.height, RATIO);
  const shown = drawing.frame(picture, false);
  const frame = { ...shown, montage: shown.montage && new Montage(atlas) }; // the map goes on using its own
  painter.drawWhole(frame);
  painter.drawOverlay(drawing.overlay(), frame, appearance.theme);
  return [canvases[0], canvases[1]];
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
function toPng(canvas) {
  return new Promise((done, failed) => {
    const answer = (/** @type {Blob | null} */ blob) =>
      blob ? done(blob) : failed(new Error(`A picture must have fewer pixels. Got ${canvas.width} x ${canvas.height}. Try: a smaller window.`));
    canvas.toBlob(answer, "image/png");
  });
}
