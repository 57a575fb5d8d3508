/**
 * The bar on top of every page: the run, C, and the pages.
 *
 * @typedef {{name: string, penalties: number[], words: string[], asked: string[], own: number, versus: string[],
 *   pages: Record<string, string[] | Record<string, string>>}} Run
 * @typedef {{runs: Run[], pages: {path: string, file: string, title: string}[]}} Content
 */

import { element } from "../dom/element.js";

/**
 * @param {HTMLElement} host @param {Content} content @param {{run: Run, at: number, page: string}} now
 * @param {{run: (name: string) => void, penalty: (at: number) => void}} acts @param {(file: string) => string} linkTo
 */
export function drawBar(host, { runs, pages }, { run, at, page }, acts, linkTo) {
  const links = pages
    .filter(({ path }) => path in run.pages)
    .map(({ path, file, title }) => element("a", { href: linkTo(file), "aria-current": path === page ? "page" : null }, title));
  const parts = [element("b", { class: "brand" }, "Lazybones"), runOf(runs, run, acts.run)];
  if (run.penalties.length > 1) parts.push(penaltyOf(run, at, acts.penalty));
  const nav = element("nav", { "aria-label": "Pages" }, ...links);
  host.replaceChildren(...parts, nav);
  const current = links.find((link) => link.hasAttribute("aria-current"));
  if (current) nav.scrollLeft = current.offsetLeft - nav.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2; // a phone shows some
}

/** @param {Run[]} runs @param {Run} run @param {(name: string) => void} choose @returns {HTMLElement} */
function runOf(runs, run, choose) {
  if (runs.length === 1) return element("span", { class: "run" }, run.name);
  const options = runs.map(({ name }) => element("option", { value: name, selected: name === run.name }, name));
  const made = element("select", { class: "run", "aria-label": "Run" }, ...options);
  made.onchange = () => choose(made.value);
  return made;
}

/** @param {Run} run @param {number} at @param {(at: number) => void} choose @returns {HTMLElement} */
function penaltyOf({ words }, at, choose) {
  const options = words.map((C, i) => element("option", { value: i, selected: i === at }, `C = ${C}`));
  const made = element("select", { class: "penalty", "aria-label": "Penalty C" }, ...options);
  made.onchange = () => choose(Number(made.value));
  return made;
}
