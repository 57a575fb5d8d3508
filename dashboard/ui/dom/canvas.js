/** A canvas to draw on. */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D}
 * @throws {Error} where the browser gives none
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("The map must have a canvas to draw on. Got none. Try: reload the page.");
  return context;
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
