/**
 * The confusion matrix of a few classes, small: what is taken for what at the C under the thumb.
 *
 * @typedef {import("../widgets/matrix_drawing.js").Colours} Colours
 * @typedef {import("../widgets/matrix_drawing.js").Content} Content
 * @typedef {import("./penalty_curve.js").Stop} Stop
 * @typedef {import("./stored.js").Stored} Stored
 */

import { counted, thousands } from "../data/numbers.js";
import { emptied } from "../dom/canvas.js";
import { find, write } from "../dom/element.js";
import { drawMatrix } from "../widgets/matrix_drawing.js";
import { MatrixLayout } from "../widgets/matrix_layout.js";
import { confusionOf, rightOf } from "./changes.js";

const MOST_CLASSES = 20;
const ROOM = { left: 84, top: 74, right: 40, bottom: 34 }; // pixels, for names and totals

/** @param {HTMLElement} host @param {string[]} names @param {Stop} stop @param {Stored} stored @param {Colours} colours */
export function showMatrix(host, names, stop, stored, colours) {
  const [truth, answers] = [stored.truth, stored.of(stop.said)];
  host.hidden = names.length > MOST_CLASSES;
  if (host.hidden) return;
  const canvas = /** @type {HTMLCanvasElement} */ (find(host, "canvas"));
  const isThere = Boolean(truth && answers);
  const missing = stop.said ? "…" : ": not fitted yet";
  write(find(host, "h3"), `Confusion at C = ${stop.name}${isThere ? "" : missing}`);
  canvas.style.visibility = isThere ? "" : "hidden"; // never another C's under this title
  if (!truth || !answers) {
    delete host.dataset.counts;
    return;
  }
  const counts = confusionOf(truth, answers.predicted, names.length);
  const right = `${counted(rightOf(truth, answers.predicted), "image")} right of ${thousands(truth.length)}`;
  canvas.setAttribute("aria-label", `Confusion matrix at C = ${stop.name}: ${right}`);
  host.dataset.counts = counts.join(" ");
  drawSmallMatrix(canvas, counts, names, colours);
}

/** @param {HTMLCanvasElement} canvas @param {Uint32Array} counts k rows of true classes @param {string[]} names @param {Colours} colours */
function drawSmallMatrix(canvas, counts, names, colours) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  const layout = new MatrixLayout(names.length, ROOM);
  layout.view = { width, height, scrollLeft: 0, scrollTop: 0 };
  layout.cell = layout.fitting;
  const { context, ratio } = emptied(canvas, width, height);
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawMatrix(context, layout, contentOf(counts, names), colours, { looked: null, chosen: null });
}

/** @param {Uint32Array} counts @param {string[]} names @returns {Content} */
export function contentOf(counts, names) {
  const k = names.length;
  const [rows, columns] = [new Array(k).fill(0), new Array(k).fill(0)];
  let most = 1;
  counts.forEach((count, at) => {
    const [row, column] = [Math.floor(at / k), at % k];
    rows[row] += count;
    columns[column] += count;
    if (row !== column) most = Math.max(most, count);
  });
  const all = rows.reduce((sum, count) => sum + count, 0);
  const cells = [...counts].flatMap((count, at) => (count ? [{ row: Math.floor(at / k), column: at % k, count, share: Math.min(1, count / most) }] : []));
  return { names, rows, columns, cells, all, isChange: false };
}
