/**
 * Draws the nodes of a page, as `dashboard/site/nodes.py` describes them.
 *
 * @typedef {import("./place.js").Goes} Goes
 * @typedef {{is: "html", html: string}
 *   | {is: "columns", kind: string, of: Node[][]}
 *   | {is: "words", by: string[], texts: Record<string, string>, otherwise: string}
 *   | {is: "part", name: string, data: any, goes: Record<string, Goes>, chosen: string[]}
 *   | {is: "map", data: any, window: boolean, start: Record<string, string>, always: Record<string, string>}} Node
 * @typedef {{go: (goes: Goes, value: unknown) => void, open: (page: string, row: number, classes: number[]) => void, viewed: () => void,
 *   pictures: (sheets: import("../render/atlas.js").Sheets) => Pictures}} Site
 * @typedef {{cell: (row: number) => import("../render/atlas.js").Cell | "loading" | "missing", watch: (act: () => void) => void}} Pictures
 *   of one run, decoded once for all that show some
 * @typedef {{element: HTMLElement, follow: () => void, paint: () => void}} Drawn follow: the address says something else; paint: the
 *   colours have changed
 */

import { element } from "../dom/element.js";
import { readTheme } from "../render/theme.js";
import { mount } from "./mount.js";
import { FILTER_PARAMETERS } from "../state/filter_texts.js";
import { asked, LABEL, saidOf } from "./place.js";

const ALL = "all"; // the choice of all kinds of errors
const ON_MAP = ["colour", "image", "rows"]; // parameters that a map takes into its hash

/** @param {Node[]} nodes @param {Site} site @returns {Drawn[]} */
export function drawNodes(nodes, site) {
  return nodes.map((node) => draw(node, site));
}

/** @param {Node} node @param {Site} site @returns {Drawn} */
function draw(node, site) {
  if (node.is === "columns") return columnsOf(node, site);
  if (node.is === "words") return wordsOf(node);
  if (node.is === "part") return partOf(node, site);
  if (node.is === "map") return mapOf(node, site);
  const made = element("div", { class: "html" });
  made.innerHTML = node.html; // Python's, which has escaped every name
  return { element: made, follow() {}, paint() {} };
}

/** @param {Extract<Node, {is: "columns"}>} node @param {Site} site @returns {Drawn} */
function columnsOf({ kind, of }, site) {
  const sides = of.map((nodes) => drawNodes(nodes, site));
  const made = element("div", { class: `columns ${kind}` }, ...sides.map((side) => element("div", {}, ...side.map((one) => one.element))));
  const every = (/** @type {"follow" | "paint"} */ what) => () => sides.flat().forEach((one) => one[what]());
  return { element: made, follow: every("follow"), paint: every("paint") };
}

/** @param {Extract<Node, {is: "words"}>} node @returns {Drawn} */
function wordsOf({ by, texts, otherwise }) {
  const made = element("p", { class: "words", role: "status" });
  const follow = () => {
    made.innerHTML = texts[saidOf(by).join("|")] ?? otherwise;
  };
  follow();
  return { element: made, follow, paint() {} };
}

/** @param {Extract<Node, {is: "part"}>} node @param {Site} site @returns {Drawn} */
function partOf({ name, data, goes, chosen }, site) {
  const host = element("div", { class: "part", "data-part": name });
  const tell = mount(host, name);
  const pictures = data.atlas ? site.pictures(data.atlas) : null;
  const send = (/** @type {string} */ event, /** @type {unknown} */ value) => {
    if (goes[event]) site.go(goes[event], value);
  };
  const show = () => {
    const { dark } = data.dark ? readTheme(host) : { dark: false };
    const own = chosen.length ? { chosen: chosenOf(name, chosen) } : {};
    tell({ ...data, ...(dark && { colours: data.dark }), ...(pictures && { pictures }), ...own }, send);
  };
  queueMicrotask(show); // once it has its colours and its size
  return { element: host, follow: () => chosen.length && show(), paint: show };
}

/** @param {string} name of a component @param {string[]} by @returns {unknown} which of its choices the address says */
function chosenOf(name, by) {
  const said = saidOf(by);
  if (name === "class_matrix") return said.map((label) => (LABEL.test(label) ? Number(label) : null));
  if (by.length === 1) return said[0] || null;
  return said.some(Boolean) ? said.join(".") : ALL;
}

/** @param {Extract<Node, {is: "map"}>} node @param {Site} site @returns {Drawn} */
function mapOf({ data, window: whole }, site) {
  const host = element("div", { class: whole ? "map window" : "map beside" });
  if (!whole) host.dataset.beside = "";
  const tell = mount(host, "map");
  const send = (/** @type {string} */ event, /** @type {any} */ value) => {
    if (event === "open") site.open(value.page, value.row, value.classes);
    else site.viewed();
  };
  const show = (/** @type {boolean} */ first) => tell({ ...data, apart: !whole, ...(first && seedOf()) }, send);
  queueMicrotask(() => show(true));
  return { element: host, follow() {}, paint: () => show(false) };
}

/** What a link from another page says in the query, the map takes as the app's server says it; nothing where the hash says it. */
function seedOf() {
  const query = asked();
  if (location.hash.length > 1 || !ON_MAP.some((name) => query.has(name))) return {};
  const image = query.get("image") ?? "";
  const filters = Object.fromEntries(FILTER_PARAMETERS.map((name) => [name, query.get(name) ?? ""]));
  const seed = { ...filters, colour: query.get("colour") ?? "true", image: LABEL.test(image) ? Number(image) : null };
  return { seed, chosen: query.get("rows") ?? "" };
}
