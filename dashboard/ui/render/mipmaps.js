/**
 * Small copies of a sheet of thumbnails as pixels, made once: many small images are copied faster than drawn.
 *
 * @typedef {{size: number, width: number, pixels: Uint32Array}} Mipmap size: side of a thumbnail; width: of the sheet
 */

const LARGEST = 16; // side of a thumbnail in the largest of them
const SMALLEST = 4;
const NEUTRAL = "#8b8f96"; // of any theme

/**
 * @param {Blob} file of a sheet
 * @param {number} width @param {number} height of the sheet, pixels
 * @param {number} cell side of a thumbnail in the sheet
 * @returns {Promise<Mipmap[]>} smallest first
 */
export async function makeMipmaps(file, width, height, cell) {
  const size = Math.min(LARGEST, cell);
  const [resizeWidth, resizeHeight] = [(width / cell) * size, (height / cell) * size];
  const options = size < cell ? { resizeWidth, resizeHeight, resizeQuality: /** @type {const} */ ("high") } : {};
  const image = await createImageBitmap(file, options); // decoded and made smaller off this thread
  const mipmaps = [{ size, width: image.width, pixels: pixelsOf(image) }];
  image.close();
  while (mipmaps[0].size >= 2 * SMALLEST) mipmaps.unshift(halve(mipmaps[0]));
  return mipmaps;
}

/** @param {ImageBitmap} image @returns {Uint32Array} */
function pixelsOf(image) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(image, 0, 0);
  context.globalCompositeOperation = "destination-over"; // an image may not fill its square
  context.fillStyle = NEUTRAL;
  context.fillRect(0, 0, image.width, image.height);
  return new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
}

/** @param {Mipmap} mipmap @returns {Mipmap} of half the size, each pixel the mean of four: nothing bleeds between thumbnails */
export function halve({ size, width, pixels }) {
  const half = width >> 1;
  const height = Math.floor(pixels.length / width) >> 1;
  const small = new Uint32Array(half * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = 2 * y * width; x < half; x++, from += 2, to++) {
      small[to] = mean(pixels[from], pixels[from + 1], pixels[from + width], pixels[from + width + 1]);
    }
  }
  return { size: size >> 1, width: half, pixels: small };
}

/** @param {number} a @param {number} b @param {number} c @param {number} d colours @returns {number} */
function mean(a, b, c, d) {
  const even = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x20002;
  const odd = ((a >>> 8) & 0xff) + ((b >>> 8) & 0xff) + ((c >>> 8) & 0xff) + ((d >>> 8) & 0xff) + 2;
  return (0xff000000 | ((even >>> 2) & 0xff00ff) | ((odd << 6) & 0xff00)) >>> 0;
}

/** @param {Mipmap[]} mipmaps smallest first @param {number} size pixels @returns {Mipmap} the smallest that is no smaller */
export function mipmapFor(mipmaps, size) {
  return mipmaps.find((mipmap) => mipmap.size >= size) ?? mipmaps[mipmaps.length - 1];
}
