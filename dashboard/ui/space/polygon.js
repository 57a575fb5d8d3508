/**
 * Closed shapes drawn on the map, as flat lists x, y, x, y ...: which points are inside (even-odd rule).
 *
 * @typedef {import("./point_index.js").PointIndex} PointIndex
 * @typedef {{from: number, to: number}} Span first and last cell
 */

/**
 * @param {ArrayLike<number>} polygon
 * @param {number} x
 * @param {number} y
 * @returns {boolean} whether a ray to the right crosses the outline an odd number of times
 */
export function contains(polygon, x, y) {
  let inside = false;
  let fromX = polygon[polygon.length - 2];
  let fromY = polygon[polygon.length - 1];
  for (let i = 0; i < polygon.length; i += 2) {
    const toX = polygon[i];
    const toY = polygon[i + 1];
    if (toY > y !== fromY > y && x < ((fromX - toX) * (y - toY)) / (fromY - toY) + toX) inside = !inside;
    fromX = toX;
    fromY = toY;
  }
  return inside;
}

/**
 * Points are tested one by one only in the cells that the outline crosses; a run of cells between two of those is
 * wholly inside or wholly outside.
 *
 * @param {PointIndex} index over the points
 * @param {ArrayLike<number>} polygon
 * @returns {Uint8Array} 1 where a row is inside
 */
export function insideMask(index, polygon) {
  const mask = new Uint8Array(index.x.length);
  const crossed = crossedCells(index, polygon);
  const exact = Float64Array.from(polygon);
  for (let line = 0; line < index.side; line++) fillLine(index, exact, crossed, line, mask);
  return mask;
}

/** @param {PointIndex} index @param {Float64Array} polygon @param {Uint8Array} crossed @param {number} line @param {Uint8Array} mask */
function fillLine({ x, y, rows, start, side, cell }, polygon, crossed, line, mask) {
  const end = (line + 1) * side;
  for (let from = line * side, to = from; from < end; from = to) {
    const edge = crossed[from];
    for (to = from + 1; to < end && crossed[to] === edge; ) to++;
    if (start[from] === start[to]) continue; // no points
    const middle = [(from - line * side + 0.5) * cell, (line + 0.5) * cell];
    if (!edge && !contains(polygon, middle[0], middle[1])) continue;
    for (let i = start[from]; i < start[to]; i++) {
      const row = rows[i];
      mask[row] = !edge || contains(polygon, x[row], y[row]) ? 1 : 0;
    }
  }
}

/** @param {PointIndex} index @param {ArrayLike<number>} polygon @returns {Uint8Array} 1 where the outline crosses a cell, or may */
function crossedCells({ side, cell }, polygon) {
  const crossed = new Uint8Array(side * side);
  const index = (/** @type {number} */ place) => Math.min(Math.max(Math.floor(place / cell), -1), side);
  let [fromX, fromY] = [polygon[polygon.length - 2], polygon[polygon.length - 1]];
  for (let i = 0; i < polygon.length; i += 2) {
    const [toX, toY] = [polygon[i], polygon[i + 1]];
    const slope = (toX - fromX) / (toY - fromY || 1);
    const [low, high] = [Math.min(fromY, toY), Math.max(fromY, toY)];
    for (let line = Math.max(index(low - 1), 0); line <= Math.min(index(high + 1), side - 1); line++) {
      const [bottom, top] = [line * cell, (line + 1) * cell].map((y) => Math.min(Math.max(y, low), high));
      const [a, b] = low === high ? [fromX, toX] : [fromX + (bottom - fromY) * slope, fromX + (top - fromY) * slope];
      const [left, right] = [index(Math.min(a, b) - 1), index(Math.max(a, b) + 1)];
      if (right >= 0 && left < side) crossed.fill(1, line * side + Math.max(left, 0), line * side + Math.min(right, side - 1) + 1);
    }
    [fromX, fromY] = [toX, toY];
  }
  return crossed;
}

/**
 * Drops the vertices that the eye would not miss (Douglas and Peucker 1973), and then as many more as it takes.
 *
 * @param {number[]} polygon
 * @param {number} tolerance how far the outline may move
 * @param {number} most vertices
 * @returns {number[]}
 */
export function simplify(polygon, tolerance, most) {
  for (let allowed = tolerance; ; allowed *= 1.5) {
    const kept = keptVertices(polygon, allowed);
    if (kept.length <= most) return kept.flatMap((vertex) => [polygon[2 * vertex], polygon[2 * vertex + 1]]);
  }
}

/** @param {number[]} polygon @param {number} tolerance @returns {number[]} ascending */
function keptVertices(polygon, tolerance) {
  const count = polygon.length / 2;
  const kept = new Set([0, count - 1]);
  const open = [[0, count - 1]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [vertex, distance] = farthest(polygon, part[0], part[1]);
    if (distance <= tolerance) continue;
    kept.add(vertex);
    open.push([part[0], vertex], [vertex, part[1]]);
  }
  return [...kept].sort((a, b) => a - b);
}

/** @param {number[]} polygon @param {number} from @param {number} to @returns {[number, number]} vertex between, and how far it is */
function farthest(polygon, from, to) {
  const [x, y] = [polygon[2 * from], polygon[2 * from + 1]];
  const [dx, dy] = [polygon[2 * to] - x, polygon[2 * to + 1] - y];
  const length = dx * dx + dy * dy || 1;
  let [vertex, most] = [-1, -1];
  for (let i = from + 1; i < to; i++) {
    const [right, up] = [polygon[2 * i] - x, polygon[2 * i + 1] - y];
    const share = Math.min(Math.max((right * dx + up * dy) / length, 0), 1);
    const distance = Math.hypot(right - share * dx, up - share * dy);
    if (distance > most) [vertex, most] = [i, distance];
  }
  return [vertex, most];
}
