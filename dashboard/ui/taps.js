/**
 * Lets a finger click Plotly charts, and scroll the page over them.
 *
 * Plotly takes touches itself: it keeps the page from scrolling, and a tap then selects what the tap
 * *before* it was nearest to, because no mouse had moved in between. Kept from touches, Plotly gets
 * the mouse events that browsers make of a tap: move, down, up, in that order.
 */

const CHART = ".js-plotly-plot .draglayer";

/** @param {TouchEvent} event */
function keepFromPlotly(event) {
  if (event.target instanceof Element && event.target.closest(CHART)) event.stopImmediatePropagation();
}

export default function mount() {
  document.addEventListener("touchstart", keepFromPlotly, { capture: true, passive: true });
  return () => document.removeEventListener("touchstart", keepFromPlotly, { capture: true });
}
