/** Who judges where nobody signs in: a name that this browser keeps. */

import { element } from "../dom/element.js";

const KEY = "lazybones.name";
const LONGEST = 80; // characters
let fallback = "";

/** @returns {string} the name that somebody typed here, else one that no other browser has */
export function nameHere() {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept) return kept;
    const made = `guest ${guest()}`;
    localStorage.setItem(KEY, made);
    return made;
  } catch {
    return (fallback ||= `guest ${guest()}`);
  }
}

/** @param {string} name "" for none */
function setName(name) {
  try {
    const kept = name.trim().slice(0, LONGEST);
    if (kept) localStorage.setItem(KEY, kept);
    else localStorage.removeItem(KEY);
  } catch {
    fallback = name.trim().slice(0, LONGEST);
  }
}

/** @param {HTMLElement} host @param {string} who where signed in, else "" @returns {void} lets the viewer say who judges */
export function askName(host, who) {
  if (who) return host.replaceChildren(`Judging as ${who}`);
  const field = element("input", { type: "text", maxlength: LONGEST, value: nameHere(), autocomplete: "name" });
  field.addEventListener("change", () => {
    setName(field.value);
    field.value = nameHere();
  });
  host.replaceChildren(element("label", {}, "Judging as ", field));
}

/** @returns {string} four letters or digits */
function guest() {
  return [...crypto.getRandomValues(new Uint8Array(2))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
