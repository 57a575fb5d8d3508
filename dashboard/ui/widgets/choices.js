/**
 * Shows cards, or lines, with a number each and maybe images; a click on one reports its name, and one on its button "on the map", too.
 *
 * @typedef {{name: string, label: string, value: string, note: string, tone: string, faces: number}} Card faces: images of the sheet
 * @typedef {{cards: Card[], chosen: string|null, columns: number, lines: boolean, sheet: import("../render/sprites.js").Sheet|null,
 *   locates: boolean}} Data
 */

import { button, closest, element, find, icon } from "../dom/element.js";
import { bitmapOf, draw } from "../render/sprites.js";

const DOTS = "M3 11.5h.01M6 5h.01M8.5 9.5h.01M11.5 4.5h.01M13 11h.01"; // points of a map

/** @param {Card} card @param {Data} data @returns {HTMLElement} */
function cardOf({ name, tone, faces, ...words }, { chosen, sheet, locates }) {
  const lines = /** @type {const} */ (["label", "value", "note"]).map((part) => element("span", { class: part }, words[part]));
  const images = Array.from({ length: sheet ? faces : 0 }, () => element("canvas", { width: sheet?.width, height: sheet?.height }));
  const shown = images.length ? [element("span", { class: "faces", "aria-hidden": "true" }, ...images)] : [];
  const card = button({ class: tone, "data-name": name, "aria-pressed": name === chosen }, ...lines, ...shown);
  if (!locates) return card;
  const title = `Show ${words.label} on the map`;
  const map = button({ class: "locate", "data-locate": name, title, "aria-label": title }, icon(DOTS));
  return element("div", { class: "card" }, card, map);
}

/** @param {import("../session/mounting.js").Mount<Data>} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = find(parentElement, ".choices");
  const focused = root.querySelector("button:focus")?.getAttribute("data-name");
  root.style.setProperty("--columns", String(data.columns));
  root.classList.toggle("fixed", data.columns > 0);
  root.classList.toggle("lines", data.lines);
  root.classList.toggle("faced", data.sheet !== null);
  root.replaceChildren(...data.cards.map((card) => cardOf(card, data)));
  if (focused) [...root.querySelectorAll("button")].find((card) => card.dataset.name === focused)?.focus();
  root.onclick = (event) => {
    const { name, locate } = closest(event, "button")?.dataset ?? {};
    if (locate) setTriggerValue("located", locate);
    else if (name) setTriggerValue("picked", name);
  };
  const { sheet } = data;
  if (sheet) bitmapOf(root, sheet.uri).then((bitmap) => draw([...root.querySelectorAll("canvas")], bitmap, sheet));
}
