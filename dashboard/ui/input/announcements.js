/** Says what the keyboard has reached, for those who cannot see it. */

import { behind } from "../data/facts.js";
import { signed } from "../data/numbers.js";

const PAUSE = 250; // milliseconds: a quick walk is not read out point by point

/** @param {import("../data/facts.js").Facts} facts @returns {string} */
export function describe({ id, truth, predicted, runnerUp, margin, ahead, correct }) {
  const words = [`Image ${id}${truth ? `: truly ${truth.name}` : ""}`];
  if (predicted) words.push(`predicted ${predicted.name}, ${correct ? "right" : "wrong"}`);
  if (runnerUp) words.push(`runner-up ${runnerUp.name} ${behind(ahead)}`.trimEnd());
  if (margin !== null) words.push(`margin ${signed(margin)}`);
  return `${words.join(", ")}.`;
}

/** @param {HTMLElement} region a live one @returns {(text: string) => void} says the latest text once the viewer pauses */
export function announcer(region) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => (region.textContent = text), PAUSE);
  };
}
