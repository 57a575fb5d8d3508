/**
 * Names the lines of the chart.
 *
 * @typedef {import("./penalty_curve.js").Data} Data
 */

import { element } from "../dom/element.js";

/** @param {HTMLElement} host @param {Data} data */
export function drawLegend(host, { called, stops }) {
  const entries = [
    ["test", called.test],
    ...(stops.some(({ validation }) => validation) ? [["validation", `${called.validation} ± 1 standard error`]] : []),
    ["train", called.train],
    ...(stops.some(({ live }) => live) ? [["live", "fitted here"]] : []),
    ...(stops.some(({ right }) => right === null) ? [["open", "not fitted yet"]] : []),
  ];
  const axis = element("span", { class: "axis" }, "C on a log scale: drag ↔");
  host.replaceChildren(...entries.map(([kind, words]) => element("span", {}, element("i", { class: kind }), words)), axis);
}
