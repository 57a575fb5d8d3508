/**
 * What stands beside the map: the selection, the pins, and pictures of the viewer's own, each behind a tab, so that none pushes another
 * out of sight. On a wide screen a column that can be put away and stays so, on a narrow one a sheet at the bottom that is drawn up.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "selection" | "frame" | "signal">} Needs
 * @typedef {import("../state/view_store.js").Tab} Tab
 */

import { closest, find, write } from "../dom/element.js";
import { thousands } from "../data/numbers.js";
import { tabOf } from "../state/view_store.js";

const FOLDED = "lazybones.map.side"; // in the browser's storage
const PULL = 24; // pixels that a hand draws the sheet
const TABS = /** @type {const} */ (["selection", "pin", "guest"]);

export class Side {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    this.head = find(host, ".side-head");
    this.folder = find(map.frame.root, '[data-do="side"]');
    this.lifter = find(host, '[data-do="sheet"]');
    this.head.addEventListener("click", (event) => this.press(event));
    this.head.addEventListener("keydown", (event) => this.key(event));
    this.head.addEventListener("pointerdown", (event) => this.pull(event));
    this.folder.addEventListener("click", () => this.fold(host.dataset.folded !== "true", true));
    this.fold(recalled(), false);
    this.turn("selection");
    this.lift(false);
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { pinned } = this.map.view.value;
    const { selected } = this.map.selection;
    this.badge("selection", selected ? thousands(selected.count) : "");
    this.badge("pin", pinned.length ? String(pinned.length) : "");
    this.folder.dataset.holds = String(pinned.length > 0 || selected !== null); // what is not seen while the column is put away
    if (changed.has("tab") && tabOf(this.map.view.value) === "guest") this.fold(false, false); // whoever brings a picture wants to see what is said of it
    if (changed.has("pinned") || changed.has("tab")) queueMicrotask(() => this.turn(tabOf(this.map.view.value))); // once the pins have passed on their focus
  }

  /** @param {Tab} tab @param {string} words */
  badge(tab, words) {
    write(find(this.tab(tab), ".badge"), words);
  }

  /** @param {Tab} tab @returns {HTMLElement} */
  tab(tab) {
    return find(this.host, `[role="tab"][data-tab="${tab}"]`);
  }

  /** @param {Tab} tab */
  turn(tab) {
    this.host.dataset.tab = tab;
    for (const name of TABS) {
      this.tab(name).setAttribute("aria-selected", String(name === tab));
      this.tab(name).tabIndex = name === tab ? 0 : -1;
    }
  }

  /** @param {MouseEvent} event */
  press(event) {
    const pressed = closest(event, "button")?.dataset;
    if (pressed?.tab) this.map.view.set({ tab: /** @type {Tab} */ (pressed.tab) });
    if (pressed?.tab || pressed?.do === "sheet") this.lift(pressed.tab !== undefined || this.host.dataset.lifted !== "true");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key) || !closest(event, '[role="tab"]')) return;
    const open = TABS.filter((name) => this.tab(name).checkVisibility());
    const step = event.key === "ArrowRight" ? 1 : open.length - 1;
    const other = open[(open.indexOf(tabOf(this.map.view.value)) + step) % open.length];
    this.map.view.set({ tab: other });
    this.turn(other);
    this.tab(other).focus();
    event.preventDefault();
  }

  /** A hand draws the sheet up or down. @param {PointerEvent} event */
  pull({ clientY: start, pointerId }) {
    const end = (/** @type {PointerEvent} */ event) => {
      if (event.pointerId !== pointerId) return;
      ended.abort();
      if (Math.abs(event.clientY - start) > PULL) this.lift(event.clientY < start);
    };
    const ended = new AbortController();
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) window.addEventListener(name, end, { signal: AbortSignal.any([ended.signal, this.map.signal]) });
  }

  /** @param {boolean} lifted whether the sheet of a narrow screen shows all it has */
  lift(lifted) {
    this.host.dataset.lifted = String(lifted);
    this.lifter.setAttribute("aria-expanded", String(lifted));
  }

  /** @param {boolean} folded @param {boolean} stays whether it will be so next time */
  fold(folded, stays) {
    this.host.dataset.folded = String(folded);
    this.folder.setAttribute("aria-expanded", String(!folded));
    this.folder.title = folded ? "Show the images beside the map" : "Put away the images beside the map";
    if (stays) remember(folded);
  }
}

/** @returns {boolean} */
function recalled() {
  try {
    return localStorage.getItem(FOLDED) === "folded";
  } catch {
    return false; // a browser may forbid it
  }
}

/** @param {boolean} folded */
function remember(folded) {
  try {
    localStorage.setItem(FOLDED, folded ? "folded" : "shown");
  } catch {
    // forbidden, or full: then it is not remembered
  }
}
