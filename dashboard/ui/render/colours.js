/** Colours as the raster has them: 32 bits, opaque, red in the lowest byte (little-endian RGBA). */

/** Levels of a scale; odd, so that margin 0 has one of its own. */
export const LEVELS = 255;

/** Index of "no number" in the palette of a scale. */
export const NO_LEVEL = LEVELS;

/** @param {string} hex `#RRGGBB` @returns {number} */
export function pack(hex) {
  const value = parseInt(hex.slice(1), 16);
  return ((255 << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

/** @param {number} low @param {number} high two packed colours @param {number} share of the second, 0..1 @returns {number} */
export function mix(low, high, share) {
  let mixed = 255 << 24;
  for (const shift of [0, 8, 16]) {
    const [a, b] = [(low >> shift) & 255, (high >> shift) & 255];
    mixed |= Math.round(a + (b - a) * share) << shift;
  }
  return mixed >>> 0;
}

/** @param {number} packed @returns {string} `#rrggbb` */
export function hex(packed) {
  const red = packed & 255;
  const green = (packed >> 8) & 255;
  const blue = (packed >> 16) & 255;
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, "0")}`;
}

/**
 * @param {string[]} stops colours at even distances
 * @param {string} none the colour of "no number"
 * @returns {Uint32Array} the scale in steps, and "no number" at NO_LEVEL
 */
export function scalePalette(stops, none) {
  const palette = new Uint32Array(LEVELS + 1);
  for (let level = 0; level < LEVELS; level++) {
    const place = (level / (LEVELS - 1)) * (stops.length - 1);
    const stop = Math.min(Math.floor(place), stops.length - 2);
    palette[level] = mix(pack(stops[stop]), pack(stops[stop + 1]), place - stop);
  }
  palette[NO_LEVEL] = pack(none);
  return palette;
}

/** @param {number} share of the way along a scale, 0..1; NaN: no number @returns {number} index into its palette */
export function levelOf(share) {
  return Number.isNaN(share) ? NO_LEVEL : Math.round(share * (LEVELS - 1));
}
