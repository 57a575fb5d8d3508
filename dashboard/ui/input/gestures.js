/**
 * Turns pointers, wheel and keys into what the viewer wants.
 *
 * @typedef {{shift: boolean, alt: boolean}} Keys
 * @typedef {"point" | "box" | "lasso"} Tool
 * @typedef {{
 *   hover: (x: number, y: number, time: number) => void, leave: () => void,
 *   tap: (x: number, y: number, touch: boolean, keys: Keys) => void,
 *   pan: (dx: number, dy: number) => void, zoom: (x: number, y: number, factor: number, touch: boolean) => void,
 *   home: () => void, enter: () => void, press: (event: KeyboardEvent) => boolean,
 *   tool: () => Tool, takes: (event: WheelEvent) => boolean,
 *   drawFrom: (x: number, y: number, keys: Keys) => void, drawTo: (x: number, y: number) => void,
 *   drawn: (keys: Keys) => void, undrawn: () => void,
 * }} Wishes pixels of the stage; time: of the event; takes: whether the wheel zooms, else it is the page's
 * @typedef {import("../map/frame.js").Frame} Frame
 */

const SLACK = 5; // pixels a pointer may move in a click
const TOUCH_SLACK = 12;
const LINE = 16; // pixels of a wheel's line
const MIDDLE = 1; // button of a mouse

/**
 * @param {Frame} frame
 * @param {Wishes} wishes
 * @param {AbortSignal} signal ends it
 */
export function listen(frame, wishes, signal) {
  const { stage } = frame;
  const pointers = new Pointers(frame, wishes);
  stage.addEventListener("pointerdown", (event) => pointers.down(event), { signal });
  stage.addEventListener("pointerrawupdate", (event) => pointers.early(/** @type {PointerEvent} */ (event)), { signal });
  stage.addEventListener("pointermove", (event) => pointers.move(event), { signal });
  stage.addEventListener("pointerup", (event) => pointers.up(event), { signal });
  stage.addEventListener("pointercancel", (event) => pointers.cancel(event), { signal });
  stage.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && wishes.leave(), { signal });
  stage.addEventListener("dblclick", (event) => wishes.tool() === "point" && !event.shiftKey && wishes.home(), { signal });
  stage.addEventListener("wheel", (event) => wheel(frame, event, wishes), { signal, passive: false });
  stage.addEventListener("keydown", (event) => pointers.press(event), { signal });
  stage.addEventListener("focus", () => stage.matches(":focus-visible") && wishes.enter(), { signal });
}

/** @param {Frame} frame @param {WheelEvent} event @param {Wishes} wishes */
function wheel(frame, event, wishes) {
  if (!wishes.takes(event)) return;
  event.preventDefault();
  const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? frame.size.height : 1;
  const speed = event.ctrlKey ? 0.01 : 0.002; // browsers report a touchpad's pinch as ctrl and small steps
  const turn = Math.min(Math.max(event.deltaY * unit * speed, -0.5), 0.5);
  wishes.zoom(...frame.position(event), Math.exp(-turn), false);
}

/** @param {MouseEvent} event @returns {Keys} */
function keysOf({ shiftKey, altKey }) {
  return { shift: shiftKey, alt: altKey };
}

class Pointers {
  /** @param {Frame} frame @param {Wishes} wishes */
  constructor(frame, wishes) {
    this.frame = frame;
    this.stage = frame.stage;
    this.wishes = wishes;
    /** @type {Map<number, [number, number]>} where each pressed pointer is */
    this.pressed = new Map();
    this.moved = false;
    this.drawing = false;
    this.draws = false;
    this.passing = false;
    this.looked = false; // since the last frame
    this.start = /** @type {[number, number]} */ ([0, 0]);
    this.keys = { shift: false, alt: false };
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0 && event.button !== MIDDLE) return;
    if (event.button === MIDDLE) event.preventDefault(); // no scrolling by itself
    this.frame.box = null;
    const here = this.frame.position(event);
    this.undraw(); // a second finger: this was not meant as a shape
    this.moved = this.pressed.size > 0 || event.button === MIDDLE;
    this.keys = keysOf(event);
    this.draws = event.button === 0 && (this.wishes.tool() !== "point" || event.shiftKey || event.altKey);
    this.pressed.set(event.pointerId, here);
    this.start = here;
    this.stage.setPointerCapture(event.pointerId);
  }

  /**
   * Moves are told with the next frame, up to 17 ms late; this is told at once, where the page is secure. The card is
   * then ready when the frame begins. Once a frame is enough: some mice report a thousand times a second.
   *
   * @param {PointerEvent} event
   */
  early(event) {
    if (this.looked || this.pressed.has(event.pointerId)) return;
    this.looked = true;
    this.hover(event);
  }

  /** @param {PointerEvent} event */
  hover(event) {
    if (event.pointerType !== "touch") this.wishes.hover(...this.frame.position(event), event.timeStamp);
  }

  /** @param {PointerEvent} event */
  move(event) {
    this.looked = false;
    const before = this.pressed.get(event.pointerId);
    if (!before) return this.hover(event);
    const here = this.frame.position(event);
    const slack = event.pointerType === "touch" ? TOUCH_SLACK : SLACK;
    if (!this.moved && Math.hypot(here[0] - this.start[0], here[1] - this.start[1]) <= slack) return;
    if (!this.moved) this.beginDrag(event, here);
    this.moved = true;
    if (this.passing && this.pressed.size === 1) return;
    if (this.drawing) this.draw(event);
    else if (this.pressed.size === 2) this.pinch(event.pointerId, before, here);
    else if (this.pressed.size === 1) this.wishes.pan(here[0] - before[0], here[1] - before[1]);
    this.pressed.set(event.pointerId, here);
  }

  /** @param {PointerEvent} event @param {[number, number]} here */
  beginDrag({ pointerType }, [x, y]) {
    this.stage.dataset.dragging = "true";
    const scrolls = pointerType === "touch" && !this.draws && getComputedStyle(this.stage).touchAction !== "none";
    this.passing = scrolls && Math.abs(y - this.start[1]) > Math.abs(x - this.start[0]); // the page is scrolled
    this.drawing = this.draws && this.pressed.size === 1;
    if (this.drawing) this.wishes.drawFrom(...this.start, this.keys);
  }

  /** Browsers report fewer moves than a hand makes; a shape has all of them. @param {PointerEvent} event */
  draw(event) {
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) this.wishes.drawTo(...this.frame.position(move));
  }

  undraw() {
    if (this.drawing) this.wishes.undrawn();
    this.drawing = false;
    this.draws = false;
  }

  /** @param {number} id @param {[number, number]} before @param {[number, number]} here */
  pinch(id, before, here) {
    const [other] = [...this.pressed].filter(([key]) => key !== id).map(([, place]) => place);
    const distance = (/** @type {[number, number]} */ [x, y]) => Math.hypot(x - other[0], y - other[1]);
    this.wishes.pan((here[0] - before[0]) / 2, (here[1] - before[1]) / 2);
    const middle = [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2];
    this.wishes.zoom(middle[0], middle[1], distance(here) / Math.max(distance(before), 1), true);
  }

  /** @param {PointerEvent} event */
  up(event) {
    const clicked = this.pressed.has(event.pointerId) && !this.moved;
    const drawn = this.drawing;
    this.drawing = false;
    this.release(event);
    if (drawn) this.wishes.drawn(this.keys);
    else if (clicked) this.wishes.tap(...this.frame.position(event), event.pointerType === "touch", this.keys);
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    this.undraw();
    this.release(event);
  }

  /** @param {PointerEvent} event */
  release(event) {
    this.pressed.delete(event.pointerId);
    if (this.pressed.size === 0) delete this.stage.dataset.dragging;
  }

  /** Escape gives up the shape that is being drawn; other keys are the map's. @param {KeyboardEvent} event */
  press(event) {
    if (event.key === "Escape" && this.drawing) this.undraw();
    else if (!this.wishes.press(event)) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has shortcuts of its own: C, R
  }
}
