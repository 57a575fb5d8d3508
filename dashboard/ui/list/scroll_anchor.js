/**
 * Keeps a list where it is on the screen while the viewer is in it and something above it grows or shrinks: a click
 * pins an image, and the next click must meet the image that was aimed at.
 *
 * @param {HTMLElement} list @param {HTMLElement} above on the same page, before the list @param {AbortSignal} signal ends it
 */
export function keepInPlace(list, above, signal) {
  let top = NaN; // where the list was when the viewer last did something there
  const note = () => (top = list.getBoundingClientRect().top);
  const passively = { signal, capture: true, passive: true };
  list.addEventListener("pointerdown", note, passively);
  list.addEventListener("keydown", note, passively);
  window.addEventListener("scroll", () => Number.isNaN(top) || note(), passively);
  const hold = () => {
    const moved = list.getBoundingClientRect().top - top;
    if (Number.isNaN(moved) || !list.matches(":hover, :focus-within")) return;
    scrollerOf(list)?.scrollBy({ top: moved, behavior: "instant" }); // what the browser has not scrolled by itself already
  };
  new ResizeObserver(hold).observe(above); // told before anything is painted
}

/** @param {Element} element @returns {Element | null} what scrolls when the wheel is turned beside it */
function scrollerOf(element) {
  let parent = above(element);
  while (parent) {
    const { overflowY } = getComputedStyle(parent);
    if ((overflowY === "auto" || overflowY === "scroll") && parent.scrollHeight > parent.clientHeight) return parent;
    parent = above(parent);
  }
  return document.scrollingElement;
}

/** @param {Element} element @returns {Element | null} also out of a shadow */
function above(element) {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
