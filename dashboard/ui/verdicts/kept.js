/**
 * Keeps what is not saved yet in the browser, so that a reload or a crash loses nothing. Each action has an entry of its own: tabs
 * do not overwrite each other.
 *
 * @typedef {import("./known.js").Judged} Judged
 * @typedef {import("./known.js").Changes} Changes
 * @typedef {{id: string, at: number, words: string, after: Changes, basedOn: Record<string, number>, kind: "record" | "undo" | "redo",
 *   conflict?: Record<string, Judged>, refused?: string}} Action id: no other has it; at: when, and in which order; after: what is said of
 *   each image from now on, of an undo as far as this tab knows it; basedOn: the version of each image that was on the screen; kind: undo
 *   and redo are of this person's latest; conflict: what somebody else has said meanwhile; refused: why the server will never take it
 */

export class Kept {
  /** @param {string} name of the data set @param {() => void} onFailure called where the browser keeps nothing */
  constructor(name, onFailure) {
    this.prefix = `lazybones.verdict.${name}.`;
    this.onFailure = onFailure;
  }

  /** @returns {Action[]} what an earlier visit left, in its order */
  all() {
    /** @type {Action[]} */
    const found = [];
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(this.prefix)) continue;
        const action = read(localStorage.getItem(key));
        if (action) found.push(action);
      }
    } catch {
      this.onFailure();
    }
    return found.sort((a, b) => a.at - b.at);
  }

  /** @param {Action} action */
  put(action) {
    try {
      localStorage.setItem(this.prefix + action.id, JSON.stringify(action));
    } catch {
      this.onFailure();
    }
  }

  /** @param {Action} action */
  drop(action) {
    try {
      localStorage.removeItem(this.prefix + action.id);
    } catch {
      this.onFailure();
    }
  }
}

/** @param {string | null} text @returns {Action | null} */
function read(text) {
  try {
    const action = JSON.parse(text ?? "");
    return typeof action?.id === "string" && Array.isArray(action.after) && action.basedOn ? action : null;
  } catch {
    return null;
  }
}
