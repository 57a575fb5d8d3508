/**
 * Takes what the viewer says of images, shows it at once, and has it saved; hears what others say meanwhile.
 *
 * @typedef {import("./known.js").Said} Said
 * @typedef {import("./known.js").Changes} Changes
 * @typedef {import("./kept.js").Action} Action
 * @typedef {import("./outbox.js").Answer} Answer
 * @typedef {{dataset: string, verdicts: string, judge: string, who: string}} Place dataset: what verdicts are of; verdicts, judge: addresses
 * @typedef {{changed: () => void, turned: (images: number[], kind: string) => void}} Ends turned: something of which this tab
 *   knew nothing was undone or redone; no images: there was nothing
 */

import { get } from "../data/columns.js";
import { address } from "../data/source.js";
import { Kept } from "./kept.js";
import { Known } from "./known.js";
import { nameHere } from "./name.js";
import { Outbox } from "./outbox.js";

const POLL = 4000; // milliseconds
const MOST_BYTES = 60_000; // that a browser sends on after a page was left

export class Judging {
  /** @param {Place} place @param {Ends} ends */
  constructor(place, ends) {
    this.place = place;
    this.ends = ends;
    this.known = new Known();
    this.unkept = false; // whether the browser keeps nothing
    /** @type {Action[]} */
    this.done = [];
    /** @type {Action[]} */
    this.undone = [];
    this.loadable = true;
    const kept = new Kept(place.dataset, () => (this.unkept = true));
    this.outbox = new Outbox(kept, {
      send: (action) => this.send(action),
      heard: (answer, action) => this.answered(answer, action),
      changed: () => this.refresh(),
    });
    this.timer = window.setInterval(() => document.visibilityState === "visible" && this.poll(), POLL);
  }

  /** Begins, once its owner is ready to hear. */
  begin() {
    this.refresh();
    this.outbox.pump();
    this.poll();
  }

  /** @returns {string} who judges here */
  get who() {
    return this.place.who || nameHere();
  }

  /** @returns {string} what is wrong; "" where nothing is */
  get trouble() {
    const { trouble, waiting } = this.outbox;
    if (trouble) return `${trouble} Kept in this browser until it can be saved: ${waiting.length}.`;
    if (this.unkept && waiting.length) return "This browser keeps nothing: do not close the page before all is saved.";
    return this.loadable ? "" : "What was judged before could not be loaded. It is tried again.";
  }

  /**
   * @param {number[]} images @param {(said: Said, image: number) => Said} make what is said of each from now on
   * @param {string} words for people
   */
  say(images, make, words) {
    const before = /** @type {Changes} */ (images.map((image) => [image, bare(this.known.of(image))]));
    const after = /** @type {Changes} */ (before.map(([image, said]) => [image, make(said, image)]));
    const basedOn = Object.fromEntries(images.map((image) => [image, this.known.saved(image).version]));
    const action = this.outbox.add({ words, after, basedOn, kind: "record" });
    this.done.push({ ...action, after: before }); // what takes it back
    this.undone = [];
  }

  /** @param {"undo" | "redo"} kind @returns {number[] | null} the images, where this tab knows them */
  turn(kind) {
    const [from, to] = kind === "undo" ? [this.done, this.undone] : [this.undone, this.done];
    const last = from.pop();
    const stuck = last && this.outbox.waiting.find(({ id, conflict, refused }) => id === last.id && (conflict || refused));
    if (stuck) {
      this.outbox.drop(stuck);
      return last.after.map(([image]) => image);
    }
    const after = last?.after ?? [];
    const images = after.map(([image]) => image);
    const before = /** @type {Changes} */ (images.map((image) => [image, bare(this.known.of(image))]));
    const basedOn = Object.fromEntries(images.map((image) => [image, this.known.saved(image).version]));
    const words = kind === "undo" ? "Undone" : "Redone";
    const action = this.outbox.add({ words, after, basedOn, kind });
    if (!last) return null;
    to.push({ ...action, after: before });
    return images;
  }

  /** @param {Action} action @returns {Promise<Response>} */
  send({ id, kind, after, basedOn }) {
    const edits = kind === "record" ? after.map(([image, said]) => ({ image, ...said, based_on: basedOn[image] ?? 0 })) : [];
    const body = JSON.stringify({ id, kind, who: this.who, edits });
    const headers = { "Content-Type": "application/json" };
    return fetch(address(this.place.judge), { method: "POST", headers, body, keepalive: body.length < MOST_BYTES });
  }

  async poll() {
    try {
      const url = new URL(address(this.place.verdicts));
      if (this.known.change >= 0) url.searchParams.set("since", String(this.known.change));
      const answer = await (await get(url.href, { cache: "no-store" })).json();
      this.loadable = true;
      this.hear(answer);
      if (this.outbox.trouble) this.outbox.retry();
      this.refresh();
    } catch {
      if (this.known.change >= 0 || !this.loadable) return; // saving says what is wrong, if anything is
      this.loadable = false;
      this.ends.changed();
    }
  }

  /** What was changed anywhere; what this tab has said its own of meanwhile is told when that is saved. @param {Answer} answer */
  hear({ images, change }) {
    const mine = new Set(this.outbox.waiting.flatMap(({ basedOn }) => Object.keys(basedOn)));
    this.known.hear(Object.fromEntries(Object.entries(images).filter(([image]) => !mine.has(image))), change);
  }

  /** An action was saved, or contradicted. @param {Answer} answer @param {Action} action */
  answered({ images }, action) {
    this.known.hear(images, -1); // others may have changed what was not told yet
    if (action.kind !== "record" && !action.after.length) this.ends.turned(Object.keys(images).map(Number), action.kind);
  }

  refresh() {
    this.known.overlay(this.outbox.waiting.filter(({ conflict, refused }) => !conflict && !refused).map(({ after }) => after));
    this.ends.changed();
  }

  close() {
    clearInterval(this.timer);
    this.outbox.stop();
  }
}

/** @param {Said} said @returns {Said} without who said it */
function bare({ verdict, judged, tags, note }) {
  return { verdict, judged, tags, note };
}
