/**
 * What each key does; buttons do the same.
 *
 * @typedef {"keep" | "wrong" | "unsure" | "exclude" | "relabel" | "tag" | "note" | "back" | "next" | "undo" | "redo" | "help"} Act
 */

/** @type {Record<string, Act>} */
const ACTS = {
  k: "keep",
  w: "wrong",
  u: "unsure",
  x: "exclude",
  t: "tag",
  n: "note",
  "/": "relabel",
  "?": "help",
  ArrowLeft: "back",
  ArrowRight: "next",
};
/** @type {Record<string, Act>} with Ctrl, or Cmd */
const COMMANDS = { z: "undo", y: "redo" };
const HELD = new Set(["back", "next", "undo", "redo"]); // what a key that is held down does again

/** What each key is called, in the order of the help. @type {[string, string][]} */
export const HELP = [
  ["K", "Keep: the label is right"],
  ["W", "Wrong: the label is wrong, whatever is right"],
  ["U", "Unsure"],
  ["0 to 9", "Relabel as the class with this number"],
  ["/", "Relabel as a class that you type"],
  ["X", "Exclude the image"],
  ["T", "Tag it"],
  ["N", "Write a note"],
  ["← →", "The image before, the next one"],
  ["Ctrl Z", "Undo"],
  ["Ctrl Y", "Redo"],
  ["?", "Show the keys"],
];

const TYPED = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable=true], [role=combobox], [role=textbox]";
const TAKES_ARROWS = "[type=radio], [type=range], [role=slider], [role=tab], [role=radio], [role=option], [role=menuitem]";

/** @param {KeyboardEvent} event @returns {boolean} whether the key is for what has the focus, or lies over the page */
function isElsewhere(event) {
  const [target] = event.composedPath();
  if (document.querySelector("[role=dialog], [data-testid='stPopoverBody']")) return true;
  if (!(target instanceof Element)) return false;
  return target.matches(TYPED) || (event.key.startsWith("Arrow") && target.matches(TAKES_ARROWS));
}

/**
 * @param {KeyboardEvent} event @param {number} classes that a digit may name
 * @returns {Act | number | null} what it does, or the class it names
 */
export function meaning(event, classes) {
  if (event.defaultPrevented || event.altKey || isElsewhere(event)) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return key === "z" && event.shiftKey ? "redo" : (COMMANDS[key] ?? null);
  if (/^\d$/.test(key)) return !event.repeat && classes <= 10 && Number(key) < classes ? Number(key) : null;
  const act = Object.hasOwn(ACTS, key) ? ACTS[key] : null;
  return event.repeat && !HELD.has(act ?? "") ? null : act;
}
