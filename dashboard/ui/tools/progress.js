/** Says that something is prepared, for how long already, and how it ended. */

import { button, element, icon } from "../dom/element.js";

const CLOSE = "M4 4l8 8M12 4l-8 8";
const STAYS = 8000; // ms that good news is shown

export class Progress {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.words = element("span", { role: "status" });
    this.seconds = element("span", { class: "progress-seconds", "aria-hidden": "true" }); // no need to hear each
    this.stop = button({ class: "progress-stop" });
    this.clock = 0;
    this.onStop = () => {};
    this.stop.addEventListener("click", () => this.onStop());
    host.append(element("i", { class: "progress-mark", "aria-hidden": "true" }), this.words, this.seconds, this.stop);
    this.clear();
  }

  /** @param {string} words @param {() => void} onCancel */
  begin(words, onCancel) {
    this.show("busy", words, onCancel, "Cancel");
    const begin = performance.now();
    const tick = () => (this.seconds.textContent = `${Math.floor((performance.now() - begin) / 1000)} s`);
    tick();
    this.clock = setInterval(tick, 1000);
  }

  /** @param {"done" | "failed"} state @param {string} words */
  end(state, words) {
    this.show(state, words, () => this.clear(), icon(CLOSE));
    this.stop.setAttribute("aria-label", "Dismiss");
    if (state === "done") this.clock = setTimeout(() => this.clear(), STAYS);
  }

  /** @param {string} state @param {string} words @param {() => void} onStop @param {Node | string} face */
  show(state, words, onStop, face) {
    this.clear();
    this.onStop = onStop;
    this.stop.replaceChildren(face);
    this.host.dataset.state = state;
    this.host.hidden = false;
    this.words.textContent = words;
  }

  clear() {
    clearTimeout(this.clock); // of intervals too
    this.host.hidden = true;
    this.stop.removeAttribute("aria-label");
    this.words.textContent = this.seconds.textContent = "";
  }
}
