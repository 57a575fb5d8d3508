/**
 * Says in numbers how good the classifier under the thumb is.
 *
 * @typedef {import("./penalty_curve.js").Data} Data
 * @typedef {import("./penalty_curve.js").Stop} Stop
 */

import { counted, interval, percent } from "../data/numbers.js";
import { wilson } from "../data/intervals.js";
import { button, element, write } from "../dom/element.js";

export class Panel {
  /** @param {HTMLElement} host @param {() => void} use */
  constructor(host, use) {
    this.title = element("h2");
    this.use = button({ class: "state" });
    this.use.addEventListener("click", use);
    this.share = element("span", { class: "share" });
    this.right = element("span", { class: "unit" });
    this.interval = element("p", { class: "note" });
    this.facts = element("dl");
    host.replaceChildren(
      element("div", { class: "title" }, this.title, this.use),
      element("p", { class: "accuracy" }, this.share, " ", this.right),
      this.interval,
      this.facts,
    );
  }

  /** @param {Data} data @param {Stop} stop @param {boolean} inUse */
  show(data, stop, inUse) {
    write(this.title, `C = ${stop.name}`);
    write(this.use, inUse ? "in use" : stop.right === null ? "Fit it" : "Use it");
    this.use.disabled = inUse;
    this.use.hidden = stop.right === null && Boolean(data.refusal);
    write(this.share, stop.right === null ? "–" : percent(stop.right / data.n));
    write(this.right, stop.right === null ? "not fitted yet" : data.measured);
    write(this.interval, stop.right === null ? data.refusal || "Let go, and it is fitted." : intervalOf(stop.right, data));
    const folds = stop.validation ? `${percent(stop.validation[0])} ± ${percent(stop.validation[1])}` : "not measured";
    const train = stop.train === null ? "–" : percent(stop.train);
    this.fill([[data.called.train, train], [data.called.validation, folds], ["Support vectors", stop.support || "–"]]);
  }

  /** @param {[string, string][]} rows */
  fill(rows) {
    const lines = rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
    this.facts.replaceChildren(...lines);
  }
}

/** @param {number} right @param {Data} data */
function intervalOf(right, { n, judged }) {
  return `95% interval ${interval(...wilson(right, n))}, ${counted(n, judged)}`;
}

/** @param {Data} data @param {Stop} stop @returns {string} what a screen reader says of a value */
export function spoken({ n }, { name, right }) {
  return right === null ? `C = ${name}, not fitted yet` : `C = ${name}, ${percent(right / n)} right`;
}
