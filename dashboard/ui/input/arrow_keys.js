/**
 * Where the arrow keys lead.
 *
 * @typedef {import("../space/point_index.js").PointIndex} PointIndex
 * @typedef {import("../space/point_index.js").Accept} Accept
 * @typedef {{x: number, y: number, dx: number, dy: number, from: number}} Step from a row's place in a direction
 * @typedef {{same: number, ahead: number, cost: number, aside: number, asideCost: number}} Found rows, -1 for none
 */

const EVERYWHERE = 131072; // positions

/**
 * Walks from a point: within 45 degrees of the direction if anything is there, else anything ahead.
 * Points in one and the same place are stepped through in order, so that each can be reached.
 *
 * @param {PointIndex} grid over the points
 * @param {number} from a row
 * @param {number} dx the direction: one of dx, dy is 0, the other 1 or -1 (y upwards)
 * @param {number} dy
 * @param {Accept} accept which rows count
 * @returns {number} a row, the lowest of equals; -1 if there is nothing ahead
 */
export function nextInDirection(grid, from, dx, dy, accept) {
  const step = { x: grid.x[from], y: grid.y[from], dx, dy, from };
  for (let reach = 2 * grid.cell; ; reach *= 2) {
    const found = search(grid, step, reach, accept);
    if (found.same >= 0) return found.same;
    if (found.ahead >= 0 && found.cost <= reach) return found.ahead; // what lies outside the square costs more
    if (reach > EVERYWHERE) return found.ahead >= 0 ? found.ahead : found.aside;
  }
}

/** @param {PointIndex} grid @param {Step} step @param {number} reach of a square round the place @param {Accept} accept @returns {Found} */
function search(grid, step, reach, accept) {
  const found = { same: -1, ahead: -1, cost: Infinity, aside: -1, asideCost: Infinity };
  const [left, right] = grid.span(step.x, reach);
  const [bottom, top] = grid.span(step.y, reach);
  for (let line = bottom; line <= top; line++) {
    const [first, end] = [grid.start[line * grid.side + left], grid.start[line * grid.side + right + 1]];
    for (let i = first; i < end; i++) consider(grid, step, grid.rows[i], accept, found);
  }
  return found;
}

/** @param {PointIndex} grid @param {Step} step @param {number} row @param {Accept} accept @param {Found} found */
function consider({ x, y }, step, row, accept, found) {
  const right = x[row] - step.x;
  const up = y[row] - step.y;
  const along = right * step.dx + up * step.dy;
  if (right === 0 && up === 0) return considerSame(step, row, accept, found);
  if (along <= 0) return;
  const across = Math.abs(right * step.dy) + Math.abs(up * step.dx);
  const cost = Math.sqrt(along * along + 4 * across * across);
  const straight = across <= along;
  const [best, least] = straight ? [found.ahead, found.cost] : [found.aside, found.asideCost];
  if (cost > least || (cost === least && row > best) || !accept(row)) return;
  if (straight) [found.ahead, found.cost] = [row, cost];
  else [found.aside, found.asideCost] = [row, cost];
}

/** @param {Step} step @param {number} row @param {Accept} accept @param {Found} found the nearest row in the order of rows */
function considerSame({ dx, dy, from }, row, accept, found) {
  const onwards = dx + dy > 0;
  const ahead = onwards ? row > from : row < from;
  const nearer = found.same < 0 || (onwards ? row < found.same : row > found.same);
  if (ahead && nearer && accept(row)) found.same = row;
}
