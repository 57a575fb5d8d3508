/**
 * Asks what to do where somebody else has judged the same image meanwhile, or the server will not take what was said.
 *
 * @typedef {import("../verdicts/kept.js").Action} Action
 */

import { button, element } from "../dom/element.js";
import { inWords } from "../verdicts/known.js";

/**
 * @param {HTMLElement} host @param {Action | undefined} action @param {(image: number) => string} nameOf
 * @param {{drop: (action: Action) => void, insist: (action: Action) => void}} acts
 */
export function ask(host, action, nameOf, { drop, insist }) {
  if (host.dataset.of === (action?.id ?? "") && (action ? !host.hidden : host.hidden)) return; // it stands there: what has the focus keeps it
  host.dataset.of = action?.id ?? "";
  host.hidden = !action;
  if (!action) return host.replaceChildren();
  const buttons = [button({ class: "drop" }, action.conflict ? "Leave theirs" : "Give mine up")];
  buttons[0].addEventListener("click", () => drop(action));
  if (action.conflict) {
    const mine = button({ class: "insist" }, "Use mine");
    mine.addEventListener("click", () => insist(action));
    buttons.push(mine);
  }
  host.replaceChildren(element("p", {}, action.conflict ? conflictOf(action, nameOf) : `“${action.words}” cannot be saved. ${action.refused}`), ...buttons);
}

/** @param {Action} action @param {(image: number) => string} nameOf @returns {string} */
function conflictOf({ conflict = {}, words, after }, nameOf) {
  const [[image, theirs], ...others] = Object.entries(conflict);
  const mine = after.find(([number]) => number === Number(image))?.[1];
  const more = others.length ? ` And ${others.length} more have changed.` : "";
  const said = mine ? `You said ${inWords(mine)}.` : `Yours was: ${words}.`;
  return `${theirs.who} has judged ${nameOf(Number(image))} meanwhile: ${inWords(theirs)}. ${said}${more} Yours is not saved.`;
}
