/**
 * Judges all listed images at once, after a question; one undo takes it back.
 *
 * @typedef {import("./keys.js").Act} Act
 */

import { counted } from "../data/numbers.js";
import { button, element } from "../dom/element.js";

/** @type {[string, string][]} */
const WHAT = [
  ["keep", "Keep their labels"],
  ["wrong", "Mark as wrong"],
  ["unsure", "Mark as unsure"],
  ["excluded", "Exclude"],
  ["suggested", "Relabel as suggested"],
  ["class", "Relabel as…"],
  ["tag", "Tag…"],
  ["clear", "Take verdicts and tags away"],
];

export class Batch {
  /** @param {HTMLElement} host @param {(what: string, text: string) => void} apply */
  constructor(host, apply) {
    this.apply = apply;
    this.opener = button({ class: "opener", "aria-expanded": "false" }, "Judge all listed…");
    this.what = element("select", { "aria-label": "What to do with all listed images" }, ...WHAT.map(([value, words]) => element("option", { value }, words)));
    this.text = element("input", { type: "text", maxlength: 50, "aria-label": "Class or tag", list: "batch-options", hidden: true });
    this.options = element("datalist", { id: "batch-options" });
    this.go = button({ class: "go" });
    this.cancel = button({}, "Cancel");
    this.body = element("div", { class: "batch", hidden: true }, this.what, this.text, this.options, this.go, this.cancel);
    host.append(this.opener, this.body);
    this.opener.addEventListener("click", () => this.open(this.body.hidden === true));
    this.cancel.addEventListener("click", () => this.open(false));
    this.what.addEventListener("change", () => this.ask());
    this.text.addEventListener("input", () => this.ask());
    this.go.addEventListener("click", () => {
      this.open(false);
      this.apply(this.what.value, this.text.value.trim());
    });
    this.count = 0;
    /** @type {string[]} */
    this.names = [];
    /** @type {string[]} */
    this.tags = [];
  }

  /** @param {number} count images that are listed @param {string[]} names of the classes @param {string[]} tags */
  of(count, names, tags) {
    [this.count, this.names, this.tags] = [count, names, tags];
    this.opener.disabled = count === 0;
    this.ask();
  }

  /** @param {boolean} open */
  open(open) {
    this.body.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.what.focus();
    else if (this.body.contains(document.activeElement)) this.opener.focus();
  }

  ask() {
    const typed = this.what.value === "class" || this.what.value === "tag";
    const choices = this.what.value === "class" ? this.names : this.tags;
    this.text.hidden = !typed;
    this.options.replaceChildren(...choices.slice(0, 300).map((value) => element("option", { value })));
    const text = this.text.value.trim();
    this.go.disabled = typed && (this.what.value === "class" ? !this.names.includes(text) : !text);
    const [, words] = WHAT.find(([value]) => value === this.what.value) ?? WHAT[0];
    this.go.textContent = `${words.replace("…", text ? ` ${text}` : "")}: ${counted(this.count, "image")}`;
  }
}
