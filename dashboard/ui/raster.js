/**
 * Draws points by writing pixels: needs no graphics processor, and gives the same pixels everywhere.
 *
 * @typedef {{full: Uint8Array, edge: Uint8Array, share: Uint8Array}} Run line and column of each pixel a marker covers
 *   wholly, and of each it covers partly, with the part (1..254)
 * @typedef {{size: number, phases: Uint8Array[], runs: Run[]}} Mask coverage 0..255 of a marker, for PHASES x PHASES
 *   subpixel offsets
 * @typedef {{rows: Uint32Array, fill: Mask, rim: Mask | null}} Layer
 * @typedef {{x: Uint16Array, y: Uint16Array, colour: Uint16Array, palette: Uint32Array, background: number}} Scene
 * @typedef {{scale: number, left: number, top: number}} View pixel = position * scale + left; top - position * scale
 * @typedef {{pixels: Uint32Array, width: number, height: number}} Target
 */

const PHASES = 4; // subpixel offsets an axis
const SAMPLES = 4; // an axis, for the coverage of a pixel

/** @param {number} radius pixels @returns {Mask} */
export function disc(radius) {
  return mask(radius, (x, y) => x * x + y * y <= radius * radius);
}

/**
 * A diagonal cross.
 *
 * @param {number} radius half its width, pixels
 * @param {number} thickness of its arms, pixels
 * @returns {Mask}
 */
export function cross(radius, thickness) {
  const half = thickness / Math.SQRT2;
  return mask(radius + half, (x, y) => {
    const [a, b] = [Math.abs(x), Math.abs(y)];
    return Math.abs(a - b) <= half && Math.max(a, b) <= radius;
  });
}

/**
 * @param {Target} target
 * @param {Scene} scene
 * @param {Layer[]} layers lowest first
 * @param {View} view
 */
export function paint(target, scene, layers, view) {
  target.pixels.fill(scene.background);
  for (const layer of layers) paintLayer(target, scene, layer, view);
}

/** @param {Target} target @param {Scene} scene @param {Layer} layer @param {View} view */
function paintLayer(target, scene, { rows, fill, rim }, view) {
  const { x, y, colour, palette, background } = scene;
  const reach = (rim ?? fill).size;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const left = x[row] * view.scale + view.left;
    const top = view.top - y[row] * view.scale;
    if (left < -reach || top < -reach || left > target.width + reach || top > target.height + reach) continue;
    if (rim) stamp(target, rim, left, top, background);
    stamp(target, fill, left, top, palette[colour[row]]);
  }
}

/** @param {Target} target @param {Mask} mask @param {number} left @param {number} top its centre @param {number} colour */
function stamp(target, mask, left, top, colour) {
  const [column, line] = [Math.floor(left), Math.floor(top)];
  const phase = Math.floor((top - line) * PHASES) * PHASES + Math.floor((left - column) * PHASES);
  const half = mask.size >> 1;
  const [x, y] = [column - half, line - half];
  const whole = x >= 0 && y >= 0 && x + mask.size <= target.width && y + mask.size <= target.height;
  if (whole) stampWhole(target, mask.runs[phase], y * target.width + x, colour);
  else stampClipped(target, mask.size, mask.phases[phase], x, y, colour);
}

/** @param {Target} target @param {Run} run @param {number} start first pixel @param {number} colour */
function stampWhole({ pixels, width }, { full, edge, share }, start, colour) {
  for (let i = 0; i < full.length; i += 2) pixels[start + full[i] * width + full[i + 1]] = colour;
  for (let i = 0; i < share.length; i++) {
    const pixel = start + edge[2 * i] * width + edge[2 * i + 1];
    pixels[pixel] = blend(pixels[pixel], colour, share[i]);
  }
}

/** @param {Target} target @param {number} size @param {Uint8Array} cover @param {number} x0 @param {number} y0 @param {number} colour */
function stampClipped({ pixels, width, height }, size, cover, x0, y0, colour) {
  const [from, to] = [Math.max(-x0, 0), Math.min(width - x0, size)];
  for (let y = Math.max(-y0, 0); y < Math.min(height - y0, size); y++) {
    for (let x = from; x < to; x++) {
      const pixel = (y0 + y) * width + x0 + x;
      pixels[pixel] = blend(pixels[pixel], colour, cover[y * size + x]);
    }
  }
}

/** @param {number} under @param {number} over @param {number} share of over, 0..255 @returns {number} */
function blend(under, over, share) {
  const part = share + (share >> 7); // 0..256, so that 255 gives over itself
  const rest = 256 - part;
  const outer = (Math.imul(under & 0xff00ff, rest) + Math.imul(over & 0xff00ff, part)) >>> 8;
  const inner = (Math.imul((under >> 8) & 0xff, rest) + Math.imul((over >> 8) & 0xff, part)) & 0xff00;
  return (0xff000000 | (outer & 0xff00ff) | inner) >>> 0;
}

/** @param {number} reach pixels from the centre @param {(x: number, y: number) => boolean} inside @returns {Mask} */
function mask(reach, inside) {
  const size = 2 * Math.ceil(reach + 1) + 1;
  const phases = [];
  for (let phase = 0; phase < PHASES * PHASES; phase++) {
    const dx = (size >> 1) + ((phase % PHASES) + 0.5) / PHASES;
    const dy = (size >> 1) + (Math.floor(phase / PHASES) + 0.5) / PHASES;
    phases.push(coverage(size, (x, y) => inside(x - dx, y - dy)));
  }
  return { size, phases, runs: phases.map((cover) => runOf(cover, size)) };
}

/** @param {Uint8Array} cover @param {number} size @returns {Run} */
function runOf(cover, size) {
  const [full, edge, share] = [[], [], []];
  for (let pixel = 0; pixel < cover.length; pixel++) {
    const place = [Math.floor(pixel / size), pixel % size];
    if (cover[pixel] === 255) full.push(...place);
    else if (cover[pixel]) {
      edge.push(...place);
      share.push(cover[pixel]);
    }
  }
  return { full: Uint8Array.from(full), edge: Uint8Array.from(edge), share: Uint8Array.from(share) };
}

/** @param {number} size @param {(x: number, y: number) => boolean} inside @returns {Uint8Array} */
function coverage(size, inside) {
  const cover = new Uint8Array(size * size);
  for (let pixel = 0; pixel < cover.length; pixel++) {
    let hits = 0;
    for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
      const x = (pixel % size) + ((sample % SAMPLES) + 0.5) / SAMPLES;
      const y = Math.floor(pixel / size) + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
      if (inside(x, y)) hits++;
    }
    cover[pixel] = Math.round((hits * 255) / (SAMPLES * SAMPLES));
  }
  return cover;
}
