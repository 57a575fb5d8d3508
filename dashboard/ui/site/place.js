/**
 * Where in the site the viewer is: the address, read and written. It has the parameters of the app's, so that a link to the one is a
 * link to the other but for the page's file.
 *
 * @typedef {{file: string, query: Record<string, string>, drops: string[], values?: Record<string, Record<string, string>>}} Goes
 *   where an event leads, as `dashboard/site/nodes.py` says it
 */

import { FILTER_PARAMETERS } from "../state/filter_texts.js";

export const LABEL = /^[0-9]+$/;
const STAY = ["run", "C", "true", "predicted", "only", "margin", "find", "where", "versus"]; // what a link to another page keeps

/** @returns {URLSearchParams} what the address asks for */
export function asked() {
  return new URLSearchParams(location.search);
}

/** @param {string[]} by parameters @returns {string[]} what the address says of each, or "" */
export function saidOf(by) {
  const query = asked();
  return by.map((name) => query.get(name) ?? "");
}

/** Changes the address, without a step in the browser's history. @param {Record<string, string>} changes "" takes a parameter away */
export function write(changes) {
  const query = asked();
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") query.delete(name);
    else query.set(name, value);
  }
  const made = inOrder(query);
  history.replaceState(history.state, "", location.pathname + (made.size ? `?${made}` : "") + location.hash);
}

/** @param {URLSearchParams} query @returns {URLSearchParams} the same with filters last, as a map writes them: else it would do so anew */
function inOrder(query) {
  const others = [...query].filter(([name]) => !FILTER_PARAMETERS.includes(name));
  const filters = FILTER_PARAMETERS.flatMap((name) => query.getAll(name).map((value) => [name, value]));
  return new URLSearchParams([...others, ...filters]);
}

/**
 * @param {Goes} goes @param {unknown} value what the event says
 * @returns {URLSearchParams} the query of where it leads
 */
export function queryOf({ query, drops, values = {} }, value) {
  const made = asked();
  for (const name of [...made.keys()]) if (!STAY.includes(name) || drops.includes(name)) made.delete(name);
  const parts = Array.isArray(value) ? value : String(value).split(".");
  const told = (/** @type {string} */ text) => {
    if (text === "$") return String(value);
    if (!/^\$[01]$/.test(text)) return text;
    const part = String(parts[Number(text[1])] ?? "");
    return LABEL.test(part) ? part : "";
  };
  for (const [name, text] of Object.entries({ ...query, ...values[String(value)] })) {
    const said = told(text);
    if (said) made.set(name, said);
    else made.delete(name);
  }
  return inOrder(made);
}
