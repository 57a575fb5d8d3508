/**
 * The images that the classifier in use fixes, and those that it breaks: how many of each against what, and, once one is asked
 * for, only these, marked by a triangle upwards or downwards.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "lighting" | "appearance" | "flips" | "marks">} Needs
 * @typedef {import("../render/overlay.js").Mark} Mark
 */

import { closest, button, element, write } from "../dom/element.js";
import { countOf } from "../state/lit_rows.js";
import { thousands } from "../data/numbers.js";
import { kindsOf, KINDS } from "../rows/flip_rows.js";
import { rowsOf } from "../state/selection.js";

/** @type {Record<string, {sign: string, shape: "up" | "down", words: string}>} */
const LOOKS = {
  fixed: { sign: "▲", shape: "up", words: "wrong there, right here" },
  broke: { sign: "▼", shape: "down", words: "right there, wrong here" },
};

export class Flips {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    this.against = element("span", { class: "flips-against" });
    this.buttons = KINDS.map((kind) => button({ "data-do": "flips", "data-kind": kind }, element("i", { "aria-hidden": "true" }, LOOKS[kind].sign), element("span")));
    host.setAttribute("role", "group");
    host.hidden = true;
    host.replaceChildren(this.against, ...this.buttons);
    host.addEventListener("click", (event) => this.press(closest(event, "button")?.dataset.kind));
    /** What the marks were made for, and they. @type {{key: unknown[], marks: Mark[]}} */
    this.made = { key: [], marks: [] };
  }

  /** @param {string | undefined} kind */
  press(kind) {
    const before = kindsOf(this.map.view.value.flips);
    const after = KINDS.filter((one) => (one === kind) !== before.includes(one));
    this.map.view.set({ flips: after.length === 2 ? "both" : (after[0] ?? "") });
  }

  update() {
    const { known } = this.map.flips;
    const label = this.map.rows.data.flips?.label ?? "";
    const chosen = kindsOf(this.map.view.value.flips);
    const { correct, wrong } = this.map.appearance.paints;
    this.host.style.setProperty("--fixed", correct);
    this.host.style.setProperty("--broke", wrong);
    this.host.hidden = !known;
    const counts = KINDS.map((kind) => (known ? countOf(known[kind]) : 0));
    write(this.against, `Against ${label}`);
    this.against.title = this.host.ariaLabel = `Against ${label}`;
    this.buttons.forEach((one, i) => {
      write(/** @type {Element} */ (one.lastElementChild), `${thousands(counts[i])} ${KINDS[i]}`);
      one.title = `Only the images that were ${LOOKS[KINDS[i]].words}`;
      one.disabled = !counts[i] && !chosen.includes(KINDS[i]);
      one.setAttribute("aria-pressed", String(chosen.includes(KINDS[i])));
    });
    this.map.marks.note({ flips: known ? counts.join(".") : "" });
  }

  /** @returns {Mark[]} of those that are asked for, and lit */
  drawn() {
    const { flips, lighting, view, appearance } = this.map;
    const { known } = flips;
    const chosen = kindsOf(view.value.flips);
    if (!known || !chosen.length) return [];
    const key = [known, lighting.lit, appearance.paints, view.value.flips];
    if (!key.every((part, i) => part === this.made.key[i])) this.made = { key, marks: chosen.flatMap((kind) => this.make(kind, known[kind])) };
    return this.made.marks;
  }

  /** @param {"fixed" | "broke"} kind @param {Uint8Array} mask @returns {Mark[]} */
  make(kind, mask) {
    const { lit } = this.map.lighting;
    const { correct, wrong } = this.map.appearance.paints;
    const colour = kind === "fixed" ? correct : wrong;
    return [...rowsOf(mask)].filter((row) => lit[row] === 1).map((row) => ({ row, shape: LOOKS[kind].shape, colour }));
  }
}
