/**
 * The page's colours, as Streamlit hands them to components.
 *
 * @typedef {import("./scene.js").Paints} Paints
 * @typedef {Pick<Paints, "classes" | "names" | "correct" | "wrong">} Marks what has one colour on light and dark pages
 * @typedef {Omit<Paints, keyof Marks | "muted" | "none" | "background">} Scales whose middle or end is near the page's colour
 * @typedef {Marks & {light: Scales, dark: Scales}} DataPaints what Python chose
 * @typedef {{background: string, text: string, primary: string, dark: boolean}} Theme colours as `#rrggbb`
 */

import { hex, mix, pack } from "./colours.js";

/** @param {Element} element @returns {Theme} */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name, /** @type {string} */ otherwise) =>
    plain(style.getPropertyValue(`--st-${name}`).trim() || otherwise);
  const background = read("background-color", "#ffffff");
  return {
    background,
    text: read("text-color", "#1b1f24"),
    primary: read("primary-color", "#2562cc"),
    dark: lightness(background) < 0.5,
  };
}

/**
 * @param {Theme} theme
 * @param {DataPaints} paints
 * @returns {Paints} with greys that fit the page
 */
export function paintsOf({ background, text, dark: isDark }, { light, dark, ...marks }) {
  const grey = (/** @type {number} */ share) => hex(mix(pack(background), pack(text), share));
  return { ...marks, ...(isDark ? dark : light), background, muted: grey(0.14), none: grey(0.5) };
}

/** @param {string} colour any CSS colour @returns {string} `#rrggbb` */
function plain(colour) {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return "#ffffff";
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return hex(new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0]);
}

/** @param {string} hex `#rrggbb` @returns {number} 0..1 */
function lightness(hex) {
  const value = parseInt(hex.slice(1), 16);
  return (0.299 * (value >> 16) + 0.587 * ((value >> 8) & 255) + 0.114 * (value & 255)) / 255;
}
