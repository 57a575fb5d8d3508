/**
 * What is known of each image, as one list: out of it come the colours, the filters, the columns of the table beside the
 * map and lines of the cards. What the classifier says and what somebody's table says are attributes alike.
 *
 * @typedef {"category" | "number" | "date" | "text"} Kind
 * @typedef {"classes" | "outcomes" | "groups" | "names"} Hues which colours categories have
 * @typedef {"margin" | "kept" | "common" | "ramp"} Stops which scale numbers have
 * @typedef {{
 *   name: string, title: string, kind: Kind, values: import("./columns.js").Labels | null, paint: Hues | Stops | "",
 *   names: string[], range: import("./columns.js").Range, top: number, words?: [string, string], above?: number | null,
 *   exact: Float64Array | null, cut: [boolean, boolean], texts: (string | null)[] | null, further: boolean,
 * }} Attribute
 *   values: a small whole number a row, the highest of its type for none: which of the names, or a step from 0 to `top`; null while
 *   they are not there. range: what the first and the last step stand for; words: what they mean; cut: whether what lies beyond is
 *   in them too; exact: the numbers themselves, dates in milliseconds; above: from which step on a row is drawn above the others;
 *   further: of a table
 * @typedef {{name: string, title: string, names: string[], values: Uint8Array | null}} Groups what rows can be coloured by that is
 *   known on one page alone; title: what people call it; values: an index into names for each row, null while it is not known yet
 * @typedef {{
 *   names: string[], points: import("./columns.js").Points, columns: import("./source.js").Columns | null, wrong: Uint8Array | null,
 *   extra: import("./source.js").ExtraFile | null, kept: Uint8Array | null, groups: Groups | null, table: Attribute[], judged: boolean,
 * }} Known names: of the classes; wrong: 1 where the prediction is; judged: whether there is a classifier; kept: of the extra column
 */

import { marginOf, STEPS } from "./columns.js";
import { number, signed } from "./numbers.js";

/** Index of an outcome. */
export const CORRECT = 0;
export const WRONG = 1;

const PLAIN = /** @type {const} */ ({ names: [], range: [0, 1], top: STEPS, exact: null, texts: null, further: false });

/** @param {Partial<Attribute> & Pick<Attribute, "name" | "title" | "kind" | "values" | "paint">} given @returns {Attribute} with the rest at what it mostly is */
export function attribute(given) {
  return { ...PLAIN, names: [], range: [0, 1], cut: [false, false], ...given };
}

/** @param {Known} known @returns {Attribute[]} in the order in which people are asked */
export function attributesOf({ names, points, columns, wrong, judged, extra, kept, groups, table }) {
  const category = (/** @type {string} */ name, /** @type {string} */ title, /** @type {Attribute["values"]} */ values, paint = /** @type {Hues} */ ("classes"), of = names) =>
    attribute({ name, title, kind: "category", values, paint, names: of });
  const range = columns?.range ?? [0, 0];
  const said = [
    category("predicted", "Predicted class", columns && columns.predicted),
    category("correct", "Correct or wrong", wrong, "outcomes", ["Correct", "Wrong"]),
    attribute({ name: "margin", title: "Margin", kind: "number", values: columns && columns.margin, paint: "margin", range }),
  ];
  const truth = category("true", names.length ? "True class" : "Plain", points.label); // there may be no classes
  const first = groups ? [category(groups.name, groups.title, groups.values, "groups", groups.names)] : [];
  return [...first, truth, ...(judged ? said : []), ...(extra ? [extraOf(extra, kept)] : []), ...table];
}

/** @param {import("./source.js").ExtraFile} extra @param {Uint8Array | null} values @returns {Attribute} */
function extraOf({ name, title, low, high, words, paint, above }, values) {
  return attribute({ name, title, kind: "number", values, paint, range: [low, high], top: high, words, above });
}

/** @param {import("./columns.js").Points} points @param {import("./columns.js").Columns | null} columns @returns {Uint8Array | null} 1 where the prediction is wrong */
export function wrongRows({ n, label }, columns) {
  if (!columns) return null;
  const wrong = new Uint8Array(n);
  const { predicted } = columns;
  for (let row = 0; row < n; row++) wrong[row] = predicted[row] === label[row] ? CORRECT : WRONG;
  return wrong;
}

/** @param {Attribute} attribute @param {number} row @returns {string} what it says of an image; "" where that is nothing, or not there yet */
export function wordsAt({ kind, values, names, exact, texts, range }, row) {
  if (kind === "text") return texts?.[row] ?? "";
  if (!values) return "";
  if (kind === "category") return names[values[row]] ?? "";
  if (exact) return Number.isNaN(exact[row]) ? "" : valueWords(kind, exact[row]);
  return signed(marginOf(values[row], range));
}

/** @param {Kind} kind @param {number} value @returns {string} a number, or a date with its time of day where it has one */
export function valueWords(kind, value) {
  if (kind !== "date") return number(value);
  if (Number.isNaN(new Date(value).getTime())) return "";
  const [day, rest] = new Date(value).toISOString().replace("Z", "").split("T");
  if (!/[1-9]/.test(rest)) return day;
  return `${day} ${rest.replace(/\.000$/, "").replace(/:00$/, "")}`;
}
