/**
 * Sends what was said to the server, one action after the other, and keeps each until the server has stored it.
 *
 * @typedef {import("./kept.js").Action} Action
 * @typedef {import("./known.js").Judged} Judged
 * @typedef {{change: number, images: Record<string, Judged>}} Answer what the images are now, and the number of the latest change
 * @typedef {{
 *   send: (action: Action) => Promise<Response>, heard: (answer: Answer, action: Action) => void, changed: () => void,
 * }} Ends send: may fail; heard: of what was stored; changed: what waits, or why, is another
 */

import { wordsOf } from "../data/columns.js";

const WAITS = [1, 2, 4, 8, 15, 30]; // seconds between two tries
const FINAL = [400, 404, 413, 422]; // the same action will not fare better
const LOST = "The server does not answer.";

export class Outbox {
  /** @param {import("./kept.js").Kept} kept @param {Ends} ends */
  constructor(kept, ends) {
    this.kept = kept;
    this.ends = ends;
    this.waiting = kept.all();
    this.trouble = "";
    this.failures = 0;
    this.busy = false;
    this.timer = 0;
    this.last = 0;
  }

  /** @param {Omit<Action, "id" | "at">} said @returns {Action} */
  add(said) {
    this.last = Math.max(Date.now(), this.last + 1);
    const action = { id: newId(), at: this.last, ...said };
    this.waiting.push(action);
    this.kept.put(action);
    if (!this.timer) this.pump(); // else the next try takes it along
    this.ends.changed();
    return action;
  }

  /** @returns {Action | undefined} the first that asks the viewer something */
  get asking() {
    return this.waiting.find(({ conflict, refused }) => conflict || refused);
  }

  /** Tries at once, for whoever has been told that it waits. */
  retry() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.pump();
  }

  /** The viewer gives an action up: what others have said stays. @param {Action} action */
  drop(action) {
    this.#remove(action);
    this.pump();
    this.ends.changed();
  }

  /** The viewer has seen what others have said, and means it all the same. @param {Action} action */
  insist(action) {
    for (const [image, { version }] of Object.entries(action.conflict ?? {})) action.basedOn[image] = version;
    delete action.conflict;
    this.kept.put(action);
    this.pump();
    this.ends.changed();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = -1; // nothing is sent any more: the next visit does
  }

  async pump() {
    if (this.busy || this.timer) return;
    this.busy = true;
    for (let action = this.#next(); action && !this.timer; action = this.#next()) await this.#try(action);
    this.busy = false;
  }

  /** @returns {Action | undefined} the first that no question stands before */
  #next() {
    /** @type {Set<string>} */
    const held = new Set();
    for (const action of this.waiting) {
      const images = Object.keys(action.basedOn);
      if (!action.conflict && !action.refused && !images.some((image) => held.has(image))) return action;
      for (const image of images) held.add(image);
    }
    return undefined;
  }

  /** @param {Action} action */
  async #try(action) {
    try {
      const response = await this.ends.send(action);
      if (response.ok) return this.#stored(action, await response.json());
      if (response.status === 409) return this.#contradicted(action, await response.json());
      const words = await wordsOf(response);
      if (FINAL.includes(response.status)) return this.#refused(action, words);
      this.#later(words);
    } catch {
      this.#later(LOST);
    }
  }

  /** @param {Action} action @param {Answer} answer */
  #stored(action, answer) {
    this.#remove(action);
    [this.trouble, this.failures] = ["", 0];
    for (const later of this.waiting) this.#rebase(later, answer);
    this.ends.heard(answer, action);
    this.ends.changed();
  }

  /** What was said later was said of what is stored now. @param {Action} later @param {Answer} answer */
  #rebase(later, { images }) {
    const shared = Object.keys(later.basedOn).filter((image) => images[image]);
    if (!shared.length) return;
    for (const image of shared) later.basedOn[image] = images[image].version;
    this.kept.put(later);
  }

  /** @param {Action} action @param {Answer} answer */
  #contradicted(action, answer) {
    action.conflict = answer.images;
    this.kept.put(action);
    [this.trouble, this.failures] = ["", 0];
    this.ends.heard(answer, action);
    this.ends.changed();
  }

  /** @param {Action} action @param {string} words */
  #refused(action, words) {
    action.refused = words;
    this.kept.put(action);
    this.ends.changed();
  }

  /** @param {string} words */
  #later(words) {
    this.trouble = words;
    if (this.timer < 0) return;
    const wait = WAITS[Math.min(this.failures++, WAITS.length - 1)];
    this.timer = window.setTimeout(() => this.retry(), wait * 1000);
    this.ends.changed();
  }

  /** @param {Action} action */
  #remove(action) {
    this.waiting = this.waiting.filter((other) => other !== action);
    this.kept.drop(action);
  }
}

/** @returns {string} also where the page is not from `https`, and browsers offer no `randomUUID` */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
