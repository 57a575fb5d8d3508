/**
 * What the legend draws: a mark in an entry's colour and shape, and the scale of a number with its histogram.
 *
 * @typedef {import("../render/scene.js").Entry} Entry
 * @typedef {import("../render/scene.js").Scale} Scale
 */

import { element, icon } from "../dom/element.js";
import { thousands } from "../data/numbers.js";
import { DISC, SHAPE_BOX, SHAPES } from "../render/shapes.js";


/** @param {{paint: string, path: string}} mark path: of its shape @returns {SVGElement} */
export function swatch({ paint, path }) {
  const mark = icon(path);
  mark.setAttribute("viewBox", SHAPE_BOX);
  mark.classList.add("swatch");
  mark.style.setProperty("--mark", paint);
  return mark;
}

/** @param {Scale} scale @returns {Element[]} */
export function scaleParts({ kind, title, stops, ends: [low, high], without, none, bars }) {
  const strip = element("span", { class: "strip", style: `background: linear-gradient(to right, ${stops.join(", ")})` });
  const words = kind === "diverging" ? [`wrong, ${low}`, "0", `right, ${high}`] : [low, title, high];
  const ends = element("span", { class: "ends" }, ...words.map((end) => element("span", {}, end)));
  const histogram = element("span", { class: "histogram", "aria-hidden": true }, ...histogramBars(bars));
  const parts = [histogram, strip, ends];
  return without ? [...parts, plainEntry({ count: without, paint: none, name: kind === "diverging" ? "No margin" : "No value" })] : parts;
}

/** @param {number[]} counts @returns {HTMLElement[]} of a histogram: what is there is seen, however little it is */
export function histogramBars(counts) {
  const most = Math.max(...counts, 1);
  return counts.map((count) => element("span", { style: `height: ${Math.max((count / most) * 100, count ? 4 : 0)}%` }));
}

/** @param {import("../render/scene.js").Rest} rest @returns {HTMLElement} that says a colour, and cannot be pressed */
export function plainEntry({ name, count, paint }) {
  const words = [element("span", { class: "name" }, name), element("span", { class: "count" }, thousands(count))];
  return element("span", { class: "entry" }, swatch({ paint, path: SHAPES[DISC].path }), ...words);
}
