/**
 * Explains the colours; a click on a class isolates it.
 *
 * @typedef {import("./scene.js").Entry} Entry
 * @typedef {import("./scene.js").Scale} Scale
 */

import { signed } from "./facts.js";

const number = new Intl.NumberFormat("en-US");

export class Legend {
  /** @param {HTMLElement} host @param {import("./embedding_map.js").EmbeddingMap} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (!["colourBy", "isolated", "lit", "columns", "theme"].some((name) => changed.has(name))) return;
    showLegend(this.host, this.map.drawing.picture, (index) => this.isolate(index));
  }

  /** @param {number} index of an entry: alone at first, more join, the last one to go brings all back */
  isolate(index) {
    const { isolated } = this.map.view.value;
    const others = isolated.filter((other) => other !== index);
    const joined = others.length < isolated.length ? others : [...isolated, index].sort((a, b) => a - b);
    this.map.view.set({ isolated: joined });
  }

  close() {
    this.host.replaceChildren();
  }
}

/**
 * @param {HTMLElement} element
 * @param {{entries: Entry[], scale: Scale | null}} picture
 * @param {(index: number) => void} toggle
 */
function showLegend(element, { entries, scale }, toggle) {
  const root = /** @type {ShadowRoot} */ (element.getRootNode());
  const focused = /** @type {HTMLElement | null} */ (root.activeElement)?.dataset.index;
  element.replaceChildren(...(scale ? scaleParts(scale) : entries.map((entry) => button(entry, toggle))));
  const again = /** @type {HTMLElement | null} */ (focused ? element.querySelector(`[data-index="${focused}"]`) : null);
  again?.focus({ preventScroll: true });
}

/** @param {Entry} entry @param {(index: number) => void} toggle @returns {HTMLElement} */
function button(entry, toggle) {
  const item = document.createElement("button");
  item.type = "button";
  item.className = "entry";
  item.dataset.index = String(entry.index);
  item.dataset.muted = String(entry.muted);
  item.title = `Show only “${entry.name}”; again for all`;
  item.setAttribute("aria-pressed", String(!entry.muted));
  item.append(swatch(entry), text("name", entry.name), text("count", number.format(entry.count)));
  item.addEventListener("click", () => toggle(entry.index));
  return item;
}

/** @param {{paint: string, marker: string}} mark @returns {HTMLElement} */
function swatch({ paint, marker }) {
  const mark = text(`swatch ${marker}`, "");
  mark.style.setProperty("--mark", paint);
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

/** @param {Scale} scale @returns {HTMLElement[]} */
function scaleParts({ stops, limit, without, none, bars }) {
  const most = Math.max(...bars, 1);
  const histogram = text("histogram", "");
  histogram.setAttribute("aria-hidden", "true");
  for (const count of bars) {
    const bar = text("", "");
    bar.style.height = `${Math.max((count / most) * 100, count ? 4 : 0)}%`;
    histogram.append(bar);
  }
  const strip = text("strip", "");
  strip.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  const ends = text("ends", "");
  ends.append(text("", `wrong, ≤ ${signed(-limit)}`), text("", "0"), text("", `right, ≥ ${signed(limit)}`));
  const parts = [histogram, strip, ends];
  if (without) parts.push(missing(without, none));
  return parts;
}

/** @param {number} count @param {string} paint @returns {HTMLElement} */
function missing(count, paint) {
  const line = text("entry", "");
  line.append(swatch({ paint, marker: "disc" }), text("name", "No margin"), text("count", number.format(count)));
  return line;
}

/** @param {string} name @param {string} content @returns {HTMLElement} */
function text(name, content) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = content;
  return element;
}
