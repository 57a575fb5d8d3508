/**
 * Shows what was tried, latest first; a row can be used, pinned as the baseline, and annotated.
 *
 * @typedef {{run: string, C: string, dials: string, accuracy: string, interval: string, change: string, chance: string,
 *   tried: string, note: string, used: boolean, pinned: boolean}} Row
 * @typedef {import("../session/mounting.js").Mount<{rows: Row[]}>} Mount
 * @typedef {Mount["setTriggerValue"]} Send
 */

import { button, element, find } from "../dom/element.js";

export const LONGEST_NOTE = 200; // letters: `LONGEST_NOTE` in dashboard/comparison/trials.py

/** @param {string} text @param {string} help @param {boolean} done @param {() => void} act */
function action(text, help, done, act) {
  const made = button({ title: help, "aria-pressed": done }, text);
  if (!done) made.onclick = act;
  return made;
}

/** @param {Row} row @param {number} index @param {Send} send */
function noteField(row, index, send) {
  const label = `Note on C = ${row.C}, ${row.dials}${row.run ? ` of ${row.run}` : ""}`;
  const field = element("input", { type: "text", maxlength: LONGEST_NOTE, placeholder: "Add a note", "aria-label": label });
  field.value = row.note;
  field.onchange = () => send("note", { row: index, text: field.value });
  field.onkeydown = (event) => {
    if (event.key === "Enter") field.blur();
    if (event.key === "Escape") field.value = row.note;
  };
  return field;
}

/** @param {string} tried */
function timeOf(tried) {
  if (!tried) return element("span", { class: "muted" }, "earlier");
  const time = new Date(tried);
  const text = time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return element("time", { datetime: tried, title: time.toLocaleString() }, text);
}

/** @param {Row} row @param {number} index @param {Send} send */
function rowOf(row, index, send) {
  const name = element("th", { scope: "row" }, element("b", {}, `C = ${row.C}`));
  name.append(element("span", { class: "muted" }, row.run ? `${row.run}, ${row.dials}` : row.dials));
  const accuracy = element("td", { class: "number" }, element("b", {}, row.accuracy));
  accuracy.append(element("span", { class: "muted" }, row.interval));
  const change = element("td", { class: "number" }, row.change, element("span", { class: "muted" }, row.chance));
  const acts = element(
    "td",
    { class: "acts" },
    action(row.used ? "In use" : "Use", "Use this setting on every page", row.used, () => send("use", index)),
    action(row.pinned ? "Baseline" : "Pin", "Compare with this setting", row.pinned, () => send("pin", index)),
  );
  const note = element("td", { class: "note" }, noteField(row, index, send));
  return element("tr", {}, name, accuracy, change, element("td", { class: "time" }, timeOf(row.tried)), note, acts);
}

/** @param {Mount} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const headings = ["Setting", "Accuracy", "Against the baseline", "Tried", "Note"];
  const head = element("tr", {}, ...headings.map((text) => element("th", { scope: "col" }, text)), element("td"));
  const rows = data.rows.map((row, index) => rowOf(row, index, setTriggerValue));
  find(parentElement, ".history").replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
}
