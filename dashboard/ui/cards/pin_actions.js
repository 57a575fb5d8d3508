/**
 * What can be done with a pinned image.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "looking" | "page">} Needs
 */

import { copyText } from "../dom/clipboard.js";
import { write } from "../dom/element.js";
import { same } from "../state/view_store.js";

const DONE = 2000; // milliseconds that a button says so

/** @type {Record<string, (map: Needs, row: number, pressed: HTMLElement) => unknown>} by the button's `data-do` */
const ACTIONS = {
  unpin: ({ looking }, row) => looking.pin(row),
  show: ({ looking }, row) => looking.show(row),
  details: showDetails,
  cell: ({ page }, row) => page.leaveFor?.("confusion", row),
  only: lightCell,
  copy: copyLink,
};

/** @param {Needs} map @param {string | undefined} what @param {number} row @param {HTMLElement} pressed */
export function act(map, what, row, pressed) {
  if (what && Object.hasOwn(ACTIONS, what)) ACTIONS[what](map, row, pressed);
}

/** @param {Needs} map @param {number} row @returns {boolean} whether just its cell of the confusion matrix is lit */
export function isOnly({ view, rows }, row) {
  const { trueLabels, predictedLabels } = view.value;
  return same(trueLabels, [rows.points.label[row]]) && same(predictedLabels, [rows.columns?.predicted[row]]);
}

/** On the page where the image is among others like it. @param {Needs} map @param {number} row */
function showDetails({ page, rows }, row) {
  if (rows.data.columns === null) page.leaveFor?.("overview", row);
  else page.leaveFor?.(rows.facts(row).correct ? "confusion" : "errors", row);
}

/** Lights just the image's cell of the confusion matrix; again: everything. @param {Needs} map @param {number} row */
function lightCell(map, row) {
  const { points, columns } = map.rows;
  if (!columns) return;
  const only = { trueLabels: [points.label[row]], predictedLabels: [columns.predicted[row]] };
  map.view.set(isOnly(map, row) ? { trueLabels: [], predictedLabels: [] } : only);
}

/** @param {Needs} map @param {number} _row @param {HTMLElement} pressed */
async function copyLink({ page }, _row, pressed) {
  const words = pressed.textContent ?? "";
  const copied = await copyText((await page.link?.()) ?? location.href, /** @type {HTMLElement} */ (pressed.parentElement));
  write(pressed, copied ? "Copied" : "Copy it from the address bar");
  setTimeout(() => write(pressed, words), DONE);
}
