/**
 * Hands and keys on the chart: what is chosen while they move, and when they let go.
 *
 * @typedef {{to: (x: number) => void, step: (by: number) => void, end: () => void, back: () => void}} Moves to: pixels from the left of the
 *   chart; step: by so many values, without end to the ends; back: it was no drag, the page was scrolled
 */

const PAUSE = 150; // milliseconds after a key is let go until what it chose counts
const HELD = 1000; // and after it went down, if nobody hears of its end
const STEPS = /** @type {Record<string, number>} */ ({
  ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -3, PageUp: 3, Home: -Infinity, End: Infinity,
});

/** @param {HTMLElement} plot @param {Moves} moves */
export function listenToHands(plot, { to, end, back }) {
  const x = (/** @type {PointerEvent} */ event) => event.clientX - plot.getBoundingClientRect().left;
  let held = false;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    held = true;
    plot.setPointerCapture(event.pointerId);
    to(x(event));
  });
  plot.addEventListener("pointermove", (event) => held && to(x(event)));
  const release = (/** @type {() => void} */ act) => () => {
    if (held) act();
    held = false;
  };
  plot.addEventListener("pointerup", release(end));
  plot.addEventListener("pointercancel", release(back));
}

/** @param {HTMLElement} thumb that has the focus @param {Moves} moves */
export function listenToKeys(thumb, { step, end }) {
  let timer = 0;
  const settle = () => {
    if (timer) end();
    wait(0);
  };
  const wait = (/** @type {number} */ pause) => {
    clearTimeout(timer);
    timer = pause && window.setTimeout(settle, pause);
  };
  thumb.addEventListener("keydown", (event) => {
    const by = STEPS[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(by);
    wait(HELD);
  });
  thumb.addEventListener("keyup", () => timer && wait(PAUSE));
  thumb.addEventListener("blur", settle);
}
