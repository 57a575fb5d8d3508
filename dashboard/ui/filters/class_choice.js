/** Chooses one of the classes or all of them: from a list, or by typing where a list would be long. The legend chooses several. */

import { element, write } from "../dom/element.js";
import { counted } from "../data/numbers.js";
import { titled } from "./fields.js";

const LISTED = 20; // classes; more are searched
const ALL = "All";
const SEVERAL = "several";
let lists = 0; // an identifier for each

export class ClassChoice {
  /** @param {string} title @param {string[]} names of the classes @param {(labels: number[]) => void} onChoose none: all */
  constructor(title, names, onChoose) {
    this.names = names;
    this.onChoose = onChoose;
    this.listed = names.length <= LISTED;
    /** @type {number[] | undefined} */
    this.shown = undefined;
    this.several = element("option", { value: SEVERAL, hidden: "", disabled: "" });
    this.control = this.listed ? this.select() : this.search();
    this.element = titled(title, this.control);
    this.control.addEventListener("change", () => this.choose());
    if (!this.listed) this.element.append(this.list());
  }

  /** @returns {HTMLSelectElement} */
  select() {
    const options = this.names.map((name, label) => element("option", { value: label }, name));
    return element("select", {}, element("option", { value: "" }, ALL), this.several, ...options);
  }

  /** @returns {HTMLInputElement} */
  search() {
    const name = `lb-classes-${++lists}`;
    const attributes = { type: "search", list: name, placeholder: ALL, autocomplete: "off", spellcheck: "false" };
    return element("input", attributes);
  }

  /** @returns {HTMLElement} */
  list() {
    const options = this.names.map((name) => element("option", { value: name }));
    return element("datalist", { id: this.control.getAttribute("list") }, ...options);
  }

  choose() {
    const label = this.read();
    this.control.setCustomValidity(Number.isNaN(label) ? `No class is called “${this.control.value}”.` : "");
    if (Number.isNaN(label)) this.control.reportValidity();
    else this.onChoose(label === null ? [] : [label]);
    if (!this.listed && label !== null && !Number.isNaN(label)) this.control.value = this.names[label];
  }

  /** @returns {number | null} a label, null for all, NaN for a name that no class has */
  read() {
    const { value } = this.control;
    if (this.listed) return value === "" ? null : Number(value);
    const wanted = value.trim().toLowerCase();
    if (!wanted) return null;
    const exact = this.names.findIndex((name) => name.trim().toLowerCase() === wanted);
    const like = this.names.findIndex((name) => name.toLowerCase().includes(wanted));
    return exact >= 0 ? exact : like >= 0 ? like : NaN;
  }

  /** @param {number[]} labels */
  show(labels) {
    if (labels === this.shown) return; // and what is being typed stays
    this.shown = labels;
    write(this.several, counted(labels.length, "class", "classes"));
    const one = labels.length === 1 ? labels[0] : null;
    const value = this.listed ? (labels.length > 1 ? SEVERAL : String(one ?? "")) : one === null ? "" : this.names[one];
    if (this.control instanceof HTMLInputElement) this.control.placeholder = labels.length > 1 ? this.several.textContent : ALL;
    if (this.control.value !== value) this.control.value = value;
    this.control.setCustomValidity("");
    this.element.dataset.active = String(labels.length > 0);
  }
}
