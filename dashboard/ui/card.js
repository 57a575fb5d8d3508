/**
 * The card beside a point: its thumbnail and what the classifier says.
 *
 * @typedef {import("./atlas.js").Cell} Cell
 * @typedef {{name: string, paint: string}} ClassMark
 * @typedef {{
 *   row: number, id: string, truth: ClassMark | null, predicted: ClassMark | null, runnerUp: ClassMark | null,
 *   margin: number | null, correct: boolean | null,
 * }} Facts null: not known, or not yet
 * @typedef {{left: number, top: number, width: number, height: number}} Rectangle
 */

const THUMBNAIL = 128; // pixels

/**
 * Finds a place for the card inside the frame that does not cover the point.
 *
 * @param {[number, number]} point pixels
 * @param {{width: number, height: number}} card
 * @param {{width: number, height: number}} frame
 * @param {number} gap pixels kept free round the point
 * @param {boolean} above whether a finger hides what is below the point
 * @returns {{left: number, top: number}}
 */
export function place([x, y], card, frame, gap, above) {
  const middle = { left: x - card.width / 2, top: y - card.height / 2 };
  const right = { left: x + gap, top: middle.top };
  const left = { left: x - gap - card.width, top: middle.top };
  const over = { left: middle.left, top: y - gap - card.height };
  const under = { left: middle.left, top: y + gap };
  const tries = above ? [over, right, left, under] : [right, left, over, under];
  const inside = tries.map((spot) => within(spot, card, frame));
  return inside.find((spot) => !covers(spot, card, [x, y], gap / 2)) ?? inside[0];
}

/** @param {{left: number, top: number}} spot @param {{width: number, height: number}} card @param {{width: number, height: number}} frame */
function within(spot, card, frame) {
  const left = Math.max(Math.min(spot.left, frame.width - card.width - 6), 6);
  const top = Math.max(Math.min(spot.top, frame.height - card.height - 6), 6);
  return { left: Math.round(left), top: Math.round(top) };
}

/** @param {{left: number, top: number}} spot @param {{width: number, height: number}} card @param {[number, number]} point @param {number} gap */
function covers({ left, top }, card, [x, y], gap) {
  return x > left - gap && x < left + card.width + gap && y > top - gap && y < top + card.height + gap;
}

/** @param {number} margin @returns {string} for example "−1.25" */
export function signed(margin) {
  if (Number.isNaN(margin)) return "none";
  const text = Math.abs(margin).toFixed(2);
  if (Number(text) === 0) return "0.00";
  return (margin < 0 ? "−" : "+") + text;
}

export class Card {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.thumbnail = /** @type {HTMLCanvasElement} */ (element.querySelector("canvas"));
    this.size = { width: 0, height: 0 };
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.element.querySelector(`[data-part="${name}"]`));
  }

  /**
   * @param {Facts} facts
   * @param {Cell | "loading" | "missing"} cell
   * @param {boolean} touch
   */
  fill(facts, cell, touch) {
    this.mark("truth", facts.truth);
    this.mark("predicted", facts.predicted);
    this.mark("runner-up", facts.runnerUp);
    this.part("margin").textContent = facts.margin === null ? "…" : signed(facts.margin);
    this.part("id").textContent = facts.id;
    this.part("id").title = facts.id;
    this.element.dataset.verdict = facts.correct === null ? "" : facts.correct ? "right" : "wrong";
    this.element.dataset.touch = String(touch);
    this.draw(cell);
    this.element.hidden = false;
    this.size = { width: this.element.offsetWidth, height: this.element.offsetHeight };
  }

  /** @param {string} name @param {ClassMark | null} mark */
  mark(name, mark) {
    const part = this.part(name);
    part.textContent = mark ? mark.name : "none";
    part.style.setProperty("--mark", mark ? mark.paint : "transparent");
  }

  /** @param {Cell | "loading" | "missing"} cell */
  draw(cell) {
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    const side = Math.round(THUMBNAIL * ratio);
    const context = this.thumbnail.getContext("2d");
    if (this.thumbnail.width !== side) this.thumbnail.width = this.thumbnail.height = side;
    context?.clearRect(0, 0, side, side);
    this.element.dataset.thumbnail = typeof cell === "string" ? cell : "ready";
    if (typeof cell === "string" || !context) return;
    const whole = Math.floor(side / cell.size) * cell.size; // pixels of one size: crisp
    const width = whole || side;
    context.imageSmoothingEnabled = !whole;
    const edge = Math.floor((side - width) / 2);
    context.drawImage(cell.image, cell.left, cell.top, cell.size, cell.size, edge, edge, width, width);
  }

  /**
   * @param {[number, number]} point pixels
   * @param {{width: number, height: number}} frame
   * @param {number} gap
   * @param {boolean} above
   */
  move(point, frame, gap, above) {
    const { left, top } = place(point, this.size, frame, gap, above);
    this.element.style.transform = `translate(${left}px, ${top}px)`;
  }

  hide() {
    this.element.hidden = true;
  }
}
