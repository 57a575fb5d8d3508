/**
 * Where the cells of a matrix are on the screen: names stay at the left and on top, totals at the right and at the bottom,
 * what lies between them scrolls.
 *
 * @typedef {{width: number, height: number, scrollLeft: number, scrollTop: number}} View of what is seen, in pixels
 * @typedef {{left: number, top: number, right: number, bottom: number}} Room of the names and totals, in pixels
 * @typedef {{row: number | null, column: number | null}} Place from the top left; null: all of them
 */

export const LARGEST = 44; // pixels a cell
export const READABLE = 13; // pixels a cell: each has its name

export class MatrixLayout {
  /** @param {number} k classes @param {Room} room */
  constructor(k, room) {
    this.k = k;
    this.room = room;
    this.cell = READABLE;
    /** @type {View} */
    this.view = { width: 0, height: 0, scrollLeft: 0, scrollTop: 0 };
  }

  /** @returns {{width: number, height: number}} of everything, in pixels */
  get size() {
    const { left, top, right, bottom } = this.room;
    return { width: left + this.k * this.cell + right, height: top + this.k * this.cell + bottom };
  }

  /** @param {HTMLElement} space that scrolls @returns {void} */
  stretch(space) {
    const { width, height } = this.size;
    Object.assign(space.style, { width: `${width}px`, height: `${height}px` });
  }

  /** @returns {number} pixels a cell where all of it is in view */
  get fitting() {
    const { left, top, right, bottom } = this.room;
    const { width, height } = this.view;
    return Math.max(Math.min(LARGEST, (width - left - right) / this.k, (height - top - bottom) / this.k), 0.1);
  }

  /** @param {number} place @returns {number} the left of a column */
  x(place) {
    return this.room.left + place * this.cell - this.view.scrollLeft;
  }

  /** @param {number} place @returns {number} the top of a row */
  y(place) {
    return this.room.top + place * this.cell - this.view.scrollTop;
  }

  /** @returns {number} the left of the totals of rows */
  get rightRim() {
    return Math.min(this.x(this.k), this.view.width - this.room.right);
  }

  /** @returns {number} the top of the totals of columns */
  get bottomRim() {
    return Math.min(this.y(this.k), this.view.height - this.room.bottom);
  }

  /** @returns {[number, number]} the first row or column that is seen, and the first that is not any more */
  get columns() {
    return this.seen(this.view.scrollLeft, this.rightRim - this.room.left);
  }

  get rows() {
    return this.seen(this.view.scrollTop, this.bottomRim - this.room.top);
  }

  /** @param {number} scrolled @param {number} length @returns {[number, number]} */
  seen(scrolled, length) {
    return [Math.max(0, Math.floor(scrolled / this.cell)), Math.min(this.k, Math.ceil((scrolled + length) / this.cell))];
  }

  /** @param {number} x @param {number} y @returns {Place | null} what is there; null: nothing */
  at(x, y) {
    const row = this.place(y, this.room.top, this.bottomRim, this.room.bottom, this.view.scrollTop);
    const column = this.place(x, this.room.left, this.rightRim, this.room.right, this.view.scrollLeft);
    return row === undefined || column === undefined ? null : { row, column };
  }

  /** @param {number} at @param {number} start @param {number} rim @param {number} room @param {number} scrolled */
  place(at, start, rim, room, scrolled) {
    if (at < start || (at >= rim && at < rim + room)) return null; // a name, or a total
    if (at >= rim) return undefined;
    return Math.min(this.k - 1, Math.floor((at - start + scrolled) / this.cell));
  }
}
