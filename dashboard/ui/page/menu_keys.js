/**
 * Makes what opens from a button usable with the keyboard alone: see ``dashboard/workarounds/dialog_keys.py``.
 *
 * - Tab goes from the button of an open menu into the menu, from the menu's end to what follows the button; Shift+Tab goes back.
 * - The focus is on the button when the menu is gone that had it.
 */

const MENU = "[data-testid='stPopoverBody']";
const BUTTON = "[data-testid='stPopoverButton'][aria-expanded='true']";
const STOPS = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']";

/** @type {string | null} the class that names the menu which has the focus */
let held = null;

/** @returns {HTMLElement | null} */
const opener = () => document.querySelector(BUTTON);

/** @param {Element} menu @returns {HTMLElement[]} what Tab stops at, in order; of radios that are one choice, each */
const stops = (menu) => [.../** @type {NodeListOf<HTMLElement>} */ (menu.querySelectorAll(STOPS))].filter((stop) => stop.checkVisibility());

/** @param {Element | null} one @param {Element | undefined} other @returns {boolean} whether they are one stop */
const same = (one, other) =>
  one === other || (one instanceof HTMLInputElement && other instanceof HTMLInputElement && one.type === "radio" && one.name === other.name);

/** Puts the focus where the browser's own Tab finds its way. @param {KeyboardEvent} event */
function tab(event) {
  const menu = document.querySelector(MENU);
  const button = opener();
  const focused = document.activeElement;
  if (event.key !== "Tab" || !(menu instanceof HTMLElement) || !button) return;
  const all = stops(menu);
  if (!event.shiftKey && focused === button && all.length > 0) {
    menu.tabIndex = -1;
    menu.focus({ preventScroll: true });
  } else if (!event.shiftKey && menu.contains(focused) && same(focused, all.at(-1))) button.focus();
  else if (event.shiftKey && menu.contains(focused) && same(focused, all[0])) {
    event.preventDefault();
    button.focus();
  }
}

const gone = new MutationObserver(() => {
  if (document.querySelector(MENU)) return;
  const button = document.querySelector(`.${held} button`);
  if (!(button instanceof HTMLElement)) return; // it is made anew, too
  leave();
  if (document.activeElement === document.body) button.focus();
});

function leave() {
  held = null;
  gone.disconnect();
}

/** @param {FocusEvent} event */
function note({ target }) {
  const inside = target instanceof Element && target.closest(MENU);
  const key = inside && [...(opener()?.closest("[class*='st-key-']")?.classList ?? [])].find((name) => name.startsWith("st-key-"));
  leave();
  if (!key) return;
  held = key;
  gone.observe(document.body, { childList: true, subtree: true });
}

/** A component has to have something to mount. */
export default function mount() {}

addEventListener("keydown", tab, { capture: true });
addEventListener("focusin", note);
