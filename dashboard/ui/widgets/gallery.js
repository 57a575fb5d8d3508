/**
 * Shows small images as crisp tiles in a responsive grid, in groups; a click reports the tile's row.
 *
 * @typedef {{row: number, title: string, lines?: [string, number][][], wrong?: boolean}} Tile
 *   lines: each a list of [text, class index or -1] pairs joined by a space
 * @typedef {{heading: string, label: number, tiles: Tile[]}} Group
 * @typedef {{sheet: {uri: string, width: number, height: number, columns: number}, groups: Group[],
 *   colours: string[], size: number, columns: number, level: 3 | 4, selected: number|null, action: string, pictures?: Pictures}} Data
 *   pictures: where the images are instead of on the sheet
 * @typedef {{cell: (row: number) => import("../render/atlas.js").Cell | "loading" | "missing", watch: (act: () => void) => void}} Pictures
 *   watch: calls when some have come
 */

import { button, closest, element, find } from "../dom/element.js";
import { drawThumbnail } from "../dom/thumbnail.js";
import { bitmapOf, draw } from "../render/sprites.js";
import { fillRows } from "./grid_columns.js";

const HEADINGS = /** @type {const} */ ({ 3: "h3", 4: "h4" });

/** @param {string} name @param {string|undefined} colour @returns {{class: string, style?: string}} the look of a word */
function look(name, colour) {
  return colour ? { class: `${name} class`, style: `--mark: ${colour}` } : { class: name };
}

/** @param {[string, number][]} words @param {Data} data */
function lineOf(words, data) {
  const spans = words.map(([text, label]) => element("span", look("word", data.colours[label]), text));
  return element("span", { class: "line" }, ...spans.flatMap((span) => [span, " "]));
}

/** Its name is what stands below it, and its title describes it; without words its title is its name. @param {Tile} tile @param {Data} data @returns {HTMLButtonElement} */
function tileOf(tile, data) {
  const { action, sheet } = data;
  const attributes = {
    class: `tile${tile.wrong ? " wrong" : ""}${action ? "" : " still"}`,
    "data-row": tile.row,
    title: action ? `${tile.title}\n${action}` : tile.title,
    "aria-pressed": action ? tile.row === data.selected : null,
  };
  const canvas = element("canvas", { width: sheet.width, height: sheet.height });
  return button(attributes, canvas, ...(tile.lines ?? []).map((words) => lineOf(words, data)));
}

/** @param {Group} group @param {Data} data @returns {HTMLElement} */
function groupOf(group, data) {
  const { heading, label, tiles } = group;
  const grid = element("div", { class: "grid" }, ...tiles.map((tile) => tileOf(tile, data)));
  if (!heading) return element("section", { class: "group" }, grid);
  const title = element(HEADINGS[data.level], { ...look("heading", data.colours[label]), title: heading }, heading);
  return element("section", { class: "group named" }, title, grid);
}

/**
 * Moves the focus with the arrow keys, so that a gallery is one stop of the Tab key.
 *
 * @param {KeyboardEvent} event @param {HTMLElement[]} tiles
 */
function rove(event, tiles) {
  const from = tiles.findIndex((tile) => tile === event.target);
  if (from < 0) return;
  const top = tiles[from].getBoundingClientRect().top;
  const perRow = Math.max(1, tiles.filter((tile) => Math.abs(tile.getBoundingClientRect().top - top) < 2).length);
  const steps = new Map([["ArrowLeft", -1], ["ArrowRight", 1], ["ArrowUp", -perRow], ["ArrowDown", perRow]]);
  const to = tiles[from + (steps.get(event.key) ?? NaN)];
  if (!to) return;
  event.preventDefault();
  tiles[from].tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

/** @type {WeakMap<Element, ResizeObserver>} */
const watched = new WeakMap();

/** Keeps the last rows of flowing grids from holding one tile. @param {HTMLElement} root @param {Data} data */
function flow(root, { columns, size }) {
  watched.get(root)?.disconnect();
  if (columns) return;
  const watcher = new ResizeObserver((entries) => entries.forEach(({ target }) => fillRows(/** @type {HTMLElement} */ (target), size)));
  watched.set(root, watcher);
  for (const grid of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".grid"))) {
    fillRows(grid, size); // before it is painted: a tile that grows moves all below it
    watcher.observe(grid);
  }
}

/** @param {import("../session/mounting.js").Mount<Data>} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = find(parentElement, ".gallery");
  root.style.setProperty("--tile", `${data.size}px`);
  root.style.setProperty("--columns", String(data.columns));
  root.classList.toggle("fixed", data.columns > 0);
  const held = root.querySelector(".tile:focus")?.getAttribute("data-row");
  root.replaceChildren(...data.groups.map((group) => groupOf(group, data)));
  flow(root, data);
  const tiles = [...root.querySelectorAll("button")];
  const first = Math.max(0, tiles.findIndex((tile) => tile.dataset.row === held));
  tiles.forEach((tile, i) => (tile.tabIndex = i === first ? 0 : -1));
  if (held && tiles[first]?.dataset.row === held) tiles[first].focus();
  root.onclick = (event) => {
    const tile = closest(event, ".tile");
    if (data.action && tile) setTriggerValue("picked", Number(tile.dataset.row));
  };
  root.onkeydown = (event) => rove(event, tiles);
  paint(root, data).then(() => (root.dataset.drawn = String(tiles.length)));
}

/** @param {HTMLElement} root @param {Data} data @returns {Promise<void>} when all images are drawn, or are known to be missing */
async function paint(root, { sheet, size, pictures }) {
  const canvases = [...root.querySelectorAll("canvas")];
  if (!pictures) return draw(canvases, await bitmapOf(root, sheet.uri), sheet);
  return new Promise((resolve) => {
    const left = new Set(canvases);
    const act = () => {
      for (const canvas of left) {
        const row = Number(canvas.parentElement?.getAttribute("data-row"));
        if (drawThumbnail(canvas, pictures.cell(row), size) !== "loading") left.delete(canvas);
      }
      if (!left.size) resolve();
    };
    pictures.watch(act);
    act();
  });
}
