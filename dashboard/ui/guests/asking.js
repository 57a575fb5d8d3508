/**
 * Sends pictures to the server, one after the other, and hears how far each is. What has been asked stays in this tab alone: until
 * it is closed or reloaded, also while another page is looked at.
 *
 * @typedef {{number: number, label: number, distance: number}} Near number: of an image, those of the map first
 * @typedef {{
 *   predicted: number | null, runnerUp: number | null, classes: [number, number, number | null][], copy: Near | null, heldOut: boolean,
 *   shown: Near[], taught: Near[], votes: [number, number][], agree: number, voters: number, percentile: number, among: number,
 *   unusual: boolean, place: [number, number] | null, kept: number, of: number, size: [number, number], picture: string,
 * }} Answer classes: label, votes, decision value of the predicted class against it; shown: the nearest on the map; taught: the
 *   nearest training images; heldOut: whether a copy is judged by who had not seen the original; votes: of the nearest training images, by class; place: in positions
 * @typedef {{number: number, file: File, state: "waiting" | "asked" | "answered" | "failed", words: string, url: string, answer: Answer | null}} Guest
 *   words: what is to be said of it meanwhile, or why it failed; url: what was asked
 * @typedef {import("../data/source.js").GuestFiles} GuestFiles
 */

import { bare, wordsOf } from "../data/columns.js";
import { counted } from "../data/numbers.js";
import { address } from "../data/source.js";

export const MOST = 8; // pictures at one time
const PATIENCE = 3000; // milliseconds until a server that has too much to do is asked again
const TRIES = 20;

/** What has been asked of each run in this tab. @type {Map<string, Guest[]>} */
const kept = new Map();
let numbers = 0;

export class Asking {
  /** @param {string} run @param {(guest: Guest) => void} onChange @param {AbortSignal} signal ends what is under way */
  constructor(run, onChange, signal) {
    this.onChange = onChange;
    this.signal = signal;
    /** @type {GuestFiles | null} */
    this.to = null;
    this.busy = false;
    /** @type {AbortController | null} of the one that is under way */
    this.current = null;
    this.of(run);
  }

  /** @param {string} run the pictures that were asked of it are there again */
  of(run) {
    /** @type {Guest[]} oldest first */
    this.guests = kept.get(run) ?? [];
    kept.set(run, this.guests);
    for (const guest of this.guests) if (guest.state === "asked") guest.state = "waiting";
  }

  /** Another map or classifier says other things of the same pictures. @param {GuestFiles | null} to */
  use(to) {
    this.to = to;
    const url = to ? bare(to.url) : "";
    for (const guest of this.guests) {
      if (guest.url !== url && guest.state === "answered") Object.assign(guest, { state: "waiting", words: "" });
    }
    this.run();
  }

  /** @param {File[]} files @returns {string} why some are left out, or "" */
  add(files) {
    const room = Math.max(MOST - this.guests.length, 0);
    for (const file of files.slice(0, room)) this.take(file);
    this.run();
    return files.length > room ? `There can be ${counted(MOST, "picture")} at one time. Take some away first.` : "";
  }

  /** @param {File} file */
  take(file) {
    const most = this.to?.most ?? 0;
    const wrong = file.size > most ? `A picture must have at most ${Math.round(most / 1e6)} MB. Got ${Math.round(file.size / 1e6)} MB.` : "";
    this.guests.push({ number: ++numbers, file, state: wrong ? "failed" : "waiting", words: wrong, url: "", answer: null });
    this.onChange(this.guests[this.guests.length - 1]);
  }

  /** @param {Guest} guest */
  remove(guest) {
    this.guests.splice(this.guests.indexOf(guest), 1);
    if (guest.state === "asked") this.current?.abort();
    guest.state = "failed";
    this.onChange(guest);
  }

  /** @param {Guest} guest that failed */
  again(guest) {
    Object.assign(guest, { state: "waiting", words: "" });
    this.onChange(guest);
    this.run();
  }

  /** Asks of those that wait, one after the other. */
  async run() {
    if (this.busy) return;
    this.busy = true;
    for (let guest = this.next(); guest; guest = this.next()) await this.ask(guest, /** @type {GuestFiles} */ (this.to));
    this.busy = false;
  }

  /** @returns {Guest | undefined} */
  next() {
    if (this.signal.aborted || !this.to || this.to.refusal) return undefined;
    return this.guests.find(({ state }) => state === "waiting");
  }

  /** @param {Guest} guest @param {GuestFiles} to */
  async ask(guest, to) {
    this.current = new AbortController();
    const signal = AbortSignal.any([this.signal, this.current.signal]);
    const known = guest.answer;
    this.say(guest, { state: "asked", words: "Sending…", url: bare(to.url) });
    try {
      const answer = await answerTo(guest.file, to, (words) => this.say(guest, { words }), signal);
      this.say(guest, { state: "answered", words: "", answer });
    } catch (error) {
      if (this.signal.aborted) Object.assign(guest, { state: "waiting", url: "", answer: known });
      else this.say(guest, { state: "failed", words: /** @type {Error} */ (error).message });
    }
  }

  /** @param {Guest} guest @param {Partial<Guest>} news */
  say(guest, news) {
    if (!this.guests.includes(guest)) return; // it was taken away meanwhile
    Object.assign(guest, news);
    this.onChange(guest);
  }
}

/**
 * @param {File} file @param {GuestFiles} to @param {(words: string) => void} tell how far it is @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 * @throws {Error} with the server's words
 */
async function answerTo(file, to, tell, signal) {
  const response = await sent(file, to, tell, signal);
  let last = null;
  for await (const line of linesOf(response)) {
    last = JSON.parse(line);
    if (last.state) tell(progressWords(last));
  }
  if (last?.answer) return last.answer;
  throw new Error(last?.error ?? "An answer must come to its end. Got a part. Try: again.");
}

/**
 * @param {File} file @param {GuestFiles} to @param {(words: string) => void} tell @param {AbortSignal} signal
 * @returns {Promise<Response>}
 */
async function sent(file, to, tell, signal) {
  const url = new URL(address(to.url));
  url.searchParams.set("session", to.session);
  for (let left = TRIES; ; left--) {
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file, signal });
    if (response.ok) return response;
    if (response.status !== 503 || !left) throw new Error(await wordsOf(response));
    tell("Many ask at this moment. It is asked again in a few seconds.");
    await new Promise((again) => setTimeout(again, PATIENCE));
    signal.throwIfAborted();
  }
}

/** @param {Response} response @yields {string} each line of it, as it comes */
async function* linesOf(response) {
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line;
    if (done) return;
  }
}

/** @param {{state: string, ahead: number, done: number, total: number, what: string}} report @returns {string} */
export function progressWords({ state, ahead, done, total, what }) {
  if (state === "waiting") return ahead > 1 ? `Waiting: number ${ahead} in the queue` : "Waiting: next in the queue";
  if (!total) return what ? `${what[0].toUpperCase()}${what.slice(1)}…` : "Looking at it…";
  return `Computed once for all pictures: ${done} of ${total} ${what}`;
}
