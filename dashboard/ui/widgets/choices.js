/**
 * Shows cards, or lines, with a number each; a click on one reports its name.
 *
 * @typedef {{name: string, label: string, value: string, note: string, tone: string}} Card
 * @typedef {{cards: Card[], chosen: string|null, columns: number, lines: boolean}} Data
 */

import { button, closest, element, find } from "../dom/element.js";

/** @param {Card} card @param {boolean} chosen */
function cardOf({ name, tone, ...words }, chosen) {
  const lines = /** @type {const} */ (["label", "value", "note"]).map((part) => element("span", { class: part }, words[part]));
  return button({ class: tone, "data-name": name, "aria-pressed": chosen }, ...lines);
}

/** @param {import("../session/mounting.js").Mount<Data>} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = find(parentElement, ".choices");
  const focused = root.querySelector("button:focus")?.getAttribute("data-name");
  root.style.setProperty("--columns", String(data.columns));
  root.classList.toggle("fixed", data.columns > 0);
  root.classList.toggle("lines", data.lines);
  root.replaceChildren(...data.cards.map((card) => cardOf(card, card.name === data.chosen)));
  if (focused) [...root.querySelectorAll("button")].find((card) => card.dataset.name === focused)?.focus();
  root.onclick = (event) => {
    const card = closest(event, "button");
    if (card) setTriggerValue("picked", card.dataset.name);
  };
}
