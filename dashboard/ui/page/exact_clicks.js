/**
 * Makes a click, or a tap, on a Plotly chart mean the point under it.
 *
 * To Plotly a click means what was *hovered* last, which may be something else:
 * - A finger hovers nowhere: Plotly takes touches itself (and keeps the page from scrolling), and a tap selects what
 *   the tap before it was nearest to. Kept from touches, it gets what browsers make of a tap: mouse events
 *   that begin with a move.
 * - Plotly looks at a moving mouse every 50 ms, and never while a button is down: a quick click selects what the mouse
 *   passed on its way. So a press right after a move is reported a little later, and meanwhile nothing moves.
 */

const CHART = ".js-plotly-plot .draglayer";
const LOOK = 60; // milliseconds: a little more than Plotly's pause between two looks

/** @type {MouseEvent[]} */
let held = [];
let moved = -LOOK;

/** @param {Event} event */
const onChart = (event) => event.target instanceof Element && event.target.closest(CHART) !== null;

/** @param {TouchEvent} event */
function keepFromPlotly(event) {
  if (onChart(event)) event.stopImmediatePropagation();
}

/** @param {MouseEvent} event */
function move(event) {
  if (!event.isTrusted) return;
  if (held.length > 0) event.stopImmediatePropagation();
  else moved = performance.now();
}

/** @param {MouseEvent} event */
function press(event) {
  const wait = LOOK - (performance.now() - moved);
  if (!event.isTrusted || !onChart(event) || wait <= 0) return;
  hold(event);
  setTimeout(release, wait);
}

/** @param {MouseEvent} event */
function lift(event) {
  if (event.isTrusted && held.length > 0) hold(event);
}

/** @param {MouseEvent} event */
function hold(event) {
  event.stopImmediatePropagation();
  held.push(event);
}

function release() {
  const events = held;
  held = [];
  for (const event of events) {
    const target = event.target instanceof Element && event.target.isConnected ? event.target : document;
    target.dispatchEvent(new MouseEvent(event.type, event));
  }
}

export default function mount() {
  const end = new AbortController();
  const early = { capture: true, passive: true, signal: end.signal };
  window.addEventListener("touchstart", keepFromPlotly, early);
  window.addEventListener("mousemove", move, early);
  window.addEventListener("mousedown", press, early);
  window.addEventListener("mouseup", lift, early);
  return () => end.abort();
}
