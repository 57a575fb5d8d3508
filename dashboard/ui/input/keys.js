/**
 * What each key does on the map; buttons do the same.
 *
 * @typedef {import("../map/embedding_map.js").EmbeddingMap} EmbeddingMap
 */

const STEP = 1.6; // zoom of a key

/** @type {Record<string, [number, number]>} y upwards */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @type {Record<string, (map: EmbeddingMap) => void>} */
const ACTIONS = {
  "+": (map) => map.travel.zoomBy(STEP),
  "=": (map) => map.travel.zoomBy(STEP),
  "-": (map) => map.travel.zoomBy(1 / STEP),
  0: (map) => map.travel.home(),
  v: (map) => map.useTool("point"),
  b: (map) => map.useTool("box"),
  l: (map) => map.useTool("lasso"),
  s: (map) => map.hovered >= 0 && map.select([map.hovered], "add"),
  i: (map) => map.view.set({ images: !map.view.value.images }),
  g: (map) => map.view.set({ layout: map.view.value.layout === "grid" ? "scatter" : "grid" }),
  f: (map) => map.screen.toggle(),
  "?": (map) => map.toggleHelp(),
};

/**
 * @param {EmbeddingMap} map
 * @param {string} key
 * @returns {boolean} whether it means something here
 */
export function press(map, key) {
  const known = Object.hasOwn(ACTIONS, key);
  if (known) ACTIONS[key](map);
  return known;
}

/**
 * @param {EmbeddingMap} map
 * @param {KeyboardEvent} event
 * @param {{walk: (dx: number, dy: number) => void, pin: () => void, back: () => void}} hands
 * @returns {boolean} whether the key means something here
 */
export function pressed(map, event, { walk, pin, back }) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if ((event.ctrlKey || event.metaKey) && key === "a") map.selectLit();
  else if (event.ctrlKey || event.metaKey || event.altKey) return false;
  else if (ARROWS[key]) walk(...ARROWS[key]);
  else if (key === "Enter" || key === " ") pin();
  else if (key === "Escape") back();
  else return press(map, key);
  return true;
}
