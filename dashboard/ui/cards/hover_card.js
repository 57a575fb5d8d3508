/**
 * The card beside a point: its thumbnail and what the classifier says.
 *
 * @typedef {import("../render/atlas.js").Cell} Cell
 * @typedef {import("../data/facts.js").ClassMark} ClassMark
 * @typedef {import("../data/facts.js").Facts} Facts
 * @typedef {{width: number, height: number}} Size pixels
 * @typedef {"over" | "right" | "left" | "under"} Side of the point
 */

import { element, write } from "../dom/element.js";
import { behind, verdict } from "../data/facts.js";
import { drawThumbnail } from "../dom/thumbnail.js";
import { signed } from "../data/numbers.js";

export const THUMBNAIL = 128; // pixels: 4 for each of an image of 32
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

/** The lines of a card. @typedef {"truth" | "predicted" | "runner-up" | "margin" | "id"} Part */

/** @type {[Part, string][]} */
const LINES = [
  ["truth", "True"],
  ["predicted", "Predicted"],
  ["runner-up", "Runner-up"],
  ["margin", "Margin"],
  ["id", "Image"],
];

/**
 * What a pointer looks at. Its size is the style sheet's alone and never depends on what it says, it is always laid
 * out, and it moves by a transform: to show another point costs neither a layout nor a measurement.
 */
export class Card {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.thumbnail = /** @type {HTMLCanvasElement} */ (element("canvas"));
    this.parts = new Map(LINES.map(([part]) => [part, element("span", { "data-part": part })]));
    this.extra = new Map(["predicted", "runner-up"].map((part) => [part, element("span", { class: "extra" })]));
    this.hint = element("dd", { class: "again" });
    this.size = { width: 0, height: 0 };
    /** @type {Side | null} */
    this.side = null;
    this.build();
    this.observer = new ResizeObserver(([{ borderBoxSize }]) => {
      this.size = { width: borderBoxSize[0].inlineSize, height: borderBoxSize[0].blockSize };
    });
    this.observer.observe(host);
  }

  build() {
    const lines = LINES.flatMap(([part, label]) => {
      const value = element("dd", {}, /** @type {HTMLElement} */ (this.parts.get(part)));
      value.append(...[this.extra.get(part)].filter((extra) => extra !== undefined));
      return [element("dt", {}, label), value];
    });
    this.host.classList.add("card");
    this.host.setAttribute("aria-hidden", "true"); // the live region says it
    this.host.hidden = false;
    this.host.replaceChildren(
      element("div", { class: "thumbnail" }, this.thumbnail),
      element("dl", {}, ...lines, this.hint),
    );
  }

  /**
   * @param {Facts} facts
   * @param {Cell | "loading" | "missing"} cell
   * @param {string} hint what to do next
   */
  fill(facts, cell, hint) {
    this.mark("truth", facts.truth);
    this.mark("predicted", facts.predicted);
    this.mark("runner-up", facts.runnerUp);
    this.write(this.parts.get("margin"), facts.margin === null ? "…" : signed(facts.margin));
    this.write(this.parts.get("id"), facts.id);
    this.write(this.extra.get("predicted"), verdict(facts.correct));
    this.write(this.extra.get("runner-up"), behind(facts.ahead));
    this.tell("verdict", facts.correct === null ? "" : facts.correct ? "right" : "wrong");
    write(this.hint, hint);
    this.draw(cell);
    this.tell("shown", "true");
  }

  /** @param {Element | undefined} part @param {string} words */
  write(part, words) {
    if (part) write(part, words);
  }

  /** @param {string} name @param {string} value */
  tell(name, value) {
    if (this.host.dataset[name] !== value) this.host.dataset[name] = value;
  }

  /** @param {Part} name @param {ClassMark | null} mark */
  mark(name, mark) {
    const part = this.parts.get(name);
    if (!part) return;
    const paint = mark ? mark.paint : "transparent";
    write(part, mark ? mark.name : "none");
    if (part.dataset.paint === paint) return;
    part.dataset.paint = paint;
    part.className = "mark";
    part.style.setProperty("--mark", paint);
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

  close() {
    this.observer.disconnect();
  }
}
