/**
 * Turns pointers, wheel and keys into what the viewer wants.
 *
 * @typedef {{
 *   hover: (x: number, y: number) => void, leave: () => void,
 *   tap: (x: number, y: number, touch: boolean) => void,
 *   pan: (dx: number, dy: number) => void, zoom: (x: number, y: number, factor: number, touch: boolean) => void,
 *   zoomMiddle: (factor: number) => void, reset: () => void,
 *   walk: (dx: number, dy: number) => void, choose: () => void, clear: () => void, enter: () => void,
 * }} Wishes pixels of the stage
 */

const SLACK = 5; // pixels a pointer may move in a click
const TOUCH_SLACK = 12;
const LINE = 16; // pixels of a wheel's line
const STEP = 1.5; // zoom of a key or button

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @param {import("./frame.js").Frame} frame
 * @param {Wishes} wishes
 * @param {AbortSignal} signal ends it
 */
export function listen(frame, wishes, signal) {
  const { stage } = frame;
  const pointers = new Pointers(frame, wishes);
  stage.addEventListener("pointerdown", (event) => pointers.down(event), { signal });
  stage.addEventListener("pointermove", (event) => pointers.move(event), { signal });
  stage.addEventListener("pointerup", (event) => pointers.up(event), { signal });
  stage.addEventListener("pointercancel", (event) => pointers.cancel(event), { signal });
  stage.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && wishes.leave(), { signal });
  stage.addEventListener("dblclick", () => wishes.reset(), { signal });
  stage.addEventListener("wheel", (event) => wheel(frame, event, wishes), { signal, passive: false });
  stage.addEventListener("keydown", (event) => press(event, wishes), { signal });
  stage.addEventListener("focus", () => stage.matches(":focus-visible") && wishes.enter(), { signal });
}

/** @param {import("./frame.js").Frame} frame @param {WheelEvent} event @param {Wishes} wishes */
function wheel(frame, event, wishes) {
  event.preventDefault();
  const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? frame.size.height : 1;
  const speed = event.ctrlKey ? 0.01 : 0.002; // browsers report a touchpad's pinch as ctrl and small steps
  const turn = Math.min(Math.max(event.deltaY * unit * speed, -0.5), 0.5);
  wishes.zoom(...frame.position(event), Math.exp(-turn), false);
}

/** @param {KeyboardEvent} event @param {Wishes} wishes */
function press(event, wishes) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow) wishes.walk(...arrow);
  else if (event.key === "Enter" || event.key === " ") wishes.choose();
  else if (event.key === "Escape") wishes.clear();
  else if (event.key === "+" || event.key === "=") wishes.zoomMiddle(STEP);
  else if (event.key === "-") wishes.zoomMiddle(1 / STEP);
  else if (event.key === "0") wishes.reset();
  else return;
  event.preventDefault();
}

class Pointers {
  /** @param {import("./frame.js").Frame} frame @param {Wishes} wishes */
  constructor(frame, wishes) {
    this.frame = frame;
    this.stage = frame.stage;
    this.wishes = wishes;
    /** @type {Map<number, [number, number]>} where each pressed pointer is */
    this.pressed = new Map();
    this.moved = false;
    this.start = [0, 0];
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0) return;
    const here = this.frame.position(event);
    this.moved = this.pressed.size > 0;
    this.pressed.set(event.pointerId, here);
    this.start = here;
    this.stage.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const here = this.frame.position(event);
    const before = this.pressed.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") this.wishes.hover(...here);
      return;
    }
    const slack = event.pointerType === "touch" ? TOUCH_SLACK : SLACK;
    if (!this.moved && Math.hypot(here[0] - this.start[0], here[1] - this.start[1]) <= slack) return;
    if (!this.moved) this.stage.dataset.dragging = "true";
    this.moved = true;
    if (this.pressed.size === 2) this.pinch(event.pointerId, before, here);
    else this.wishes.pan(here[0] - before[0], here[1] - before[1]);
    this.pressed.set(event.pointerId, here);
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
    this.cancel(event);
    if (clicked) this.wishes.tap(...this.frame.position(event), event.pointerType === "touch");
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    this.pressed.delete(event.pointerId);
    if (this.pressed.size === 0) delete this.stage.dataset.dragging;
  }
}
