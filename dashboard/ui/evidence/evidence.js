/**
 * What speaks for and against a label: copies of the image, which are known; and how the nearest training images vote, and the nearest ones
 * of both classes, which are asked for once the viewer rests on an image, and whose place is kept.
 *
 * @typedef {{votes: [number, number][], nearest: [number, [number, number][]][]}} Found labels and their votes; labels, and the numbers
 *   of images with their distances
 * @typedef {import("../labels/deck.js").Item} Item
 */

import { get } from "../data/columns.js";
import { distance } from "../data/numbers.js";
import { element } from "../dom/element.js";
import { copiesElement } from "./copies.js";

const REST = 180; // milliseconds
const KEPT = 100;
const SHOWN = 6; // images of a class
const BARS = 4; // there is room for

export class Evidence {
  /** @param {HTMLElement} section @param {import("./pictures.js").Pictures} pictures @param {import("./copies.js").Acts} acts */
  constructor(section, pictures, acts) {
    this.section = section;
    this.same = element("div");
    this.host = element("div", { class: "around" });
    section.append(this.same, this.host);
    this.pictures = pictures;
    this.acts = acts;
    this.timer = 0;
    this.wanted = -1;
    /** @type {Map<string, Found>} */
    this.kept = new Map();
  }

  /**
   * @param {Item} item @param {{names: string[], colours: string[], evidence: string}} run evidence: "" where nothing is known
   * @param {(number: number) => boolean} isListed
   */
  show(item, run, isListed) {
    clearTimeout(this.timer);
    const { copies } = item;
    this.same.replaceChildren(...(copies ? [copiesElement(copies, item.given, run, this.pictures, isListed, this.acts)] : []));
    this.host.hidden = !run.evidence;
    this.section.hidden = !run.evidence && !copies;
    if (!run.evidence || this.wanted === item.number) return;
    this.wanted = item.number;
    const url = addressOf(item, run.evidence);
    const found = this.kept.get(url);
    if (found) return this.draw(item, run, found);
    this.blank(item, run);
    this.timer = window.setTimeout(() => this.fetch(url, item, run), REST);
  }

  close() {
    clearTimeout(this.timer);
  }

  /** @param {string} url @param {Item} item @param {{names: string[], colours: string[]}} run */
  async fetch(url, item, run) {
    try {
      /** @type {Found} */
      const found = await (await get(url)).json();
      this.kept.set(url, found);
      for (const oldest of this.kept.keys()) {
        if (this.kept.size <= KEPT) break;
        this.kept.delete(oldest);
      }
      if (this.wanted === item.number) this.draw(item, run, found);
    } catch (error) {
      if (this.wanted !== item.number) return;
      this.wanted = -1; // the next look asks again
      this.host.replaceChildren(element("p", {}, `What is near it could not be loaded: ${/** @type {Error} */ (error).message}`));
    }
  }

  /** @param {Item} item @param {{names: string[], colours: string[]}} run */
  blank(item, run) {
    this.draw(item, run, { votes: [], nearest: labelsOf(item).map((label) => [label, []]) });
  }

  /** @param {Item} item @param {{names: string[], colours: string[]}} run @param {Found} found */
  draw(item, { names, colours }, { votes, nearest }) {
    const total = votes.reduce((sum, [, count]) => sum + count, 0);
    const heading = element("h2", {}, total ? `The ${total} nearest training images` : "The nearest training images");
    const told = votes.slice(0, votes.length > BARS ? BARS - 1 : BARS);
    const others = total - told.reduce((sum, [, count]) => sum + count, 0);
    const most = Math.max(1, others, ...told.map(([, count]) => count));
    const bars = told.map(([label, count]) => barOf(names[label], colours[label], count, most));
    if (others) bars.push(barOf("other classes", "currentColor", others, most));
    const groups = nearest.map(([label, images]) => this.group(names[label], colours[label], images));
    this.host.replaceChildren(heading, element("div", { class: "votes" }, ...bars), ...groups);
    this.host.dataset.of = total ? String(item.number) : "";
  }

  /** @param {string} name @param {string} colour @param {[number, number][]} images @returns {HTMLElement} */
  group(name, colour, images) {
    const tiles = images.map(([number, apart]) => {
      const picture = this.pictures.get(number);
      const figure = element("figure", { title: `distance ${distance(apart)}` });
      picture.come.then(() => figure.append(picture.image.isConnected ? picture.image.cloneNode() : picture.image));
      return figure;
    });
    const room = Array.from({ length: SHOWN - tiles.length }, () => element("figure"));
    const title = element("h3", {}, element("i", { style: `background: ${colour}` }), ` Nearest of ${name}`);
    return element("div", { class: "near" }, title, element("div", { class: "tiles" }, ...tiles, ...room));
  }
}

/** @param {Item} item @returns {number[]} */
function labelsOf({ given, suggested }) {
  return [...new Set([given, suggested])].filter((label) => label >= 0);
}

/** @param {Item} item @param {string} base @returns {string} */
function addressOf(item, base) {
  const url = new URL(base);
  url.searchParams.set("row", String(item.number));
  url.searchParams.set("labels", labelsOf(item).join("."));
  return url.href;
}

/** @param {string} name @param {string} colour @param {number} count @param {number} most @returns {HTMLElement} */
function barOf(name, colour, count, most) {
  const bar = element("i", { style: `width: ${(100 * count) / most}%; background: ${colour}` });
  return element("div", { class: "vote" }, element("span", { class: "name" }, name), element("span", { class: "room" }, bar), element("b", {}, String(count)));
}
