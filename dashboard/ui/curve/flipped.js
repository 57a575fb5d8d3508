/**
 * The images that are fixed or broken by a change of C: how many, and those whose margin moves most.
 *
 * @typedef {import("../render/atlas.js").Thumbnails} Thumbnails
 * @typedef {{row: number, truth: string, was: string, now: string}} Image
 * @typedef {"fixed" | "broke"} Kind
 */

import { counted, thousands } from "../data/numbers.js";
import { button, closest, element, write } from "../dom/element.js";
import { drawThumbnail } from "../dom/thumbnail.js";

const GAP = 8; // pixels
const TILE = 76;
const NARROW = 420; // pixels: up to here one line of images is too few
const KEPT = 400; // thumbnails that stay drawn
const WORDS = { fixed: ["✓", "Fixed"], broke: ["✗", "Broke"] };

const MOST = 12; // images of a kind

export class Flipped {
  where = "below"; // all of them are shown

  /** @param {HTMLElement} host @param {Kind} kind @param {{open: (row: number) => void, all: (kind: Kind) => void}} acts */
  constructor(host, kind, { open, all }) {
    this.host = host;
    const [sign, name] = WORDS[kind];
    this.kind = kind;
    this.note = element("span", { class: "note" });
    this.count = element("b");
    this.more = button({ class: "more" });
    this.tiles = element("div", { class: "tiles" });
    this.none = element("p", { class: "none" });
    const heading = element("h3", {}, element("span", { class: "sign", "aria-hidden": "true" }, sign), ` ${name} `, this.count, " ", this.note);
    host.replaceChildren(element("div", { class: "head" }, heading, this.more), this.tiles, this.none);
    this.more.addEventListener("click", () => all(kind));
    this.tiles.addEventListener("click", (event) => {
      const row = Number(closest(event, "button")?.dataset.row ?? -1);
      if (row >= 0) open(row);
    });
    /** @type {Map<number, HTMLCanvasElement>} drawn thumbnails by row, least recently shown first */
    this.drawn = new Map();
  }

  /** @returns {number} images that there is room for */
  get room() {
    const width = this.tiles.clientWidth;
    return Math.min(MOST, Math.max(3, Math.floor((width + GAP) / (TILE + GAP))) * (width <= NARROW ? 2 : 1));
  }

  /**
   * @param {number | null} count null: not known yet @param {Image[]} images @param {Thumbnails} atlas
   * @param {[string, string]} [names] of the two classifiers; without them there is nothing to compare
   */
  show(count, images, atlas, names) {
    const [was, now] = this.kind === "fixed" ? ["wrong", "right"] : ["right", "wrong"];
    write(this.note, names ? `${was} at ${names[0]}, ${now} at ${names[1]}` : "");
    write(this.count, count === null ? "…" : thousands(count));
    this.more.hidden = !count;
    write(this.more, count === 1 ? `Show it ${this.where}` : `All ${counted(count ?? 0, "image")} ${this.where}`);
    write(this.none, count === 0 ? "No image." : "");
    this.tiles.replaceChildren(...images.map((image) => this.tile(image)));
    this.draw(atlas);
  }

  /** @param {Image} image */
  tile({ row, truth, was, now }) {
    const words = `${truth}: predicted ${was} before, ${now} after`;
    const canvas = this.drawn.get(row) ?? element("canvas", { "data-row": row });
    this.drawn.delete(row);
    this.drawn.set(row, canvas);
    for (const oldest of this.drawn.keys()) {
      if (this.drawn.size <= KEPT) break;
      this.drawn.delete(oldest);
    }
    const lines = [truth, this.kind === "fixed" ? `before: ${was}` : `after: ${now}`].map((line) => element("span", { class: "line" }, line));
    return button({ class: "tile", "data-row": row, title: `Image of true class ${words}\nShow details and neighbours` }, canvas, ...lines);
  }

  /** Draws what has come meanwhile; once drawn, a thumbnail stays. @param {Thumbnails} atlas */
  draw(atlas) {
    const cell = atlas.sheets?.cell ?? TILE;
    const side = Math.max(1, Math.floor(TILE / cell)) * cell; // whole pixels
    const shown = side > TILE ? TILE : side;
    this.host.style.setProperty("--side", `${shown}px`);
    if (this.tiles.childElementCount) write(this.none, atlas.trouble);
    for (const canvas of this.tiles.querySelectorAll("canvas")) {
      if (canvas.dataset.thumbnail !== "ready") canvas.dataset.thumbnail = drawThumbnail(canvas, atlas.cell(Number(canvas.dataset.row)), shown);
    }
  }

  /** The images are those of another run. */
  forget() {
    this.drawn.clear();
  }
}
