/**
 * One more column of numbers that the map can be coloured by, fetched when somebody chooses it.
 *
 * @typedef {import("./embedding_map.js").EmbeddingMap} EmbeddingMap
 */

const COLOURS = ["true", "predicted", "correct", "margin"];

export class ExtraColumn {
  /** @param {EmbeddingMap} map */
  constructor(map) {
    this.map = map;
  }

  /** What the points can be coloured by. @returns {string[]} */
  get colours() {
    const { extra } = this.map.data;
    return extra ? [...COLOURS, extra.name] : COLOURS;
  }

  /** @returns {boolean} whether it is chosen and not there yet; it is asked for then */
  awaited() {
    const { data, view, source } = this.map;
    if (!data.extra || view.value.colourBy !== data.extra.name) return false;
    source.requestExtra(data);
    return !source.extra;
  }

  /** @returns {import("./scales.js").Extra | null} */
  get column() {
    const { extra } = this.map.data;
    const values = this.map.source.extra;
    if (!extra || !values) return null;
    const { name, title, low, high, words, paint, above } = extra;
    return { name, title, values, top: high, range: [low, high], stops: this.map.paints()[paint], words, above };
  }

  /** It could not be loaded: the true classes are there in any case. */
  giveUp() {
    if (this.map.view.value.colourBy === this.map.data.extra?.name) this.map.view.set({ colourBy: COLOURS[0] });
  }
}
