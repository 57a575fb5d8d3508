/**
 * The buttons above the map and on it: colour, layout, zoom.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 */

const STEP = 1.6; // zoom of a button

export class Toolbar {
  /** @param {HTMLElement} host @param {EmbeddingMap} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    this.end = new AbortController();
    const { signal } = this.end;
    host.addEventListener("change", (event) => this.choose(event), { signal });
    map.root.addEventListener("click", (event) => this.press(event), { signal });
  }

  /** @param {Set<string>} changed */
  update(changed) {
    if (!changed.has("colourBy")) return;
    for (const input of this.host.querySelectorAll("input")) {
      input.checked = input.value === this.map.view.value.colourBy;
    }
  }

  /** @param {Event} event of a radio button */
  choose(event) {
    this.map.view.set({ colourBy: /** @type {HTMLInputElement} */ (event.target).value });
  }

  /** @param {Event} event */
  press(event) {
    const action = /** @type {Element} */ (event.target).closest("button")?.dataset.do;
    const { camera } = this.map;
    if (action === "in") this.map.glideTo({ zoom: camera.zoom * STEP });
    else if (action === "out") this.map.glideTo({ zoom: camera.zoom / STEP });
    else if (action === "home") this.map.glideTo({ zoom: 1, x: camera.homeX, y: camera.homeY });
  }

  close() {
    this.end.abort();
  }
}
