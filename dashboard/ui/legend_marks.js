/**
 * What the legend draws: a mark in an entry's colour and shape, and the scale of a number with its histogram.
 *
 * @typedef {import("./scene.js").Entry} Entry
 * @typedef {import("./scene.js").Scale} Scale
 */

import { element } from "./element.js";
import { signed } from "./facts.js";

const number = new Intl.NumberFormat("en-US");

/** @param {{paint: string, marker: string}} mark @returns {HTMLElement} */
export function swatch({ paint, marker }) {
  const mark = element("span", { class: `swatch ${marker}`, "aria-hidden": "true" });
  mark.style.setProperty("--mark", paint);
  return mark;
}

/** @param {Scale} scale @returns {HTMLElement[]} */
export function scaleParts({ stops, limit, without, none, bars }) {
  const strip = element("span", { class: "strip" });
  strip.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  const ends = [`wrong, ≤ ${signed(-limit)}`, "0", `right, ≥ ${signed(limit)}`].map((words) => element("span", {}, words));
  const parts = [histogram(bars), strip, element("span", { class: "ends" }, ...ends)];
  if (without) parts.push(missing(without, none));
  return parts;
}

/** @param {number[]} bars @returns {HTMLElement} */
function histogram(bars) {
  const most = Math.max(...bars, 1);
  const made = element("span", { class: "histogram", "aria-hidden": "true" });
  for (const count of bars) {
    const bar = element("span");
    bar.style.height = `${Math.max((count / most) * 100, count ? 4 : 0)}%`;
    made.append(bar);
  }
  return made;
}

/** @param {number} count @param {string} paint @returns {HTMLElement} */
function missing(count, paint) {
  const words = [element("span", { class: "name" }, "No margin"), element("span", { class: "count" }, number.format(count))];
  return element("span", { class: "entry" }, swatch({ paint, marker: "disc" }), ...words);
}
