/**
 * Small images from one picture, side by side in it, drawn each on a canvas of its own.
 *
 * @typedef {{uri: string, width: number, height: number, columns: number}} Sheet
 */

/** @type {WeakMap<Element, {uri: string, bitmap: Promise<ImageBitmap>}>} */
const sheets = new WeakMap();

/** @param {Element} root which keeps the picture @param {string} uri @returns {Promise<ImageBitmap>} */
export function bitmapOf(root, uri) {
  const kept = sheets.get(root);
  const sheet = kept?.uri === uri ? kept : { uri, bitmap: decode(uri) };
  sheets.set(root, sheet);
  return sheet.bitmap;
}

/** @param {string} uri @returns {Promise<ImageBitmap>} */
async function decode(uri) {
  const bytes = Uint8Array.from(atob(uri.slice(uri.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  return createImageBitmap(new Blob([bytes], { type: "image/webp" }));
}

/** @param {HTMLCanvasElement[]} canvases in the order of the images @param {ImageBitmap} bitmap @param {Sheet} sheet */
export function draw(canvases, bitmap, sheet) {
  const { width, height, columns } = sheet;
  canvases.forEach((canvas, i) => {
    const x = (i % columns) * width;
    const y = Math.floor(i / columns) * height;
    canvas.getContext("2d")?.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
  });
}
