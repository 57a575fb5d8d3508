/**
 * Where the guests lie on the map: a button each, in the colour of its predicted class, hollow where it is unusual.
 *
 * @typedef {import("./asking.js").Guest} Guest
 * @typedef {import("../space/camera.js").Camera} Camera
 */

import { button, element } from "../dom/element.js";

export class Spots {
  /** @param {HTMLElement} frame of the stage @param {(guest: Guest) => void} onPress */
  constructor(frame, onPress) {
    this.onPress = onPress;
    this.host = element("div", { class: "guest-spots" });
    /** @type {Map<Guest, HTMLElement>} */
    this.made = new Map();
    frame.append(this.host);
  }

  /**
   * @param {Guest[]} guests those that have a place @param {Guest | null} active
   * @param {(guest: Guest) => {paint: string, words: string}} look
   */
  show(guests, active, look) {
    for (const [guest, spot] of this.made) {
      if (guests.includes(guest)) continue;
      spot.remove();
      this.made.delete(guest);
    }
    for (const guest of guests) {
      const spot = this.made.get(guest) ?? this.make(guest);
      const { paint, words } = look(guest);
      spot.style.setProperty("--mark", paint);
      spot.setAttribute("aria-label", words);
      spot.title = words;
      spot.dataset.hollow = String(guest.answer?.unusual ?? false);
      spot.setAttribute("aria-pressed", String(guest === active));
    }
  }

  /** @param {Guest} guest @returns {HTMLElement} */
  make(guest) {
    const spot = button({ class: "guest-spot" }, element("span", { class: "guest-dot" }));
    spot.addEventListener("click", () => this.onPress(guest));
    this.made.set(guest, spot);
    this.host.append(spot);
    return spot;
  }

  /** The camera has moved. @param {Camera} camera */
  move(camera) {
    for (const [{ answer }, spot] of this.made) {
      if (!answer?.place) continue;
      const [left, top] = camera.toScreen(...answer.place);
      spot.hidden = left < 0 || top < 0 || left > camera.width || top > camera.height;
      spot.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    }
  }
}
