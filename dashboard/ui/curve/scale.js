/**
 * Where values of the chart stand on the screen.
 *
 * @typedef {{width: number, height: number, left: number, right: number, top: number, bottom: number}} Frame pixels; left to bottom: the
 *   room around what is drawn
 */

const ROOM = 0.04; // of the width, at both ends
const TICKS = 4;
const SUPERSCRIPTS = /** @type {Record<string, string>} */ ({ "-": "⁻", ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((sign, digit) => [digit, sign])) });

export class Scales {
  /** @param {number[]} penalties at least one @param {number[]} shares accuracies @param {Frame} frame */
  constructor(penalties, shares, frame) {
    this.frame = frame;
    const logs = penalties.map(Math.log10);
    const [first, last] = [Math.min(...logs), Math.max(...logs)];
    const room = Math.max(last - first, 1) * ROOM + (last > first ? 0 : 0.5);
    this.logs = [first - room, last + room];
    const [low, high] = [Math.min(...shares), Math.max(...shares)];
    const more = 0.06 * Math.max(high - low, 0.02);
    this.shares = [low - more, high + more];
  }

  /** @param {number} C @returns {number} pixels from the left */
  x(C) {
    const { left, right, width } = this.frame;
    const [first, last] = this.logs;
    return left + ((Math.log10(C) - first) / (last - first)) * (width - left - right);
  }

  /** @param {number} share @returns {number} pixels from the top */
  y(share) {
    const { top, bottom, height } = this.frame;
    const [low, high] = this.shares;
    return height - bottom - ((share - low) / (high - low)) * (height - top - bottom);
  }

  /** @param {number} x pixels @param {number[]} penalties @returns {number} which of them is nearest */
  nearest(x, penalties) {
    let best = 0;
    penalties.forEach((C, at) => {
      if (Math.abs(this.x(C) - x) < Math.abs(this.x(penalties[best]) - x)) best = at;
    });
    return best;
  }

  /** @returns {number[]} shares that have a line, a few */
  get shareTicks() {
    const [low, high] = this.shares;
    const rough = (high - low) / TICKS;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
  }

  /** @returns {number[]} powers of ten that are in view */
  get decades() {
    const [first, last] = this.logs.map((log, end) => (end ? Math.floor(log) : Math.ceil(log)));
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }
}

/** @param {number} power @returns {string} ten to it, for example "0.01" or "10⁻⁴" */
export function powerOfTen(power) {
  return Math.abs(power) <= 2 ? String(Number((10 ** power).toPrecision(1))) : `10${[...String(power)].map((sign) => SUPERSCRIPTS[sign]).join("")}`;
}

/** @param {number} share @returns {string} with the decimals that it needs, for example "67.5%" */
export function tick(share) {
  return `${Number((100 * share).toFixed(2))}%`;
}
