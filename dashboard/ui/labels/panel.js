/**
 * What is said of the image that is looked at: its given and its suggested class, what people have said, and the buttons.
 *
 * @typedef {import("../verdicts/known.js").Said} Said
 * @typedef {import("./keys.js").Act} Act
 * @typedef {import("./deck.js").Item} Item
 */

import { signed } from "../data/numbers.js";
import { button, closest, element, find } from "../dom/element.js";

/** @type {[Act, string, string][]} each with its key and its name */
const JUDGEMENTS = [
  ["keep", "K", "Keep"],
  ["wrong", "W", "Wrong"],
  ["unsure", "U", "Unsure"],
  ["exclude", "X", "Exclude"],
  ["relabel", "/", "Relabel…"],
  ["tag", "T", "Tag…"],
  ["note", "N", "Note…"],
];
/** @type {[Act, string, string][]} */
const STEPS = [
  ["back", "←", "Previous"],
  ["next", "→", "Next"],
  ["undo", "Ctrl Z", "Undo"],
  ["redo", "Ctrl Y", "Redo"],
  ["help", "?", "Keys"],
];
const PRESSED = { keep: "keep", wrong: "wrong", unsure: "unsure", excluded: "exclude" };
const DIGITS = 10;

export class Panel {
  /** @param {HTMLElement} root @param {(act: Act | number) => void} act */
  constructor(root, act) {
    this.claims = find(root, ".claims");
    this.classes = find(root, ".classes");
    this.acts = find(root, ".acts");
    this.steps = find(root, ".steps");
    this.acts.append(...JUDGEMENTS.map(buttonOf));
    this.steps.append(...STEPS.map(buttonOf));
    for (const host of [this.acts, this.steps]) {
      host.addEventListener("click", (event) => {
        const name = closest(event, "button")?.dataset.act;
        if (name) act(/** @type {Act} */ (name));
      });
    }
    this.classes.addEventListener("click", (event) => {
      const label = closest(event, "button")?.dataset.label;
      if (label) act(Number(label));
    });
  }

  /** @param {string[]} names of the classes @param {string[]} colours */
  open(names, colours) {
    const few = names.length <= DIGITS;
    this.classes.hidden = !few;
    this.classes.replaceChildren(...(few ? names.map((name, label) => classButton(name, label, colours[label])) : []));
  }

  /** @param {Item} item @param {Said} said @param {string} by who else has said it @param {{names: string[], colours: string[]}} run */
  show(item, said, by, { names, colours }) {
    const [given, suggested] = [item.given, item.suggested].map((label) => classOf(names, colours, label));
    const margin = element("dd", {}, signed(item.score));
    const lines = [claim("Given", given), claim("Suggested", suggested), claim("Held-out margin", margin), claim("Judged", verdictOf(said, by))];
    this.claims.replaceChildren(element("dl", {}, ...lines));
    for (const one of this.acts.querySelectorAll("button")) {
      const is = PRESSED[/** @type {keyof typeof PRESSED} */ (said.verdict)] === one.dataset.act;
      if (one.dataset.act !== "relabel" && one.dataset.act !== "note" && one.dataset.act !== "tag") one.setAttribute("aria-pressed", String(is));
    }
    for (const one of this.classes.querySelectorAll("button")) {
      one.setAttribute("aria-pressed", String(said.judged === names[Number(one.dataset.label)]));
      one.classList.toggle("suggested", Number(one.dataset.label) === item.suggested);
    }
  }

  /** @param {{back: boolean, next: boolean}} can whether there is one more that way */
  enable(can) {
    for (const [name, is] of Object.entries(can)) {
      const one = find(this.steps, `[data-act=${name}]`);
      one.toggleAttribute("disabled", !is);
    }
  }
}

/** @param {[Act, string, string]} one @returns {HTMLElement} */
function buttonOf([act, key, name]) {
  const saves = act === "undo" || act === "redo" ? "" : null;
  const opens = act === "help" ? "false" : null;
  return button({ "data-act": act, "aria-keyshortcuts": shortcut(key), "data-saves": saves, "aria-expanded": opens }, element("kbd", { "aria-hidden": "true" }, key), ` ${name}`);
}

/** @param {string} key @returns {string} as ARIA writes it */
function shortcut(key) {
  return { "←": "ArrowLeft", "→": "ArrowRight", "Ctrl Z": "Control+Z", "Ctrl Y": "Control+Y" }[key] ?? key;
}

/** @param {string} name @param {number} label @param {string} colour @returns {HTMLElement} */
function classButton(name, label, colour) {
  const mark = element("i", { style: `background: ${colour}` });
  return button({ "data-label": label, title: name }, element("kbd", { "aria-hidden": "true" }, String(label)), mark, element("span", {}, name));
}

/** @param {string} term @param {HTMLElement} description @returns {HTMLElement} */
function claim(term, description) {
  return element("div", {}, element("dt", {}, term), description);
}

/** @param {string[]} names @param {string[]} colours @param {number} label @returns {HTMLElement} */
function classOf(names, colours, label) {
  if (label < 0) return element("dd", {}, "no class");
  return element("dd", {}, element("i", { style: `background: ${colours[label]}` }), ` ${names[label]}`);
}

/** @param {Said} said @param {string} by @returns {HTMLElement} */
function verdictOf({ verdict, judged, tags, note }, by) {
  const words = { "": "not yet", keep: "keep", wrong: "wrong", unsure: "unsure", excluded: "excluded" }[verdict] ?? verdict;
  const marks = tags.map((tag) => element("span", { class: "tag" }, tag));
  const told = element("span", { class: `verdict ${verdict}` }, `${judged ? `${words}: ${judged}` : words}${by ? `, by ${by}` : ""}`);
  return element("dd", {}, told, ...marks.flatMap((mark) => [" ", mark]), ...(note ? [element("p", { class: "note" }, note)] : []));
}
