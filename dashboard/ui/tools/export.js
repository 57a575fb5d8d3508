/**
 * What can be taken from the map: the images in its list as a table or as files, the view as a picture, posters, a link.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "lighting" | "selection" | "camera" | "drawing" | "appearance" | "atlas" | "frame" | "signal">} Needs
 * @typedef {{words: string, title: string, make: (signal: AbortSignal) => Promise<Blob>}} Job
 *   words: what is prepared, in the middle of a sentence; title: in the file's name
 */

import { copyText } from "../dom/clipboard.js";
import { getWhole, reasonOf } from "../data/columns.js";
import { button, element, find } from "../dom/element.js";
import { Popup } from "../dom/popup.js";
import { Progress } from "./progress.js";
import { endingOf, fileName, save, sizeOf } from "./save.js";
import { bitsOf } from "../state/selection.js";
import { address } from "../data/source.js";
import { counted } from "../data/numbers.js";

export class ExportMenu {
  /** @param {HTMLElement} host for the menu @param {Needs} map */
  constructor(host, map) {
    this.map = map;
    this.host = host;
    this.progress = new Progress(find(map.frame.root, ".progress"));
    this.running = new AbortController(); // ends the job under way
    this.popup = new Popup(host, "Export", () => this.items(), map.signal);
    map.signal.addEventListener("abort", () => this.giveUp());
  }

  update() {
    this.popup.opener.title = `Download ${counted(this.chosen.count, "image")}, or pictures of the map, or copy a link`;
  }

  /** @returns {{mask: Uint8Array, count: number}} the images that are exported */
  get chosen() {
    const { lit, count } = this.map.lighting;
    return this.map.selection.selected ?? { mask: lit, count };
  }

  /** @returns {HTMLElement[]} */
  items() {
    const { exports, posters, refusal } = this.map.rows.data;
    const images = counted(this.chosen.count, "image");
    const item = (/** @type {string} */ words, /** @type {() => Job} */ job) => this.item(words, () => this.run(job()));
    const taken = /** @type {const} */ ([["CSV table of", exports?.csv, "the table of"], ["ZIP file with", exports?.zip, "a ZIP file with"]]);
    const there = this.chosen.count ? taken : [];
    const files = there.flatMap(([words, url, what]) => (url ? [item(`${words} ${images}`, () => this.rowsJob(url, `${what} ${images}`))] : []));
    const prints = (posters ?? []).map((poster) => item(poster.title, () => this.posterJob(poster)));
    const link = this.item("Copy link to this view", () => this.copyLink());
    const note = refusal ? [element("p", { class: "menu-note" }, `No posters. ${refusal}`)] : [];
    return [...files, ...(files.length ? ruled : list)([item("PNG of this view, at 2x", () => this.viewJob()), ...prints]), ...ruled([link]), ...note];
  }

  /** @param {string} words @param {() => void} act @returns {HTMLElement} */
  item(words, act) {
    const item = button({ class: "menu-item", role: "menuitem", tabindex: "-1" }, words);
    item.addEventListener("click", () => {
      this.popup.close();
      this.popup.opener.focus({ preventScroll: true });
      act();
    });
    return item;
  }

  /** @param {string} url @param {string} words @returns {Job} */
  rowsJob(url, words) {
    const { mask, count: many } = this.chosen;
    const headers = { "Content-Type": "application/octet-stream" };
    return {
      words,
      title: counted(many, "image").replaceAll(",", ""),
      make: (signal) => getWhole(address(url), { method: "POST", body: bitsOf(mask), headers, signal }),
    };
  }

  /** @param {import("../data/source.js").PosterFile} poster @returns {Job} */
  posterJob({ title, url }) {
    return {
      words: `the ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
      title: title.toLowerCase().replaceAll(",", ""),
      make: (signal) => getWhole(address(url), { signal }),
    };
  }

  /** @returns {Job} */
  viewJob() {
    return {
      words: "the picture",
      title: "view",
      make: async () => (await import("./picture.js")).exportPicture(this.map),
    };
  }

  /** One at a time: the one before is given up. @param {Job} job */
  async run(job) {
    this.giveUp();
    const { signal } = (this.running = new AbortController());
    this.progress.begin(`Preparing ${job.words}…`, () => this.cancel());
    try {
      const content = await job.make(signal);
      if (signal.aborted) return;
      const name = fileName(this.map.rows.data.run, job.title, endingOf(content));
      save(content, name);
      this.progress.end("done", `Saved ${name}, ${sizeOf(content)}.`);
    } catch (error) {
      if (!signal.aborted) this.progress.end("failed", `Could not prepare ${job.words}. ${reasonOf(error)}`);
    }
  }

  giveUp() {
    this.running.abort();
    this.progress.clear();
  }

  cancel() {
    this.giveUp();
    this.popup.opener.focus({ preventScroll: true });
  }

  async copyLink() {
    const copied = await copyText(location.href, this.host);
    this.progress.end(copied ? "done" : "failed", copied ? "Link copied." : "The browser forbids copying. Copy the link from the address bar.");
  }
}

/** @param {HTMLElement[]} items @returns {HTMLElement[]} what comes first */
function list(items) {
  return items;
}

/** @param {HTMLElement[]} items @returns {HTMLElement[]} after a line that sets them apart */
function ruled(items) {
  return [element("div", { class: "menu-rule", role: "separator" }), ...items];
}
