/**
 * What each key and button does to the image that is looked at, or to all that are listed.
 *
 * @typedef {import("../verdicts/known.js").Said} Said
 * @typedef {import("./keys.js").Act} Act
 * @typedef {import("./deck.js").Item} Item
 */

import { counted } from "../data/numbers.js";
import { find } from "../dom/element.js";
import { inWords } from "../verdicts/known.js";
import { Typing } from "./typing.js";

/** @type {Partial<Record<Act, string>>} */
const VERDICTS = { keep: "keep", wrong: "wrong", unsure: "unsure", exclude: "excluded" };

const LONGEST = { class: 200, tag: 50, note: 2000 }; // characters that the database takes

export class Saying {
  /** @param {HTMLElement} root @param {import("./deck.js").Deck} deck */
  constructor(root, deck) {
    this.root = root;
    this.deck = deck;
    this.typing = new Typing(find(root, ".entry"));
  }

  /** @param {Act | number} act a number: the class */
  act(act) {
    const { deck } = this;
    const { item } = deck;
    if (act === "help") return this.help();
    if (deck.data.shut && act !== "back" && act !== "next") return deck.speak(deck.data.shut);
    if (act === "undo" || act === "redo") return this.turn(act);
    if (!item) return;
    if (act === "back" || act === "next") return deck.go(deck.at + (act === "next" ? 1 : -1));
    if (!deck.isSeen) return deck.speak("The image is still loading.");
    if (typeof act === "number") return this.relabel(act);
    const verdict = VERDICTS[act];
    if (verdict) this.judge((said) => ({ ...said, verdict, judged: "" }));
    else if (act === "relabel") this.ask("Relabel as", "class", "", this.classes(item), (name) => this.relabel(deck.data.names.indexOf(name)));
    else if (act === "tag") this.ask("Tag, or take a tag away", "tag", "", deck.judging.known.tags(), (tag) => this.tag(tag));
    else this.ask("Note", "note", deck.judging.known.of(item.number).note, [], (note) => this.mark((said) => ({ ...said, note })));
  }

  /** @param {string} label @param {keyof typeof LONGEST} kind @param {string} value @param {string[]} options @param {(text: string) => void} done */
  ask(label, kind, value, options, done) {
    const home = this.root.getRootNode();
    const from = home instanceof ShadowRoot || home instanceof Document ? home.activeElement : null;
    this.typing.open({ label, value, options, free: kind !== "class", longest: LONGEST[kind], done }, from);
  }

  /** @param {Item} item @returns {string[]} of all classes, the suggested one first */
  classes({ suggested }) {
    const { names } = this.deck.data;
    return suggested < 0 ? names : [names[suggested], ...names.filter((_, label) => label !== suggested)];
  }

  /** @param {number} label */
  relabel(label) {
    const { item, data } = this.deck;
    if (!item || label < 0) return;
    const verdict = label === item.given ? "keep" : "wrong";
    this.judge((said) => ({ ...said, verdict, judged: label === item.given ? "" : data.names[label] }));
  }

  /** @param {(said: Said) => Said} make */
  judge(make) {
    this.mark(make);
    this.deck.advance();
    const { item, data } = this.deck;
    if (item) this.deck.speak(`${this.words}. Next: ${item.name}, given ${data.names[item.given] ?? "no class"}, suggested ${data.names[item.suggested] ?? "none"}.`);
  }

  /** Says something of the image, and stays. @param {(said: Said) => Said} make */
  mark(make) {
    const { item, judging } = this.deck;
    if (!item) return;
    this.words = `${item.name}: ${inWords(make(judging.known.of(item.number)))}`;
    judging.say([item.number], make, this.words);
    this.deck.speak(this.words);
  }

  /** @param {string} tag */
  tag(tag) {
    if (tag) this.mark((said) => ({ ...said, tags: said.tags.includes(tag) ? said.tags.filter((one) => one !== tag) : [...said.tags, tag].sort() }));
  }

  /** @param {"undo" | "redo"} kind */
  turn(kind) {
    const images = this.deck.judging.turn(kind);
    if (images) this.went(images, kind);
  }

  /** @param {number[]} images @param {string} kind */
  turned(images, kind) {
    if (images.length) this.went(images, kind);
    else this.deck.speak(`Nothing to ${kind}.`);
  }

  /** @param {number[]} images @param {string} kind */
  went(images, kind) {
    const { deck } = this;
    const at = deck.placed(...images);
    if (at !== undefined) deck.go(at);
    else deck.changed();
    deck.speak(`${kind === "undo" ? "Undone" : "Done again"}: ${images.length === 1 ? deck.nameOf(images[0]) : counted(images.length, "image")}.`);
  }

  /** @param {string} what @param {string} text a class, or a tag */
  all(what, text) {
    const { items, data, judging } = this.deck;
    const of = new Map(items.map((item) => [item.number, item]));
    const named = (/** @type {Said} */ said, /** @type {number} */ label, /** @type {number} */ given) =>
      label < 0 ? said : { ...said, verdict: label === given ? "keep" : "wrong", judged: label === given ? "" : data.names[label] };
    /** @param {Said} said @param {number} number @returns {Said} */
    const make = (said, number) => {
      const { given = -1, suggested = -1 } = of.get(number) ?? {};
      if (what === "suggested") return named(said, suggested, given);
      if (what === "class") return named(said, data.names.indexOf(text), given);
      if (what === "tag") return { ...said, tags: [...new Set([...said.tags, text])].sort() };
      if (what === "clear") return { ...said, verdict: "", judged: "", tags: [] };
      return { ...said, verdict: what, judged: "" };
    };
    judging.say([...of.keys()], make, `${counted(items.length, "image")} judged at once`);
    this.deck.speak(`${counted(items.length, "image")} judged. Undo takes it back.`);
  }

  help() {
    const help = find(this.root, ".help");
    help.hidden = !help.hidden;
    find(this.root, "[data-act=help]").setAttribute("aria-expanded", String(!help.hidden));
    if (!help.hidden) help.scrollIntoView({ block: "nearest" });
  }
}
