/** The map over the whole screen; where a browser refuses that, over the whole window. */

export class FullScreen {
  /** @param {HTMLElement} root @param {AbortSignal} signal ends it @param {() => void} onChange */
  constructor(root, signal, onChange) {
    this.root = root;
    this.onChange = onChange;
    document.addEventListener("fullscreenchange", () => this.note(), { signal });
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.leaveWindow(), { signal });
    signal.addEventListener("abort", () => this.leaveWindow());
  }

  /** @returns {boolean} */
  get isFull() {
    const within = /** @type {ShadowRoot | Document} */ (this.root.getRootNode());
    return within.fullscreenElement === this.root || this.root.dataset.full === "window";
  }

  async toggle() {
    if (!this.isFull) await this.enter();
    else if (document.fullscreenElement) await document.exitFullscreen();
    else this.leaveWindow();
  }

  async enter() {
    try {
      await this.root.requestFullscreen();
    } catch {
      this.root.dataset.full = "window"; // refused: embedded pages, some phones
      this.onChange();
    }
  }

  leaveWindow() {
    if (this.root.dataset.full !== "window") return;
    delete this.root.dataset.full;
    this.onChange();
  }

  note() {
    if (this.isFull) this.root.dataset.full = "screen";
    else delete this.root.dataset.full;
    this.onChange();
  }
}
