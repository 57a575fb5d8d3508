/**
 * Images as tiles, some to a line: framed in the colour of the true class; a wrong one has a corner in the colour of
 * the class it is taken for, with a cross. A line's images are drawn on one canvas.
 *
 * @typedef {import("../map/capabilities.js").Uses<"rows" | "atlas" | "appearance">} Needs
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {import("./row_list.js").Variant} Variant
 */

import { element } from "../dom/element.js";
import { emptied } from "../dom/canvas.js";
import { signed } from "../data/numbers.js";

const IMAGE = 64; // pixels
const FRAME = 2;
const TILE = IMAGE + 2 * FRAME;
const GAP = 6; // at least
const CAPTION = 17;
const CORNER = 16;

/** @implements {Variant} */
export class GalleryList {
  label = "Gallery of the images";
  height = TILE + CAPTION + GAP;
  columns = null;

  /** @param {Needs} map */
  constructor(map) {
    this.map = map;
    this.made = 0;
  }

  /** @param {number} width pixels @returns {number} */
  perLine(width) {
    return Math.max(Math.floor((width + GAP) / (TILE + GAP)), 1);
  }

  /** @param {number} perLine @returns {HTMLElement} */
  make(perLine) {
    const tiles = Array.from({ length: perLine }, (_, column) =>
      element("div", { class: "tile", role: "gridcell", id: `tile-${this.made++}`, "aria-colindex": column + 1 }));
    return element("div", { class: "tiles" }, element("canvas"), ...tiles);
  }

  /** @param {HTMLElement} line @returns {HTMLElement[]} */
  items(line) {
    return [...line.querySelectorAll("div")];
  }

  /** @param {HTMLElement} tile @param {Facts} facts */
  write(tile, facts) {
    const caption = captionOf(facts, this.map.rows.data.columns !== null);
    tile.ariaLabel = describe(facts);
    if (tile.firstChild instanceof Text) tile.firstChild.data = caption;
    else tile.prepend(caption);
  }

  /** @param {HTMLElement} line @param {Uint32Array} rows @returns {boolean} whether all thumbnails have come */
  paint(line, rows) {
    const [canvas] = line.getElementsByTagName("canvas");
    const width = line.parentElement?.clientWidth ?? 0;
    const { context, ratio } = emptied(canvas, width, TILE);
    if (!context) return true;
    Object.assign(canvas.style, { width: `${width}px`, height: `${TILE}px` });
    context.scale(ratio, ratio);
    const tiles = this.items(line);
    const step = (width - TILE) / Math.max(tiles.length - 1, 1); // they fill the line evenly
    let complete = true;
    rows.forEach((row, column) => {
      const left = Math.round(column * step);
      const cell = this.map.atlas.cell(row);
      if (cell === "loading") complete = false;
      tiles[column].style.left = `${left}px`;
      drawTile(context, left, this.map.rows.facts(row), cell, this.map.appearance.theme.background);
    });
    return complete;
  }
}

/** @param {Facts} facts @param {boolean} judged whether there is a classifier @returns {string} its margin, or else its file's name */
function captionOf({ margin, id }, judged) {
  if (!judged) return id.slice(id.lastIndexOf("/") + 1);
  if (margin === null) return "";
  return Number.isNaN(margin) ? "no margin" : signed(margin);
}

/** @param {Facts} facts @returns {string} */
function describe({ id, truth, predicted, margin, correct }) {
  const verdict = correct === null ? "" : correct ? ", predicted so" : `, wrongly predicted ${predicted?.name ?? "none"}`;
  const words = margin === null ? "" : `, margin ${signed(margin)}`;
  return `${id}${truth ? `: ${truth.name}` : ""}${verdict}${words}`;
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} left @param {Facts} facts
 * @param {import("../render/atlas.js").Cell | "loading" | "missing"} cell @param {string} background
 */
function drawTile(context, left, { truth, predicted, correct }, cell, background) {
  context.fillStyle = truth?.paint ?? "#888888";
  context.fillRect(left, 0, TILE, TILE);
  if (typeof cell === "string") {
    context.fillStyle = `${background}bf`; // not there yet: a pale form of its frame
    context.fillRect(left + FRAME, FRAME, IMAGE, IMAGE);
  } else {
    context.clearRect(left + FRAME, FRAME, IMAGE, IMAGE); // an image may not fill its square
    context.imageSmoothingEnabled = cell.size > IMAGE;
    context.drawImage(cell.image, cell.left, cell.top, cell.size, cell.size, left + FRAME, FRAME, IMAGE, IMAGE);
  }
  if (correct === false) drawCorner(context, left + TILE, predicted?.paint ?? "#888888", background);
}

/** @param {CanvasRenderingContext2D} context @param {number} right @param {string} paint @param {string} background */
function drawCorner(context, right, paint, background) {
  context.fillStyle = background;
  context.fillRect(right - CORNER - 1, TILE - CORNER - 1, CORNER + 1, CORNER + 1);
  context.fillStyle = paint;
  context.fillRect(right - CORNER, TILE - CORNER, CORNER, CORNER);
  context.strokeStyle = background;
  context.lineWidth = 2;
  context.beginPath();
  for (const [a, b] of [[5, 11], [11, 5]]) {
    context.moveTo(right - CORNER + a, TILE - CORNER + 5);
    context.lineTo(right - CORNER + b, TILE - CORNER + 11);
  }
  context.stroke();
}
