/**
 * The card beside a point: its thumbnail and what the classifier says.
 *
 * @typedef {import("../render/atlas.js").Cell} Cell
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {{width: number, height: number}} Size pixels
 * @typedef {"over" | "right" | "left" | "under"} Side of the point
 */

import { element, write } from "../dom/element.js";
import { drawThumbnail } from "../dom/thumbnail.js";
import { extra, factLines } from "./image_elements.js";

const THUMBNAIL = 128; // pixels: 4 for each of an image of 32
const EDGE = 6; // pixels kept free round the card

/** @type {Side[]} */
const BESIDE = ["right", "left", "over", "under"];
/** @type {Side[]} a hand hides what is below a finger */
const ABOVE = ["over", "right", "left", "under"];

/**
 * Finds a place for the card inside the frame that does not cover the point.
 *
 * @param {[number, number]} point pixels
 * @param {Size} card
 * @param {Size} frame
 * @param {number} gap pixels kept free round the point
 * @param {boolean} above whether a finger hides what is below the point
 * @param {Side | null} last where the card was: it stays on that side while it can, or it would jump to and fro
 * @returns {{left: number, top: number, side: Side}}
 */
export function place(point, card, frame, gap, above, last = null) {
  const sides = above ? ABOVE : BESIDE;
  const tries = last ? [last, ...sides.filter((side) => side !== last)] : sides;
  const spots = tries.map((side) => ({ side, ...within(beside(side, point, card, gap, above), card, frame) }));
  return spots.find((spot) => !covers(spot, card, point, gap / 2)) ?? spots[0];
}

/** @param {Side} side @param {[number, number]} point @param {Size} card @param {number} gap @param {boolean} above */
function beside(side, [x, y], card, gap, above) {
  const level = above ? y - card.height : y - card.height / 2;
  if (side === "right") return { left: x + gap, top: level };
  if (side === "left") return { left: x - gap - card.width, top: level };
  return { left: x - card.width / 2, top: side === "over" ? y - gap - card.height : y + gap };
}

/** @param {{left: number, top: number}} spot @param {Size} card @param {Size} frame */
function within(spot, card, frame) {
  const left = Math.max(Math.min(spot.left, frame.width - card.width - EDGE), EDGE);
  const top = Math.max(Math.min(spot.top, frame.height - card.height - EDGE), EDGE);
  return { left: Math.round(left), top: Math.round(top) };
}

/** @param {{left: number, top: number}} spot @param {Size} card @param {[number, number]} point @param {number} gap */
function covers({ left, top }, card, [x, y], gap) {
  return x > left - gap && x < left + card.width + gap && y > top - gap && y < top + card.height + gap;
}

/**
 * What a pointer looks at. Its size is the style sheet's alone and never depends on what it says, it is always laid
 * out, and it moves by a transform: to show another point costs neither a layout nor a measurement.
 */
export class HoverCard {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.thumbnail = element("canvas");
    /** What is written of each line of facts. @type {Map<string, {value: HTMLElement, extra: HTMLElement, paint: string}>} */
    this.lines = new Map();
    this.list = element("dl");
    this.hint = element("dd", { class: "again" });
    this.size = { width: 0, height: 0 };
    /** @type {Side | null} */
    this.side = null;
    host.classList.add("card");
    host.setAttribute("aria-hidden", "true"); // the live region says it
    host.hidden = false;
    host.replaceChildren(element("div", { class: "thumbnail" }, this.thumbnail), this.list);
    const measured = new ResizeObserver(([{ borderBoxSize }]) => {
      this.size = { width: borderBoxSize[0].inlineSize, height: borderBoxSize[0].blockSize };
    });
    measured.observe(host);
  }

  /**
   * @param {Facts} facts
   * @param {Cell | "loading" | "missing"} cell
   * @param {string} hint what to do next
   * @param {import("./image_elements.js").FactLine[]} further what a table says
   */
  fill(facts, cell, hint, further) {
    for (const line of [...factLines(facts), { name: "id", label: "Image", words: facts.id }, ...further]) this.fillLine(line);
    for (const name of this.lines.keys()) if (name.startsWith("column") && !further.some((line) => line.name === name)) this.remove(name);
    this.host.style.setProperty("--further", String(further.length));
    if (!this.hint.isConnected) this.list.append(this.hint);
    write(this.hint, hint);
    this.draw(cell);
    this.tell("shown", "true");
  }

  /** Writes only what is new. @param {import("./image_elements.js").FactLine} line */
  fillLine(line) {
    const { value, extra, paint } = this.lines.get(line.name) ?? this.add(line);
    write(value, line.words);
    write(extra, line.extra ?? "");
    const wanted = line.mark?.paint ?? "transparent";
    if (paint === wanted) return;
    value.style.setProperty("--mark", wanted);
    this.lines.set(line.name, { value, extra, paint: wanted });
  }

  /** @param {import("./image_elements.js").FactLine} line that has no elements yet */
  add({ name, label, mark, needs }) {
    const value = element("span", { "data-part": name, class: mark === undefined ? null : "mark" });
    const made = { value, extra: extra(""), paint: "" };
    this.lines.set(name, made);
    const words = [element("dt", { title: label, "data-needs": needs }, label), element("dd", { "data-needs": needs }, value, made.extra)];
    if (this.hint.isConnected) this.hint.before(...words);
    else this.list.append(...words);
    return made;
  }

  /** @param {string} name of a line of a table, which is another one now */
  remove(name) {
    const value = this.lines.get(name)?.value.parentElement;
    value?.previousElementSibling?.remove();
    value?.remove();
    this.lines.delete(name);
  }

  /** @param {string} name @param {string} value */
  tell(name, value) {
    if (this.host.dataset[name] !== value) this.host.dataset[name] = value;
  }

  /** @param {Cell | "loading" | "missing"} cell */
  draw(cell) {
    this.tell("thumbnail", drawThumbnail(this.thumbnail, cell, THUMBNAIL));
  }

  /**
   * @param {[number, number]} point pixels
   * @param {Size} frame
   * @param {number} gap
   * @param {boolean} above
   */
  move(point, frame, gap, above) {
    const { left, top, side } = place(point, this.size, frame, gap, above, this.side);
    this.side = side;
    this.host.style.transform = `translate(${left}px, ${top}px)`;
  }

  hide() {
    this.side = null;
    this.tell("shown", "false");
  }
}
