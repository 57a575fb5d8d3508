/**
 * Suspects, one large at a time and a strip of what comes. A key is applied at once here and sent afterwards: no script runs.
 *
 * @typedef {import("../verdicts/known.js").Said} Said
 * @typedef {import("./keys.js").Act} Act
 * @typedef {import("../map/capabilities.js").Send} Send
 * @typedef {{number: number, given: number, suggested: number, score: number, name: string, split: string,
 *   copies: import("../evidence/copies.js").Copies | null}} Item number: of all images of the data set; given, suggested: labels, -1 for
 *   no class; score: held-out margin; copies: of the same picture
 * @typedef {{run: string, dataset: string, items: {number: number[], given: number[], suggested: number[], score: number[],
 *   name: string[], split: string[]}, copies: import("../evidence/copies.js").Told | null, start: number, total: number, names: string[], colours: string[], images: string, evidence: string,
 *   verdicts: string, judge: string, who: string, shut?: string, expected: {value: number, low: number, high: number} | null}} Data items: the first of
 *   `total` that pass the filter; start: the place of the first that is not judged; who: the viewer where signed in, else "";
 *   shut: why nothing can be judged here; "" where it can
 */

import { thousands } from "../data/numbers.js";
import { address } from "../data/source.js";
import { element, find, write } from "../dom/element.js";
import { Batch } from "./batch.js";
import { copiesOf } from "../evidence/copies.js";
import { Evidence } from "../evidence/evidence.js";
import { Judging } from "../verdicts/judging.js";
import { HELP, meaning } from "./keys.js";
import { askName } from "../verdicts/name.js";
import { Panel } from "./panel.js";
import { Pictures } from "../evidence/pictures.js";
import { Place } from "./place.js";
import { showProgress } from "./progress.js";
import { ask } from "./question.js";
import { Saying } from "./saying.js";
import { AFTER, Strip } from "./strip.js";

const AHEAD = 6; // images that are loaded large before they are looked at

export class Deck {
  turn = 0;
  at = 0;
  /** @type {Item[]} */
  items = [];

  /** @param {HTMLElement} root @param {Data} data */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.end = new AbortController();
    this.large = new Pictures("large");
    this.small = new Pictures("small");
    this.judging = this.judge();
    this.saying = new Saying(root, this);
    this.panel = new Panel(root, (act) => this.saying.act(act));
    this.strip = new Strip(find(root, ".strip"), this.small, (at) => this.go(at));
    this.evidence = new Evidence(find(root, ".evidence"), this.small, {
      go: (number) => this.go(this.placed(number) ?? this.at),
      relabel: (label) => this.saying.act(label),
      said: (number) => this.judging.known.of(number),
    });
    this.batch = new Batch(find(root, ".foot"), (what, text) => this.saying.all(what, text));
    this.place = new Place(this);
    find(root, ".help").append(element("dl", {}, ...HELP.map(([key, words]) => element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, words)))));
    find(root, ".retry").addEventListener("click", () => this.judging.outbox.retry());
    window.addEventListener("keydown", (event) => this.key(event), { signal: this.end.signal });
  }

  /** @returns {Judging} */
  judge() {
    return new Judging(this.data, { changed: () => this.drawn && this.changed(), turned: (images, kind) => this.saying.turned(images, kind) });
  }

  /** @param {Data} data @param {Send} send */
  update(data, send) {
    const [before, { dataset }] = [this.items[this.at]?.number, this.data];
    this.data = data;
    this.send = send;
    if (data.dataset !== dataset) {
      this.judging.close();
      this.judging = this.judge();
    }
    this.judging.place = data;
    this.root.toggleAttribute("data-shut", Boolean(data.shut));
    find(this.root, ".shut").hidden = !data.shut;
    write(find(this.root, ".shut"), data.shut ?? "");
    this.items = itemsOf(data);
    this.at = this.placed(this.place.wish(), before) ?? data.start;
    for (const pictures of [this.large, this.small]) pictures.of(address(data.images));
    this.panel.open(data.names, data.colours);
    if (!this.drawn || data.who !== this.who) askName(find(this.root, ".as"), data.who);
    this.who = data.who;
    const isNew = !this.drawn;
    this.drawn = true;
    if (isNew || data.dataset !== dataset) this.judging.begin();
    this.show();
    this.place.soon();
    return ++this.turn;
  }

  /** @param {...(number | null | undefined)} numbers of images, the most wanted first @returns {number | undefined} where the first is that is listed */
  placed(...numbers) {
    return numbers.map((number) => this.items.findIndex((item) => item.number === number)).find((at) => at >= 0);
  }

  close() {
    this.end.abort();
    this.evidence.close();
    this.judging.close();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const act = meaning(event, this.data.names.length);
    if (act === null) return;
    event.preventDefault();
    this.saying.act(act);
  }

  /** @returns {Item | undefined} what is looked at */
  get item() {
    return this.items[this.at];
  }

  /** @param {number} at */
  go(at) {
    this.at = Math.min(Math.max(0, at), Math.max(0, this.items.length - 1));
    this.show();
    this.place.soon();
  }

  /** Goes on to what is not judged yet; where all is, to the next one. */
  advance() {
    const { items, at, judging } = this;
    const open = items.findIndex(({ number }, i) => i > at && !judging.known.of(number).verdict);
    if (open < 0 && at >= items.length - 1) return this.changed();
    this.go(open < 0 ? at + 1 : open);
  }

  show() {
    const { item } = this;
    this.root.classList.toggle("none", !item);
    this.root.dataset.number = String(item?.number ?? "");
    if (!item) return this.changed();
    this.picture(item);
    this.large.want(this.items.slice(this.at + 1, this.at + 1 + AHEAD).map(({ number }) => number));
    this.small.want(this.items.slice(this.at, this.at + 2 * AFTER).map(({ number }) => number));
    const { total } = this.data;
    const more = total > this.items.length ? `, the first of ${thousands(total)}` : "";
    write(find(this.root, ".name"), item.name);
    write(find(this.root, ".where"), `${item.split}, ${thousands(this.at + 1)} of ${thousands(this.items.length)}${more}`);
    const evidence = this.data.evidence && address(this.data.evidence);
    this.evidence.show(item, { ...this.data, evidence }, (number) => this.placed(number) !== undefined);
    this.changed();
  }

  /** @param {Item} item */
  picture(item) {
    const place = find(this.root, ".picture");
    const { image, state, come } = this.large.get(item.number);
    const put = () => {
      if (this.item?.number !== item.number) return;
      image.alt = `${item.name}, given ${this.data.names[item.given] ?? "no class"}`;
      place.replaceChildren(image);
      this.root.dataset.shown = String(item.number);
    };
    if (state === "ready") return put();
    place.replaceChildren(element("span", { class: "waiting" }, "Loading"));
    come.then(() => {
      if (this.item?.number !== item.number) return;
      if (image.naturalWidth) return put();
      place.replaceChildren(element("span", { class: "waiting" }, "This image could not be loaded."));
      this.root.dataset.shown = String(item.number); // it can be judged by its name
    });
  }

  /** @returns {boolean} whether the image that is looked at is there: what nobody has seen, nobody judges */
  get isSeen() {
    return this.root.dataset.shown === this.root.dataset.number;
  }

  /** What was said, or what waits to be saved, is another. */
  changed() {
    const { item, items, data, judging, root } = this;
    const { known, outbox } = judging;
    showProgress(find(root, ".progress"), known.tally(), data.expected, outbox.waiting.length);
    const trouble = find(root, ".trouble");
    trouble.hidden = !judging.trouble;
    write(find(trouble, ".words"), judging.trouble);
    ask(find(root, ".question"), outbox.asking, (number) => this.nameOf(number), {
      drop: (action) => outbox.drop(action),
      insist: (action) => outbox.insist(action),
    });
    this.strip.show(items, this.at, ({ number }) => known.of(number), data.names);
    this.panel.enable({ back: this.at > 0, next: this.at < items.length - 1 });
    if (item) this.panel.show(item, known.of(item.number), by(known.saved(item.number), judging.who), data);
    this.batch.of(items.length, data.names, known.tags());
    Object.assign(root.dataset, { waiting: outbox.waiting.length, loaded: known.change >= 0, at: this.at });
  }

  /** @param {number} number @returns {string} */
  nameOf(number) {
    return this.items.find((item) => item.number === number)?.name ?? `image ${thousands(number)}`;
  }

  /** @param {string} words for those who cannot see it */
  speak(words) {
    write(find(this.root, ".spoken"), words);
  }
}

/** @param {import("../verdicts/known.js").Judged} saved @param {string} me @returns {string} who else has judged it; "" for nobody */
function by({ who, verdict }, me) {
  return verdict && who !== me ? who : "";
}

/** @param {Data} data @returns {Item[]} */
function itemsOf({ items, copies }) {
  const { number, given, suggested, score, name, split } = items;
  return number.map((one, i) => ({ number: one, given: given[i], suggested: suggested[i], score: score[i], name: name[i], split: split[i], copies: copiesOf(copies, one, i) }));
}
