/** A page of a site: finds out what the address asks for, draws that, and follows the address. */

import { element, find } from "../dom/element.js";
import { Atlas } from "../render/atlas.js";
import { sheetsOf } from "../data/source.js";
import { drawBar } from "./bar.js";
import { read } from "./files.js";
import { drawNodes } from "./nodes.js";
import { asked, queryOf, write } from "./place.js";

const WHICH = ["true", "predicted", "only", "rows"]; // parameters that say which images are shown
const SOON = 60; // milliseconds after the map has told of a view: by then its address says it

/** @typedef {import("./nodes.js").Site} Owner */

/** @implements {Owner} */
export class Site {
  /** @param {import("./bar.js").Content} content @param {HTMLElement} body says which page it is */
  constructor(content, body) {
    this.content = content;
    this.page = body.dataset.page ?? "overview";
    this.file = body.dataset.file ?? "index.html";
    this.main = find(body, "main");
    this.bar = find(body, ".bar");
    this.shown = "";
    /** @type {Record<string, string>} what the page itself has put into the address, and nobody has chosen since */
    this.begun = {};
    /** @type {import("./nodes.js").Drawn[]} */
    this.drawn = [];
    /** @type {Map<string, import("./nodes.js").Pictures>} */
    this.known = new Map();
    window.addEventListener("popstate", () => this.follow());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.drawn.forEach((one) => one.paint()));
    body.addEventListener("click", (event) => this.press(event));
    new ResizeObserver(() => body.style.setProperty("--lb-bar", `${this.bar.offsetHeight}px`)).observe(this.bar);
  }

  /** @returns {import("./bar.js").Run} the one that the address asks for, or the first */
  get run() {
    const { runs } = this.content;
    return runs.find(({ name }) => name === asked().get("run")) ?? runs[0];
  }

  /** @returns {number} the place of the C that the address asks for; of the run's own where there is none such */
  get at() {
    const wanted = asked().get("C");
    const place = wanted === null ? -1 : this.run.penalties.indexOf(Number(wanted));
    return place < 0 ? this.run.own : place;
  }

  /** @returns {string} where the page's nodes are; "" where the run has no such page */
  get address() {
    const found = this.run.pages[this.page];
    if (!found) return "";
    if (Array.isArray(found)) return found[this.at] ?? "";
    return found[asked().get("versus") ?? ""] ?? found[this.run.versus[0]] ?? "";
  }

  /** @returns {string[]} parameters of the address that are as the page began: a link to another page leaves them out */
  get unchosen() {
    const said = asked();
    return Object.keys(this.begun).filter((name) => said.get(name) === this.begun[name]);
  }

  /** Shows what the address asks for. */
  async follow() {
    const said = asked();
    if (said.has("run") && said.get("run") !== this.run.name) write({ run: "" });
    if (said.has("C") && !this.run.penalties.includes(Number(said.get("C")))) write({ C: "" }); // a link that is copied says what is shown
    drawBar(this.bar, this.content, { run: this.run, at: this.at, page: this.page }, this.acts, (file) => this.linkTo(file));
    const { address } = this;
    if (address === this.shown) return this.drawn.forEach((one) => one.follow());
    this.shown = address;
    if (!address) return this.say("This run has no such page. All that it has are in the bar above.");
    try {
      const nodes = await read(address);
      if (address === this.shown) this.draw(nodes);
    } catch (error) {
      if (address === this.shown) this.say(/** @type {Error} */ (error).message);
    }
  }

  /** @param {import("./nodes.js").Node[]} nodes */
  draw(nodes) {
    this.begin(nodes);
    const same = this.drawn.length && Math.round(window.scrollY);
    this.drawn = drawNodes(nodes, this);
    this.main.className = `page-${this.page}`;
    this.main.replaceChildren(...this.drawn.map((one) => one.element));
    if (same) window.scrollTo(0, same);
    this.main.dataset.drawn = this.shown;
  }

  /** Says in the address what the page begins with, where it says nothing of it. @param {import("./nodes.js").Node[]} nodes */
  begin(nodes) {
    const said = asked();
    for (const node of nodes) {
      if (node.is === "columns") node.of.forEach((side) => this.begin(side));
      if (node.is !== "map") continue;
      const start = WHICH.some((name) => said.has(name)) ? {} : node.start;
      const lacking = Object.entries({ ...node.always, ...start }).filter(([name]) => !said.has(name));
      if (!lacking.length) continue;
      this.begun = Object.fromEntries(lacking);
      write(this.begun);
      this.linkAnew();
    }
  }

  /** @param {string} words */
  say(words) {
    this.drawn = [];
    this.main.replaceChildren(element("p", { class: "lb-wait", role: "alert" }, words));
  }

  /** @param {import("./place.js").Goes} goes @param {unknown} value */
  go(goes, value) {
    const here = goes.file === this.file;
    const query = queryOf(here ? goes : { ...goes, drops: [...goes.drops, ...this.unchosen] }, value);
    const target = `${goes.file}${query.size ? `?${query}` : ""}`;
    if (!here) return location.assign(target);
    this.begun = {};
    history.pushState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
    window.dispatchEvent(new PopStateEvent("popstate", { state: history.state })); // the map follows it, too
    const images = this.main.querySelector(".map.beside");
    if (images && images.getBoundingClientRect().top > window.innerHeight) images.scrollIntoView({ behavior: "smooth", block: "center" });
  }

  /** Shows an image among those of its true and predicted class. @param {string} page @param {number} row @param {number[]} classes */
  open(page, row, classes) {
    const { pages } = this.content;
    const { file } = pages.find(({ path }) => path === page) ?? pages[0];
    const query = { image: String(row), true: "$0", predicted: "$1" };
    if (page in this.run.pages) this.go({ file, query, drops: ["only", "margin", "find", "where"] }, classes);
  }

  viewed() {
    setTimeout(() => this.drawn.forEach((one) => one.follow()), SOON);
    this.linkAnew();
  }

  /** The bar's links say what the map shows. */
  linkAnew() {
    setTimeout(() => {
      for (const link of this.bar.querySelectorAll("a")) link.href = this.linkTo(link.getAttribute("href")?.split("?")[0] ?? "");
    }, SOON);
  }

  /** What the bar's fields do. */
  acts = {
    run: (/** @type {string} */ name) => location.assign(`${this.file}?${new URLSearchParams({ run: name })}`),
    penalty: (/** @type {number} */ at) => this.go({ file: this.file, query: { C: this.run.asked[at] }, drops: [] }, ""),
  };

  /** @param {string} file @returns {string} its address with what stays */
  linkTo(file) {
    const query = queryOf({ file, query: {}, drops: file === this.file ? [] : this.unchosen }, "");
    return `${file}${query.size ? `?${query}` : ""}`;
  }

  /** A link within the page changes the address, and loads nothing. @param {MouseEvent} event */
  press(event) {
    const link = /** @type {Element} */ (event.target).closest?.("a[data-goes]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const url = new URL(/** @type {HTMLAnchorElement} */ (link).href);
    this.go({ file: this.file, query: Object.fromEntries(url.searchParams), drops: [] }, "");
  }

  /** @param {import("../render/atlas.js").Sheets} sheets @returns {import("./nodes.js").Pictures} */
  pictures(sheets) {
    const name = sheets.urls[0] ?? "";
    const known = this.known.get(name);
    if (known) return known;
    /** @type {(() => void)[]} */
    const watchers = [];
    const atlas = new Atlas(sheetsOf({ sheets }), () => watchers.forEach((act) => act()));
    const made = { cell: (/** @type {number} */ row) => atlas.cell(row), watch: (/** @type {() => void} */ act) => watchers.push(act) };
    this.known.set(name, made);
    return made;
  }
}
