/**
 * Images by their number, fetched and decoded before they are looked at.
 *
 * @typedef {{image: HTMLImageElement, state: "loading" | "ready" | "missing", come: Promise<void>}} Picture
 */

import { element } from "../dom/element.js";

const KEPT = 60;
const SMALL = 64; // pixels: up to here each pixel is shown as a square

export class Pictures {
  /** @param {"large" | "small"} scale */
  constructor(scale) {
    this.scale = scale;
    this.url = "";
    /** @type {Map<number, Picture>} least recently wanted first */
    this.kept = new Map();
  }

  /** @param {string} url of all images */
  of(url) {
    if (url.split("?")[0] !== this.url.split("?")[0]) this.kept.clear();
    this.url = url;
  }

  /** @param {number[]} numbers the most wanted first */
  want(numbers) {
    for (const number of numbers) this.get(number);
  }

  /** @param {number} number @returns {Picture} */
  get(number) {
    const found = this.kept.get(number) ?? this.#load(number);
    this.kept.delete(number);
    this.kept.set(number, found);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
    return found;
  }

  /** @param {number} number @returns {Picture} */
  #load(number) {
    const url = new URL(this.url);
    url.searchParams.set("row", String(number));
    url.searchParams.set("scale", this.scale);
    const image = element("img", { src: url.href, alt: "", draggable: "false" });
    /** @type {Picture} */
    const picture = { image, state: "loading", come: Promise.resolve() };
    picture.come = image.decode().then(
      () => {
        image.classList.toggle("pixels", Math.max(image.naturalWidth, image.naturalHeight) <= SMALL);
        picture.state = "ready";
      },
      () => {
        picture.state = "missing";
        this.kept.delete(number); // asked for again where it is looked at again
      },
    );
    return picture;
  }
}
