/**
 * The row that the viewer looks at, with a pointer, with keys, or in a list; and those that are pinned.
 *
 * @typedef {import("./capabilities.js").Uses<"view" | "navigation" | "drawing" | "frame" | "marks">} Needs
 * @typedef {import("../state/view_store.js").View} View
 */

const PINS = 2; // cards beside each other

export class Looking {
  /** @param {Needs} map @param {(row: number, touch: boolean) => void} onLook */
  constructor(map, onLook) {
    this.map = map;
    this.onLook = onLook;
    this.row = -1;
  }

  /** As if the pointer were there. @param {number} row -1 for none @param {boolean} touch */
  look(row, touch = false) {
    if (row === this.row) return;
    this.row = row;
    const { drawing, frame, marks } = this.map;
    marks.note({ hoverId: row < 0 ? null : row });
    frame.stage.dataset.hovering = String(row >= 0);
    this.onLook(row, touch);
    drawing.drawOverlay();
  }

  /** Brings a row into view and looks at it. @param {number} row */
  show(row) {
    this.map.navigation.reveal(row);
    this.look(row);
  }

  /** Pins a row, or takes the pin away. @param {number} row @param {Partial<View>} also what is to change with it */
  pin(row, also = {}) {
    const { pinned } = this.map.view.value;
    const others = pinned.filter((other) => other !== row);
    this.map.view.set({ pinned: others.length < pinned.length ? others : [...others, row].slice(-PINS), ...also });
  }
}
