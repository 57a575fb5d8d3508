/**
 * The files of a site: scripts that hand over what they hold, since a page that is opened from a disk may read nothing else.
 * They answer what the app's server answers at the same addresses.
 *
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, media: string}} Held
 * @typedef {(held: Held, url: URL, request?: RequestInit) => BodyInit} Answer of a part of a file
 */

import { answerWith } from "../data/columns.js";

const ROOT = new URL("./", document.baseURI);

/** @type {Map<string, Promise<Held>>} by name */
const files = new Map();
/** @type {Map<string, (held: Promise<Held>) => void>} who waits for a file */
const waiting = new Map();

/** What is asked of a part of a file, by its folder. @type {Record<string, Answer>} */
const PARTS = {
  neighbours: ({ bytes }, url) => JSON.stringify(neighboursOf(bytes, rowOf(url))),
  row: ({ bytes }, url) => JSON.stringify(JSON.parse(textOf(bytes))[rowOf(url)]),
  export: ({ bytes }, _, request) => chosenLines(textOf(bytes), /** @type {Uint8Array} */ (request?.body)),
};
PARTS["export-unjudged"] = PARTS.export;

/** Takes what a file's script hands over. @param {string} name @param {string} media @param {0 | 1} deflated @param {string} text in base64 */
function take(name, media, deflated, text) {
  const held = unpacked(fromBase64(text), deflated === 1).then((bytes) => ({ bytes, media }));
  files.set(name, held);
  waiting.get(name)?.(held);
  waiting.delete(name);
}

/** @param {string} name @returns {Promise<Held>} @throws {Error} if the site has no such file */
function fileOf(name) {
  const known = files.get(name);
  if (known) return known;
  const made = new Promise((resolve, reject) => {
    waiting.set(name, resolve);
    const script = document.createElement("script");
    script.src = new URL(`${name}.js`, ROOT).href;
    script.onerror = () => {
      files.delete(name);
      reject(new Error(`A site must have all of its files. Got none at ${name}.js. Copy the whole folder.`));
    };
    script.onload = () => script.remove();
    document.head.append(script);
  });
  files.set(name, made);
  return made;
}

/** @param {string} name @returns {Promise<any>} what a file says, in JSON */
export async function read(name) {
  return JSON.parse(textOf((await fileOf(name)).bytes));
}

/** @param {string} address @param {RequestInit} [request] @returns {Promise<Response>} as a server's */
async function answer(address, request) {
  const url = new URL(address);
  const name = url.href.slice(ROOT.href.length).split(/[?#]/)[0];
  const held = await fileOf(name);
  request?.signal?.throwIfAborted();
  const part = PARTS[name.split("/")[1]];
  return new Response(part ? part(held, url, request) : held.bytes, { headers: { "Content-Type": held.media } });
}

/** From now on the modules' files come from the site. */
export function serveSite() {
  Reflect.set(window, "lazybones", { file: take });
  answerWith(answer);
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function fromBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {boolean} deflated @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function unpacked(bytes, deflated) {
  if (!deflated) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {Uint8Array} bytes @returns {string} */
function textOf(bytes) {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** @param {URL} url @returns {number} */
function rowOf(url) {
  return Number(url.searchParams.get("row"));
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {number} row @returns {{rows: number[], distances: number[]}} */
function neighboursOf(bytes, row) {
  const [n, k, size] = new Uint32Array(bytes.buffer, 0, 3);
  const places = Array.from({ length: k }, (_, i) => i * n + row);
  const rows = places.map((place) => numberAt(bytes, 12, n * k, size, place));
  let pattern = 0;
  const patterns = places.map((place) => (pattern = (pattern + numberAt(bytes, 12 + size * n * k, n * k, 4, place)) >>> 0));
  return { rows, distances: [...new Float32Array(Uint32Array.from(patterns).buffer)] };
}

/**
 * @param {Uint8Array} bytes @param {number} start @param {number} count of numbers, whose first bytes lie before their second ones
 * @param {number} size bytes of each @param {number} place @returns {number}
 */
function numberAt(bytes, start, count, size, place) {
  let number = 0;
  for (let i = size - 1; i >= 0; i--) number = number * 256 + bytes[start + i * count + place];
  return number;
}

/** @param {string} table as CSV @param {Uint8Array} bits a bit a row @returns {string} its head, and the lines of the chosen rows */
export function chosenLines(table, bits) {
  const [head, ...lines] = table.match(/(?:"(?:[^"]|"")*"|[^"\n])*\n/g) ?? [];
  return [head, ...lines.filter((_, row) => (bits[row >> 3] >> (row & 7)) & 1)].join("");
}
