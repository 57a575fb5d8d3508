/** The map's frame on the page: its elements, its size, what it says of its state. */

import { find } from "../dom/element.js";

const TOAST = 6000; // milliseconds

export class Frame {
  /** @param {HTMLElement} root @param {AbortSignal} signal ends it @param {() => void} onResize */
  constructor(root, signal, onResize) {
    this.root = root;
    this.timer = 0;
    this.stage = find(root, ".stage");
    this.notice = find(root, ".notice");
    this.toast = find(root, ".toast");
    this.spoken = find(root, ".spoken");
    this.shape = /** @type {SVGElement} */ (root.querySelector(".shape"));
    this.points = /** @type {HTMLCanvasElement} */ (find(root, "canvas.points"));
    this.marks = /** @type {HTMLCanvasElement} */ (find(root, "canvas.marks"));
    /** @type {DOMRect | null} where the stage is in the window; read once, until something may have moved it */
    this.box = null;
    const resized = new ResizeObserver(() => {
      this.box = null;
      onResize();
    });
    resized.observe(this.stage);
    const forget = { signal, capture: true, passive: true };
    window.addEventListener("scroll", () => (this.box = null), forget);
    window.addEventListener("resize", () => (this.box = null), forget);
    this.stage.addEventListener("pointerenter", () => (this.box = null), forget); // the page above may have grown
  }

  /** What needs classes, or a classifier, is seen where there are some. @param {import("../data/source.js").Data} data */
  hear({ label, columns, class_names: names, served = true }) {
    this.stage.setAttribute("aria-label", `${label}. Arrow keys walk, Enter pins, Escape clears.`);
    this.root.dataset.judged = String(columns !== null);
    this.root.dataset.served = String(served);
    this.root.dataset.classed = String(names.length > 0);
    this.root.dataset.rivalled = String(columns !== null && names.length > 2); // of two classes, the second is the other one
  }

  /** @param {{clientX: number, clientY: number}} event @returns {[number, number]} pixels of the stage */
  position({ clientX, clientY }) {
    this.box ??= this.stage.getBoundingClientRect();
    return [clientX - this.box.left, clientY - this.box.top];
  }

  /** @returns {{width: number, height: number}} pixels */
  get size() {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  /** @param {"loading" | "ready" | "empty" | "failed"} state @param {string} words */
  show(state, words) {
    this.root.dataset.state = state;
    if (this.notice.textContent !== words) this.notice.textContent = words;
  }

  /** @param {string} words said over the map for a while; empty: no more */
  say(words) {
    clearTimeout(this.timer);
    this.toast.textContent = words;
    if (words) this.timer = window.setTimeout(() => this.say(""), TOAST);
  }
}

/** @param {number} n points @param {number} lit how many of them are @param {boolean} seen whether any is in view @param {string} lacking why images are not there @returns {["ready" | "empty", string]} the state, and what to say of it */
export function stateOf(n, lit, seen, lacking) {
  if (n === 0) return ["empty", "There are no points to show."];
  if (!lit) return ["ready", "No image matches the filters."];
  return ["ready", seen ? lacking : "There are no images here. Press 0 to show all."];
}
