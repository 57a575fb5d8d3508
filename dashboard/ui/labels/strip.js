/** The images before and after the one that is looked at, in a line; a click goes there. */

import { button, closest, element } from "../dom/element.js";
import { inWords } from "../verdicts/known.js";

export const BEFORE = 2;
export const AFTER = 9;

export class Strip {
  /** @param {HTMLElement} host @param {import("../evidence/pictures.js").Pictures} pictures @param {(at: number) => void} go */
  constructor(host, pictures, go) {
    this.host = host;
    this.pictures = pictures;
    host.addEventListener("click", (event) => {
      const at = closest(event, "button")?.dataset.at;
      if (at) go(Number(at));
    });
  }

  /**
   * @param {import("./deck.js").Item[]} items @param {number} at @param {(item: import("./deck.js").Item) => import("../verdicts/known.js").Said} said
   * @param {string[]} names of the classes
   */
  show(items, at, said, names) {
    const from = Math.max(0, at - BEFORE);
    const focused = this.host.querySelector("button:focus") !== null;
    const tiles = items.slice(from, at + AFTER + 1).map((item, i) => this.tile(item, from + i, said(item), names));
    const room = Array.from({ length: BEFORE + AFTER + 1 - tiles.length }, () => element("span", { class: "tile empty" }));
    this.host.replaceChildren(...tiles, ...room);
    const now = tiles[at - from];
    now?.setAttribute("aria-current", "true");
    if (focused) now?.focus({ preventScroll: true });
  }

  /**
   * @param {import("./deck.js").Item} item @param {number} at @param {import("../verdicts/known.js").Said} said @param {string[]} names
   * @returns {HTMLButtonElement}
   */
  tile(item, at, said, names) {
    const picture = this.pictures.get(item.number);
    const [given, suggested] = [item.given, item.suggested].map((label) => names[label] ?? "no class");
    const title = `${at + 1}. ${item.name}: ${given}, suggested ${suggested}, ${inWords(said)}`;
    const tile = button({ class: `tile ${said.verdict}`, "data-row": item.number, "data-at": at, "aria-label": title, title });
    const place = element("span", { class: "small" });
    const put = () => place.replaceChildren(picture.image.isConnected ? picture.image.cloneNode() : picture.image);
    if (picture.state === "ready") put();
    else picture.come.then(() => picture.state === "ready" && put());
    tile.append(place, element("span", { class: "mark", "aria-hidden": "true" }, MARKS[said.verdict] ?? ""));
    return tile;
  }
}

/** @type {Record<string, string>} */
const MARKS = { keep: "✓", wrong: "✗", unsure: "?", excluded: "–" };
