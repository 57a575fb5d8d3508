/**
 * A value that both the viewer and the server can change. The page does not wait for the server, and its answers to
 * earlier choices are ignored, so that quick clicks do not flicker back.
 *
 * @template T
 */
export class Echo {
  /** @param {T} value */
  constructor(value) {
    this.value = value;
    this.heard = value;
    /** @type {T[]} choices the server has not answered yet */
    this.pending = [];
  }

  /** The viewer chose. @param {T} value */
  choose(value) {
    this.pending.push(value);
    this.value = value;
  }

  /** The server says. @param {T} value @returns {boolean} whether the value changed */
  hear(value) {
    const news = value !== this.heard;
    this.heard = value;
    if (value === this.value) this.pending = [];
    if (value === this.value || !news) return false;
    const answered = this.pending.indexOf(value);
    this.pending = answered < 0 ? [] : this.pending.slice(answered + 1);
    if (this.pending.length) return false;
    this.value = value;
    return true;
  }
}
