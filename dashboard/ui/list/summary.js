/**
 * Sums up the images beside the map: accuracy with its interval, counts by class, the largest confusions. A click on
 * one of these narrows the images down to it.
 *
 * @typedef {import("./tally.js").Tally} Tally
 * @typedef {{truth?: number, predicted?: number}} Kind images of that true class, predicted as that class
 * @typedef {{tally: Tally, whole: number, names: string[], paints: string[], all: boolean}} Sum
 *   whole: accuracy of the whole run; all: these are all images of the run
 */

import { button, element } from "../dom/element.js";
import { wilson } from "../data/intervals.js";
import { interval, percent, thousands } from "../data/numbers.js";
import { largest, ranked } from "./tally.js";

const SHOWN = 6; // classes, until all are asked for
const CONFUSIONS = 4;

export class Summary {
  /** @param {HTMLElement} host @param {(kind: Kind) => void} onNarrow */
  constructor(host, onNarrow) {
    this.host = host;
    this.onNarrow = onNarrow;
    this.expanded = false;
    /** @type {Sum | null} */
    this.sum = null;
  }

  /** @param {Sum | null} sum null: nothing is known yet */
  show(sum) {
    this.sum = sum;
    this.host.hidden = !sum || sum.tally.n === 0;
    if (!sum || this.host.hidden) return this.host.replaceChildren();
    const focused = this.host.querySelector("button:focus")?.getAttribute("data-kind");
    const { byTrue, byPredicted, judged } = sum.tally;
    const lists = [this.classes(judged ? "By true class" : "By class", "truth", byTrue, sum)];
    if (judged) lists.push(this.classes("By predicted class", "predicted", byPredicted, sum));
    const classes = element("div", { class: "sum-classes" }, ...lists);
    this.host.replaceChildren(...(judged ? [accuracyOf(sum)] : []), classes, ...this.more(sum), ...this.confusions(sum));
    if (focused) [...this.host.querySelectorAll("button")].find(({ dataset }) => dataset.kind === focused)?.focus();
  }

  /**
   * @param {string} title @param {"truth" | "predicted"} side @param {Uint32Array} counts @param {Sum} sum
   * @returns {HTMLElement}
   */
  classes(title, side, counts, sum) {
    const all = ranked(counts);
    const shown = this.expanded ? all : all.slice(0, SHOWN);
    const list = element("div", { class: "sum-bars", role: "group", "aria-label": title }, element("h3", {}, title));
    for (const entry of shown) list.append(this.bar(side, entry, all[0].count, sum));
    return list;
  }

  /**
   * @param {"truth" | "predicted"} side @param {{label: number, count: number}} entry @param {number} most
   * @param {Sum} sum @returns {HTMLElement}
   */
  bar(side, entry, most, { names, paints }) {
    const name = names[entry.label] ?? "none";
    const words = `Only the images ${side === "truth" ? "of" : "predicted as"} “${name}”`;
    const style = `--mark: ${paints[entry.label] ?? "var(--quiet)"}; --share: ${(entry.count / most) * 100}%`;
    const bar = button(
      { class: "sum-bar", title: words, "data-kind": `${side}-${entry.label}`, "data-label": entry.label, style },
      element("span", { class: "sum-name" }, name),
      element("span", { class: "sum-count" }, thousands(entry.count)),
    );
    bar.addEventListener("click", () => this.onNarrow({ [side]: entry.label }));
    return bar;
  }

  /** @param {Sum} sum @returns {HTMLElement[]} a button that shows the other classes, if there are any */
  more({ tally }) {
    const most = Math.max(ranked(tally.byTrue).length, ranked(tally.byPredicted).length);
    if (most <= SHOWN) return [];
    const words = this.expanded ? "Fewer classes" : `and ${thousands(most - SHOWN)} more`;
    const toggle = button({ class: "sum-more", "aria-expanded": this.expanded, "data-kind": "more" }, words);
    toggle.addEventListener("click", () => {
      this.expanded = !this.expanded;
      this.show(this.sum);
    });
    return [toggle];
  }

  /** @param {Sum} sum @returns {HTMLElement[]} the largest ones, if there are any */
  confusions({ tally, names, paints }) {
    const found = largest(tally.errors, CONFUSIONS);
    if (!found.length) return [];
    const chips = found.map(({ truth, predicted, count: many }) => {
      const [trueName, predictedName] = [names[truth] ?? "none", names[predicted] ?? "none"];
      const chip = button(
        { class: "sum-chip", title: `Only “${trueName}” predicted as “${predictedName}”`, "data-kind": `pair-${truth}-${predicted}` },
        mark(trueName, paints[truth]),
        "→",
        mark(predictedName, paints[predicted]),
        element("span", { class: "sum-count" }, thousands(many)),
      );
      chip.addEventListener("click", () => this.onNarrow({ truth, predicted }));
      return chip;
    });
    const title = element("h3", {}, "Most taken for another");
    return [element("div", { class: "sum-confusions", role: "group", "aria-label": "Largest confusions" }, title, ...chips)];
  }
}

/** @param {string} name @param {string | undefined} paint @returns {HTMLElement} */
function mark(name, paint) {
  return element("span", { class: "sum-mark", style: `--mark: ${paint ?? "transparent"}` }, name);
}

/** @param {Sum} sum @returns {HTMLElement} the number, and where it lies beside the whole run's */
function accuracyOf({ tally, whole, all }) {
  const share = tally.correct / tally.n;
  const [low, high] = wilson(tally.correct, tally.n);
  const line = element(
    "p",
    { class: "sum-accuracy", title: "Wilson's 95% interval" },
    element("span", {}, element("b", {}, percent(share)), " right"),
    element("span", { class: "sum-interval-words" }, interval(low, high)),
    ...(all ? [] : [element("span", { class: "sum-whole" }, `whole run ${percent(whole)}`)]),
  );
  const places = Object.entries({ low, high, here: share, whole });
  const style = places.map(([name, place]) => `--${name}: ${place * 100}%`).join("; ");
  const bars = ["sum-interval", "sum-here", ...(all ? [] : ["sum-all"])].map((name) => element("i", { class: name }));
  return element("div", { class: "sum-right" }, line, element("div", { class: "sum-strip", "aria-hidden": "true", style }, ...bars));
}
