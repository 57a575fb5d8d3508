/** How pictures come in: dropped on the map, pasted, chosen, or photographed. */

import { button, element } from "../dom/element.js";

/** @param {DataTransfer | null} data @returns {boolean} whether there are files in what is dragged or pasted */
function hasFiles(data) {
  return Boolean(data?.types.includes("Files"));
}

export class Intake {
  /**
   * @param {HTMLElement} root of the map: what is dropped anywhere on it counts
   * @param {HTMLElement} frame over which the drop is announced
   * @param {(files: File[]) => void} onFiles @param {AbortSignal} signal ends it
   */
  constructor(root, frame, onFiles, signal) {
    this.onFiles = onFiles;
    this.open = false; // whether pictures are taken
    this.over = element("p", { class: "guest-drop", hidden: true }, "Drop it: what does this run make of it?");
    frame.append(this.over);
    this.chooser = this.input({ multiple: true });
    this.camera = this.input({ capture: "environment" });
    this.buttons = element(
      "div",
      { class: "guest-intake" },
      button({ "data-do": "choose" }, "Choose pictures"),
      button({ "data-do": "photograph" }, "Take a photograph"),
      this.chooser,
      this.camera,
    );
    this.buttons.addEventListener("click", ({ target }) => {
      const what = target instanceof HTMLElement ? target.dataset.do : "";
      if (what === "choose") this.chooser.click();
      if (what === "photograph") this.camera.click();
    });
    for (const kind of /** @type {const} */ (["dragenter", "dragover", "dragleave", "drop"])) {
      root.addEventListener(kind, (event) => this.drag(event), { signal });
    }
    document.addEventListener("paste", (event) => this.paste(event), { signal });
  }

  /** @param {Record<string, string | boolean>} also @returns {HTMLInputElement} */
  input(also) {
    const kinds = "image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff,image/avif"; // a phone turns others into the first
    const made = element("input", { type: "file", accept: kinds, hidden: true, ...also });
    made.addEventListener("change", () => {
      this.take(made.files);
      made.value = ""; // the same picture may be chosen again
    });
    return made;
  }

  /** @param {DragEvent} event */
  drag(event) {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault(); // else the browser opens the file, and leaves the page
    if (event.type === "drop") this.take(event.dataTransfer?.files);
    const away = event.type === "dragleave" && !(event.relatedTarget instanceof Node && this.over.parentElement?.contains(event.relatedTarget));
    this.over.hidden = !this.open || event.type === "drop" || away;
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const target = event.composedPath()[0];
    const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (!hasFiles(event.clipboardData) || (typing && event.clipboardData?.types.includes("text/plain"))) return;
    event.preventDefault();
    this.take(event.clipboardData?.files);
  }

  /** @param {FileList | null | undefined} files */
  take(files) {
    if (this.open && files?.length) this.onFiles([...files]);
  }
}
