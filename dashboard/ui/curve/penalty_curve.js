/**
 * Accuracy against C as a slider: numbers, confusion matrix and the images that change sides follow its thumb, without the server.
 * Python hears of a C when it is let go.
 *
 * @typedef {import("./stored.js").Said} Said
 * @typedef {import("../widgets/matrix_drawing.js").Colours} Colours
 * @typedef {import("../map/capabilities.js").Send} Send
 * @typedef {{C: number, name: string, title: string, said: Said | null, right: number | null, train: number | null,
 *   validation: [number, number] | null, support: string, live: boolean}} Stop one value of C; name: the number in words; title: the
 *   whole setting; said, right (images) and train (a share): null where it is not fitted; validation: mean and standard error
 * @typedef {{C: number | null, name: string, said: Said}} Before what is compared with; C: null where it is not on this curve
 * @typedef {{run: string, n: number, names: string[], labels: string, sheets: import("../render/atlas.js").Sheets | null, stops: Stop[],
 *   C: number, own: number | null, best: number | null, before: Before,
 *   suggestion: {C: number, words: string, urged: boolean} | null, called: {test: string, train: string, validation: string}, measured: string,
 *   judged: string, where?: string, refusal?: string, colours: {light: Omit<Colours, "font">, dark: Omit<Colours, "font">}}} Data stops: ascending; C: where the
 *   thumb stands; own: the run's; best: the cross-validated one; suggestion: what to compare the baseline itself with; urged: and to use;
 *   refusal: why nothing is fitted for this viewer, or ""
 */

import { find, write } from "../dom/element.js";
import { readTheme } from "../render/theme.js";
import { Echo } from "../session/echo.js";
import { drawChart, sharesOf } from "./chart.js";
import { Comparison } from "./comparison.js";
import { listenToHands, listenToKeys } from "./drag.js";
import { drawLegend } from "./legend.js";
import { Panel, spoken } from "./panel.js";
import { Scales } from "./scale.js";
import { showMatrix } from "./small_matrix.js";
import { Stored } from "./stored.js";

const ROOM = { left: 52, right: 14, top: 40, bottom: 34 }; // pixels around the curves

export class PenaltyCurve {
  turn = 0;
  send = /** @type {Send} */ (() => {});
  /** @type {Scales | null} */
  scales = null;

  /** @param {HTMLElement} root @param {Data} data */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.chosen = new Echo(data.C);
    this.at = Math.max(0, this.penalties.indexOf(data.C)); // the place of the thumb
    this.plot = find(root, ".plot");
    this.thumb = find(root, ".thumb");
    this.panel = new Panel(find(root, ".panel"), () => this.choose());
    this.comparison = new Comparison(find(root, ".change"), {
      open: (row) => this.send("opened", row),
      use: (C) => {
        this.move(this.penalties.indexOf(C));
        this.choose();
      },
      all: (kind) => {
        this.send("group", kind);
        document.querySelector(".st-key-flipped")?.scrollIntoView({ behavior: "smooth" });
      },
    });
    this.stored = new Stored((error) => this.arrived(error));
    this.listen();
    this.resizing = new ResizeObserver(() => this.lay());
    this.resizing.observe(this.plot);
  }

  listen() {
    const moves = {
      to: (/** @type {number} */ x) => this.scales && this.move(this.scales.nearest(x, this.penalties)),
      step: (/** @type {number} */ by) => this.move(this.at + by),
      end: () => this.choose(),
      back: () => this.move(this.penalties.indexOf(this.chosen.value)),
    };
    listenToHands(this.plot, moves);
    listenToKeys(this.thumb, moves);
  }

  /** @returns {number[]} */
  get penalties() {
    return this.data.stops.map(({ C }) => C);
  }

  /** @param {Data} data @param {Send} send */
  update(data, send) {
    const held = this.at === this.penalties.indexOf(this.chosen.value) ? null : this.penalties[this.at];
    [this.data, this.send] = [data, send];
    this.chosen.hear(data.C);
    this.at = Math.max(0, this.penalties.indexOf(held ?? this.chosen.value)); // whoever drags goes on
    this.paint();
    this.comparison.open(data);
    this.fetch();
    this.lay();
    return ++this.turn;
  }

  close() {
    this.resizing.disconnect();
    this.comparison.close();
  }

  paint() {
    const colours = this.data.colours[readTheme(this.root).dark ? "dark" : "light"];
    for (const [name, colour] of Object.entries(colours)) this.root.style.setProperty(`--${name}`, colour);
    this.colours = { ...colours, font: getComputedStyle(this.root).fontFamily };
    drawLegend(find(this.root, ".legend"), this.data);
  }

  fetch() {
    const { stops, before, labels, n, names } = this.data;
    const near = stops.toSorted((a, b) => Math.abs(Math.log(a.C / this.data.C)) - Math.abs(Math.log(b.C / this.data.C)));
    const wanted = near.flatMap(({ said }) => (said ? [said] : []));
    this.stored.want(labels, [before.said, ...wanted], n, names.length > 255);
  }

  /** @param {Error} [error] */
  arrived(error) {
    const trouble = find(this.root, ".trouble");
    trouble.hidden = !error;
    write(trouble, error ? `What a classifier says could not be loaded: ${error.message}` : "");
    this.root.dataset.loaded = String(this.stored.answers.size);
    this.show();
  }

  /** The chart has another size, or other content. */
  lay() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!width || !height) return;
    this.scales = new Scales(this.penalties, sharesOf(this.data), { width, height, ...ROOM });
    drawChart(/** @type {SVGElement} */ (/** @type {unknown} */ (find(this.root, "svg"))), this.data, this.scales);
    this.show();
  }

  /** @param {number} at */
  move(at) {
    const within = Math.min(this.data.stops.length - 1, Math.max(0, at));
    if (within === this.at) return;
    this.at = within;
    this.show();
  }

  /** What is under the thumb is to be used. */
  choose() {
    const C = this.penalties[this.at];
    if (C === this.chosen.value || (this.data.refusal && this.data.stops[this.at].right === null)) return;
    this.chosen.choose(C);
    this.send("picked", C);
    this.show();
  }

  show() {
    const stop = this.data.stops[this.at];
    if (!stop || !this.scales) return;
    this.place(stop);
    this.panel.show(this.data, stop, stop.C === this.chosen.value && stop.right !== null);
    this.comparison.show(this.data, stop, this.stored);
    if (this.colours) showMatrix(find(this.root, ".matrix"), this.data.names, stop, this.stored, this.colours);
    this.root.dataset.shown = String(stop.C);
  }

  /** @param {Stop} stop */
  place(stop) {
    const { scales, data, thumb } = this;
    if (!scales) return;
    const { bottom, height, top } = scales.frame;
    thumb.style.transform = `translateX(${scales.x(stop.C)}px)`;
    thumb.style.setProperty("--top", `${top}px`);
    thumb.style.setProperty("--bottom", `${bottom}px`);
    thumb.style.setProperty("--knob", `${stop.right === null ? height - bottom : scales.y(stop.right / data.n)}px`);
    write(find(thumb, ".pill"), `C = ${stop.name}`);
    const said = { "aria-valuemax": data.stops.length - 1, "aria-valuenow": this.at, "aria-valuetext": spoken(data, stop) };
    for (const [name, value] of Object.entries(said)) thumb.setAttribute(name, String(value));
  }
}
