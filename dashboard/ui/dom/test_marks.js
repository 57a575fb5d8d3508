/**
 * What tests and benchmarks read of a map and nothing else does: data attributes of its root.
 *
 * @typedef {"colour" | "pinned" | "lit" | "selected" | "drawn" | "quality" | "images" | "listed" | "thumbnails" | "parts" |
 *   "hoverId" | "flips"} Mark drawn: points; quality: "coarse" or "full"; images: thumbnails on the map; listed: images beside it; thumbnails: "ready", "loading" or "failed"; parts: "ready" once the late ones are there; hoverId: the
 *   row looked at; flips: how many are fixed and how many broke
 * @typedef {"compose" | "draw" | "hover" | "select" | "gallery"} Span of time, in milliseconds: `data-draw-ms`; gallery: from
 *   the end of a gesture that selects to the first images beside the map
 */

export class TestMarks {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Partial<Record<Span, number>>} */
    this.begun = {};
  }

  /** @param {Partial<Record<Mark, string | number | null>>} values null: not there any more */
  note(values) {
    for (const [name, value] of Object.entries(values)) {
      if (value === null) delete this.root.dataset[name];
      else this.root.dataset[name] = String(value);
    }
  }

  /** @param {Span} span @param {number} time */
  begin(span, time = performance.now()) {
    this.begun[span] = time;
  }

  /** @param {Span} span whose length is noted, once for each beginning */
  end(span) {
    const begin = this.begun[span];
    if (begin !== undefined) this.root.dataset[`${span}Ms`] = (performance.now() - begin).toFixed(2);
    this.begun[span] = undefined;
  }
}
