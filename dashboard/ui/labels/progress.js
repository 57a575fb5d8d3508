/** How far the judging is: judged, found wrong so far against what was expected, and whether all of it is saved. */

import { counted, percent, thousands } from "../data/numbers.js";
import { element } from "../dom/element.js";

/**
 * @param {HTMLElement} host @param {{judged: number, wrong: number, unsure: number}} tally
 * @param {{value: number, low: number, high: number} | null} expected wrong labels of the whole data set
 * @param {number} waiting actions that are not saved yet
 */
export function showProgress(host, { judged, wrong, unsure }, expected, waiting) {
  const told = [part("Judged", thousands(judged)), part("Wrong so far", wrongOf(judged, wrong))];
  if (unsure) told.push(part("Unsure", thousands(unsure)));
  if (expected) {
    const [value, low, high] = [expected.value, expected.low, expected.high].map((one) => thousands(Math.max(one, wrong)));
    told.push(part("Wrong in all, estimated", `${value} (${low} to ${high})`)); // at least those that were found
  }
  const saved = waiting ? `${counted(waiting, "change")} not saved yet` : judged ? "All saved" : "";
  const meter = element("span", { class: waiting ? "saving" : "saved" }, saved);
  host.replaceChildren(...told, meter);
}

/** @param {number} judged @param {number} wrong @returns {string} */
function wrongOf(judged, wrong) {
  return judged ? `${thousands(wrong)} (${percent(wrong / judged)})` : thousands(wrong);
}

/** @param {string} name @param {string} value @returns {HTMLElement} */
function part(name, value) {
  return element("span", { class: "part" }, `${name} `, element("b", {}, value));
}
