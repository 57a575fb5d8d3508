/**
 * Draws a matrix of classes: its cells, and around them the names and totals that there is room for.
 *
 * @typedef {import("./matrix_layout.js").MatrixLayout} Layout
 * @typedef {import("./matrix_layout.js").Place} Place
 * @typedef {Record<"text" | "muted" | "line" | "paper" | "right" | "empty" | "wrong" | "chosen" | "test" | "font", string>} Colours font: a family
 * @typedef {{names: string[], rows: number[], columns: number[], cells: {row: number, column: number, count: number, share: number}[],
 *   all: number, isChange: boolean}} Content at their places; rows and columns: totals; share: of the strongest colour, 0 to 1, of
 *   changes -1 to 1, where more is better
 */

import { thousands } from "../data/numbers.js";

const FONT = 11; // pixels
const LINE = 12;
const NUMBER = 22; // pixels a cell that has room for its number
const FAINTEST = 0.16; // share of the scale: one image must be seen
const SMALLEST = 2; // pixels: of a dot for a cell that is smaller

/**
 * @param {CanvasRenderingContext2D} context @param {Layout} layout @param {Content} content @param {Colours} colours
 * @param {{looked: Place | null, chosen: Place | null}} marked
 */
export function drawMatrix(context, layout, content, colours, marked) {
  const { width, height } = layout.view;
  context.clearRect(0, 0, width, height);
  context.font = `${FONT}px ${colours.font}`;
  drawCells(context, layout, content, colours);
  drawNames(context, layout, content.names, colours, marked);
  drawTotals(context, layout, content, colours);
  if (marked.looked) outline(context, layout, marked.looked, colours.muted, 1);
  if (marked.chosen) outline(context, layout, marked.chosen, colours.chosen, 2);
}

/** @param {CanvasRenderingContext2D} context @param {Layout} layout @param {Content} content @param {Colours} colours */
function drawCells(context, layout, content, colours) {
  const { room, cell } = layout;
  const [[top, bottom], [left, right]] = [layout.rows, layout.columns];
  const area = /** @type {const} */ ([room.left, room.top, layout.rightRim - room.left, layout.bottomRim - room.top]);
  context.save();
  context.beginPath();
  context.rect(...area);
  context.clip();
  context.fillStyle = colours.empty;
  context.fillRect(...area);
  const gap = cell >= 8 ? 1 : 0;
  const side = Math.max(cell - gap, SMALLEST);
  for (const { row, column, count, share } of content.cells) {
    if (row < top || row >= bottom || column < left || column >= right) continue;
    const isRight = row === column && !content.isChange;
    const strength = isRight ? 1 : FAINTEST + (1 - FAINTEST) * Math.abs(share);
    context.globalAlpha = strength;
    context.fillStyle = isRight ? colours.right : content.isChange && share > 0 ? colours.test : colours.wrong;
    context.fillRect(layout.x(column), layout.y(row), side, side);
    context.globalAlpha = 1;
    if (cell < NUMBER) continue;
    context.fillStyle = !isRight && strength > 0.55 ? colours.paper : colours.text;
    write(context, content.isChange ? difference(count) : thousands(count), layout.x(column) + cell / 2, layout.y(row) + cell / 2, "center");
  }
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {string} words @param {number} x @param {number} y @param {CanvasTextAlign} align */
function write(context, words, x, y, align) {
  context.textAlign = align;
  context.textBaseline = "middle";
  context.fillText(words, x, y);
}

/** @param {CanvasRenderingContext2D} context @param {string} words @param {number} x @param {number} y @param {CanvasTextAlign} align */
function writeUpright(context, words, x, y, align) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  write(context, words, 0, 0, align);
  context.restore();
}

/** @param {Layout} layout @returns {number} of how many names one is written */
function stepOf(layout) {
  return Math.max(1, Math.ceil(LINE / layout.cell));
}

/** @param {[number, number]} seen @param {number} step @param {number | null | undefined} own is always written @param {number} cell */
function* places([start, end], step, own, cell) {
  const near = (/** @type {number} */ place) => typeof own === "number" && place !== own && Math.abs(place - own) * cell < LINE;
  for (let place = Math.ceil(start / step) * step; place < end; place += step) if (!near(place)) yield place;
  if (typeof own === "number" && own >= start && own < end && own % step) yield own;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Layout} layout @param {string[]} names @param {Colours} colours
 * @param {{looked: Place | null, chosen: Place | null}} marked
 */
function drawNames(context, layout, names, colours, { looked, chosen }) {
  const { room, cell } = layout;
  const own = looked ?? chosen;
  const step = stepOf(layout);
  const inked = (/** @type {number} */ place, /** @type {number | null | undefined} */ mine) => {
    context.fillStyle = place === mine ? colours.text : colours.muted;
    context.font = `${place === mine ? "600 " : ""}${FONT}px ${colours.font}`;
  };
  for (const place of places(layout.rows, step, own?.row, cell)) {
    const y = layout.y(place) + cell / 2;
    if (y < room.top || y > layout.bottomRim) continue;
    inked(place, own?.row);
    write(context, cut(context, names[place], room.left - 10), room.left - 5, y, "right");
  }
  for (const place of places(layout.columns, step, own?.column, cell)) {
    const x = layout.x(place) + cell / 2;
    if (x < room.left || x > layout.rightRim) continue;
    inked(place, own?.column);
    writeUpright(context, cut(context, names[place], room.top - 10), x, room.top - 5, "left");
  }
  context.font = `${FONT}px ${colours.font}`;
  context.fillStyle = colours.muted;
  write(context, "predicted →", room.left - LINE, room.top - 2 * LINE, "right");
  write(context, "true ↓", room.left - LINE, room.top - LINE, "right");
}

/** @param {CanvasRenderingContext2D} context @param {Layout} layout @param {Content} content @param {Colours} colours */
function drawTotals(context, layout, { rows, columns, all }, colours) {
  const { room, cell } = layout;
  const step = stepOf(layout);
  const [x, y] = [layout.rightRim + 6, layout.bottomRim + 6];
  context.fillStyle = colours.muted;
  for (const place of places(layout.rows, step, null, cell)) {
    const middle = layout.y(place) + cell / 2;
    if (middle > room.top && middle < layout.bottomRim) write(context, thousands(rows[place]), x, middle, "left");
  }
  for (const place of places(layout.columns, step, null, cell)) {
    const middle = layout.x(place) + cell / 2;
    if (middle > room.left && middle < layout.rightRim) writeUpright(context, thousands(columns[place]), middle, y, "right");
  }
  write(context, thousands(all), x, layout.bottomRim + LINE, "left");
  write(context, "all", x, room.top - LINE, "left");
  write(context, "all", room.left - LINE, layout.bottomRim + LINE, "right");
}

/** @param {CanvasRenderingContext2D} context @param {Layout} layout @param {Place} place @param {string} colour @param {number} width */
function outline(context, layout, { row, column }, colour, width) {
  const { room, cell } = layout;
  if (row === null && column === null) return;
  const [right, bottom] = [layout.rightRim + room.right - 2, layout.bottomRim + room.bottom - 2];
  const [x, wide] = column === null ? [room.left, right - room.left] : [layout.x(column), cell];
  const [y, high] = row === null ? [room.top, bottom - room.top] : [layout.y(row), cell];
  context.save();
  context.beginPath();
  context.rect(room.left - 1, room.top - 1, right - room.left + 2, bottom - room.top + 2);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = width;
  const [least, more] = [Math.max(wide, 3), Math.max(high, 3)];
  context.strokeRect(x - 0.5, y - 0.5, least, more);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {string} name @param {number} room pixels @returns {string} */
export function cut(context, name, room) {
  if (context.measureText(name).width <= room) return name;
  let length = Math.floor((room / context.measureText(name).width) * name.length);
  while (length > 1 && context.measureText(`${name.slice(0, length)}…`).width > room) length--;
  return `${name.slice(0, length)}…`;
}

/** @param {number} n @returns {string} a difference of two counts, for example "+3" */
export function difference(n) {
  return n ? `${n > 0 ? "+" : "−"}${thousands(Math.abs(n))}` : "0";
}
