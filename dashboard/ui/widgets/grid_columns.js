/** How many tiles stand in a row of a grid that flows: as many as fit, unless one would be left over at its end. */

const FEWEST = 0.6; // of the columns that fit: tiles do not grow much

/**
 * @param {number} n tiles
 * @param {number} most that fit beside each other
 * @returns {number} the most columns whose last row is at least half full, not many fewer than fit; where all tiles fit in
 *   one row, or there is no such number, as many as fit
 */
export function columnsOf(n, most) {
  for (let columns = most; n > most && columns >= FEWEST * most; columns--) {
    const last = n % columns || columns;
    if (2 * last >= columns) return columns;
  }
  return most;
}

/** @param {HTMLElement} grid with a row of its own for each gap and tile @param {number} tile least width, pixels */
export function fillRows(grid, tile) {
  if (!grid.clientWidth) return; // it is not laid out yet
  const gap = parseFloat(getComputedStyle(grid).columnGap) || 0;
  const most = Math.max(Math.floor((grid.clientWidth + gap) / (tile + gap)), 1);
  const n = grid.childElementCount;
  const columns = n > most ? `repeat(${columnsOf(n, most)}, minmax(0, 1fr))` : "";
  if (grid.style.gridTemplateColumns !== columns) grid.style.gridTemplateColumns = columns;
}
