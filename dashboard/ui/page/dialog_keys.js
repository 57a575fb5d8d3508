/**
 * Makes the drawer of an image usable with the keyboard alone: see ``dashboard/workarounds/dialog_keys.py``.
 *
 * - Tab and Shift+Tab go through everything in it, components included, and round at its ends.
 * - The left and the right arrow show the image before and the one after, unless the focus is where arrows do something.
 * - The focus is inside while it is open, and on the image's tile when it has closed.
 */

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
const TAKES_ARROWS = "input, textarea, select, [role=slider], [role=tab], [role=radio], .tile";
const STEPS = new Map([["ArrowLeft", ".st-key-drawer-previous button"], ["ArrowRight", ".st-key-drawer-next button"]]);

/** @type {number[]} */
let walked = []; // rows shown since it opened, the last one first
/** @type {Element | null} */
let open = null;

/** @returns {Element | null} the element that has the focus, in whichever component */
function focused() {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
}

/** @param {Element} element */
const canFocus = (element) =>
  element instanceof HTMLElement && element.tabIndex >= 0 && !element.matches(":disabled") && element.checkVisibility({ visibilityProperty: true });

/** @param {Element | ShadowRoot} root @returns {HTMLElement[]} what Tab stops at, in order */
function stops(root) {
  return [...root.querySelectorAll("*")].flatMap((element) => {
    const own = element instanceof HTMLElement && element.matches(FOCUSABLE) && canFocus(element) ? [element] : [];
    return element.shadowRoot ? [...own, ...stops(element.shadowRoot)] : own;
  });
}

/** @param {KeyboardEvent} event @param {Element} dialog */
function tab(event, dialog) {
  const all = stops(dialog);
  if (all.length === 0) return;
  const from = all.findIndex((stop) => stop === focused());
  const to = from < 0 ? (event.shiftKey ? all.length - 1 : 0) : (from + (event.shiftKey ? -1 : 1) + all.length) % all.length;
  event.preventDefault();
  event.stopImmediatePropagation();
  all[to].focus();
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (!open?.isConnected || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Tab") return tab(event, open);
  const step = STEPS.get(event.key);
  if (!step || event.shiftKey || focused()?.matches(TAKES_ARROWS)) return;
  const button = open.querySelector(step);
  if (!(button instanceof HTMLButtonElement) || button.disabled) return;
  event.preventDefault();
  button.click();
}

/** @param {number} row @param {Document | ShadowRoot} root @returns {HTMLElement | null} the tile of an image on the page */
function tileOf(row, root = document) {
  for (const element of root.querySelectorAll("*")) {
    if (element instanceof HTMLElement && element.matches(`button[data-row="${row}"]`) && canShow(element)) return element;
    const within = element.shadowRoot ? tileOf(row, element.shadowRoot) : null;
    if (within) return within;
  }
  return null;
}

/** @param {HTMLElement} element */
const canShow = (element) => element.checkVisibility();

/** Gives the focus to the tile of the image shown last, or of one before. */
function giveBack() {
  const tiles = walked.map((row) => tileOf(row));
  walked = [];
  open = null;
  tiles.find((tile) => tile !== null)?.focus();
}

/** @param {Element} dialog */
function watch(dialog) {
  const gone = new MutationObserver(() => {
    if (dialog.isConnected) return;
    gone.disconnect();
    setTimeout(giveBack); // after whatever else the closing dialog does with the focus
  });
  gone.observe(document.body, { childList: true, subtree: true });
}

/** @param {{parentElement: Element | ShadowRoot, data: {row: number}}} component */
export default function mount({ parentElement, data }) {
  const root = parentElement.getRootNode();
  const host = root instanceof ShadowRoot ? root.host : parentElement;
  const dialog = host instanceof Element ? host.closest("[role=dialog]") : null;
  if (!(dialog instanceof HTMLElement)) return;
  if (dialog !== open) {
    open = dialog;
    watch(dialog);
  }
  walked = [data.row, ...walked.filter((row) => row !== data.row)];
  if (!dialog.contains(document.activeElement)) dialog.focus();
}

addEventListener("keydown", press, { capture: true });
