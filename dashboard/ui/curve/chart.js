/**
 * Draws accuracy against C: the curves, the band of one standard error, the values of C that stand out.
 *
 * @typedef {import("./penalty_curve.js").Data} Data
 * @typedef {import("./penalty_curve.js").Stop} Stop
 * @typedef {import("./scale.js").Scales} Scales
 * @typedef {{C: number, words: string, kind: string}} Mark
 */

import { powerOfTen, tick } from "./scale.js";

const SPACE = "http://www.w3.org/2000/svg";
const LINE = 14; // pixels between two words over each other
const LETTER = 6.4; // pixels, about

/** @param {SVGElement} host @param {Data} data @param {Scales} scales */
export function drawChart(host, data, scales) {
  const { width, height } = scales.frame;
  host.setAttribute("viewBox", `0 0 ${width} ${height}`);
  host.replaceChildren(
    ...grid(scales),
    ...marks(marksOf(data), scales),
    ...validation(data.stops, scales),
    curve("train", data.stops, (stop) => stop.train, scales),
    curve("test", data.stops, (stop) => stop.right && stop.right / data.n, scales),
    ...data.stops.flatMap((stop) => points(stop, data.n, scales)),
  );
}

/** @param {Data} data @returns {number[]} every share that is drawn */
export function sharesOf({ stops, n }) {
  return stops.flatMap(({ right, train, validation }) => {
    const folds = validation ? [validation[0] - validation[1], validation[0] + validation[1]] : [];
    return [...(right === null ? [] : [right / n]), ...(train === null ? [] : [train]), ...folds];
  });
}

/** @param {Data} data @returns {Mark[]} the values of C that have a name */
export function marksOf({ own, best, C: now, stops }) {
  const there = (/** @type {number | null} */ C) => stops.some((stop) => stop.C === C);
  /** @type {Mark[]} */
  const found = [];
  if (own !== null && there(own)) found.push({ C: own, words: own === best ? "this run's, and cross-validated" : "this run's", kind: "own" });
  if (best !== null && best !== own && there(best)) found.push({ C: best, words: "cross-validated", kind: "best" });
  if (stops.some(({ C, right }) => C === now && right === null)) found.push({ C: now, words: "not fitted yet", kind: "wanted" });
  return found;
}

/** @param {Scales} scales */
function* grid(scales) {
  const { left, right, bottom, width, height } = scales.frame;
  for (const share of scales.shareTicks) {
    const y = scales.y(share);
    yield line("grid", left, y, width - right, y);
    yield words(tick(share), left - 8, y + 4, "end", "tick");
  }
  for (const power of scales.decades) {
    const x = scales.x(10 ** power);
    yield line("grid", x, height - bottom, x, height - bottom + 5);
    yield words(powerOfTen(power), x, height - bottom + 18, "middle", "tick");
  }
}

/** @param {Mark[]} named @param {Scales} scales */
function* marks(named, scales) {
  const { top, bottom, left, right, width, height } = scales.frame;
  /** @type {[number, number][]} */
  const taken = [];
  for (const { C, words: said, kind } of named) {
    const x = scales.x(C);
    const half = (said.length * LETTER) / 2;
    const middle = Math.min(Math.max(x, left + half), width - right - half);
    const crowded = taken.filter(([from, to]) => middle + half > from && middle - half < to).length;
    taken.push([middle - half, middle + half]);
    yield line(`mark ${kind}`, x, top - 4, x, height - bottom);
    yield words(said, middle, top - 10 - LINE * crowded, "middle", `mark ${kind}`);
  }
}

/** @param {Stop[]} stops @param {Scales} scales */
function* validation(stops, scales) {
  const folds = stops.flatMap(({ C, validation: found }) => (found ? [{ x: scales.x(C), mean: found[0], error: found[1] }] : []));
  if (!folds.length) return;
  const upper = folds.map(({ x, mean, error }) => `${x},${scales.y(mean + error)}`);
  const lower = folds.map(({ x, mean, error }) => `${x},${scales.y(mean - error)}`);
  yield drawn("polygon", { class: "band", points: [...upper, ...lower.reverse()].join(" ") });
  yield drawn("polyline", { class: "curve validation", points: folds.map(({ x, mean }) => `${x},${scales.y(mean)}`).join(" ") });
}

/** @param {string} name @param {Stop[]} stops @param {(stop: Stop) => number | null} shareOf @param {Scales} scales */
function curve(name, stops, shareOf, scales) {
  const places = stops.flatMap((stop) => {
    const share = shareOf(stop);
    return share === null ? [] : [`${scales.x(stop.C)},${scales.y(share)}`];
  });
  return drawn("polyline", { class: `curve ${name}`, points: places.join(" ") });
}

/** @param {Stop} stop @param {number} n @param {Scales} scales */
function points({ C, right, live }, n, scales) {
  const x = scales.x(C);
  if (right === null) return [drawn("circle", { class: "open", cx: x, cy: scales.frame.height - scales.frame.bottom, r: 4 })];
  const y = scales.y(right / n);
  if (live) return [drawn("path", { class: "live", d: `M${x} ${y - 7}l7 7l-7 7l-7 -7z` })];
  return [drawn("circle", { class: "stop", cx: x, cy: y, r: 4 })];
}

/** @param {string} name @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function line(name, x1, y1, x2, y2) {
  return drawn("line", { class: name, x1, y1, x2, y2 });
}

/** @param {string} text @param {number} x @param {number} y @param {string} anchor @param {string} name */
function words(text, x, y, anchor, name) {
  const made = drawn("text", { class: name, x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

/** @param {string} tag @param {Record<string, string | number>} attributes @returns {SVGElement} */
function drawn(tag, attributes) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
