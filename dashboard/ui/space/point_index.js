/**
 * Finds the point nearest to a place.
 *
 * @typedef {(row: number) => boolean} Accept
 */

const SIZE = 65536; // positions are below it

/** A square grid over the positions; each cell lists its rows. */
export class PointIndex {
  /** @param {Uint16Array} x @param {Uint16Array} y */
  constructor(x, y) {
    this.x = x;
    this.y = y;
    this.side = Math.min(Math.max(Math.ceil(Math.sqrt(x.length / 2)), 1), 1024);
    this.cell = SIZE / this.side;
    this.start = new Uint32Array(this.side ** 2 + 1); // of each cell's rows
    this.rows = new Uint32Array(x.length);
    this.build();
  }

  build() {
    const { x, y, start } = this;
    for (let row = 0; row < x.length; row++) start[this.cellOf(x[row], y[row]) + 1]++;
    for (let cell = 1; cell < start.length; cell++) start[cell] += start[cell - 1];
    const free = start.slice();
    for (let row = 0; row < x.length; row++) this.rows[free[this.cellOf(x[row], y[row])]++] = row;
  }

  /** @param {number} x @param {number} y @returns {number} */
  cellOf(x, y) {
    return Math.floor(y / this.cell) * this.side + Math.floor(x / this.cell);
  }

  /**
   * @param {number} x a position
   * @param {number} y
   * @param {number} reach greatest distance, in positions
   * @param {Accept} accept which rows count
   * @returns {number} the nearest row, the lowest of equals; -1 if there is none
   */
  nearest(x, y, reach, accept) {
    let best = -1;
    let least = reach * reach;
    const [left, right] = this.span(x, reach);
    const [bottom, top] = this.span(y, reach);
    for (let line = bottom; line <= top; line++) {
      for (let cell = line * this.side + left; cell <= line * this.side + right; cell++) {
        for (let i = this.start[cell]; i < this.start[cell + 1]; i++) {
          const row = this.rows[i];
          const distance = (this.x[row] - x) ** 2 + (this.y[row] - y) ** 2;
          const nearer = distance < least || (distance === least && (best < 0 || row < best));
          if (nearer && accept(row)) [best, least] = [row, distance];
        }
      }
    }
    return best;
  }

  /** @param {import("./camera.js").Box} box in positions @returns {boolean} whether any point lies in it */
  hasAny({ left, right, bottom, top }) {
    const [first, last] = this.span((left + right) / 2, (right - left) / 2);
    const [low, high] = this.span((bottom + top) / 2, (top - bottom) / 2);
    for (let line = low; line <= high; line++) {
      const end = this.start[line * this.side + last + 1];
      for (let i = this.start[line * this.side + first]; i < end; i++) {
        const [x, y] = [this.x[this.rows[i]], this.y[this.rows[i]]];
        if (x >= left && x <= right && y >= bottom && y <= top) return true;
      }
    }
    return false;
  }

  /** @param {number} middle @param {number} reach @returns {[number, number]} first and last cell of an interval */
  span(middle, reach) {
    const low = Math.floor((middle - reach) / this.cell);
    const high = Math.floor((middle + reach) / this.cell);
    return [Math.max(low, 0), Math.min(high, this.side - 1)];
  }
}

/**
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>}} places @param {number} row
 * @returns {number} how many rows lie on its very spot, itself included
 */
export function onSpot({ x, y }, row) {
  let count = 0;
  for (let other = 0; other < x.length; other++) if (x[other] === x[row] && y[other] === y[row]) count++;
  return count;
}
