/**
 * What each key does on the map; buttons do the same.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "navigation" | "tools" | "looking" | "selection" | "screen">} Needs
 */

const STEP = 1.6; // zoom of a key

/** @type {Record<string, [number, number]>} y upwards */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @type {Record<string, (map: Needs) => void>} */
const ACTIONS = {
  "+": (map) => map.navigation.zoomBy(STEP),
  "=": (map) => map.navigation.zoomBy(STEP),
  "-": (map) => map.navigation.zoomBy(1 / STEP),
  0: (map) => map.navigation.home(),
  v: (map) => map.tools.use("point"),
  b: (map) => map.tools.use("box"),
  l: (map) => map.tools.use("lasso"),
  s: (map) => map.looking.row >= 0 && map.selection.select([map.looking.row], "add"),
  i: (map) => map.view.set({ images: !map.view.value.images }),
  g: (map) => map.view.set({ layout: map.view.value.layout === "grid" ? "scatter" : "grid" }),
  f: (map) => map.screen.toggle(),
  "?": (map) => map.tools.toggleHelp(),
};

/**
 * @param {Needs} map
 * @param {string} key
 * @returns {boolean} whether it means something here
 */
export function press(map, key) {
  const known = Object.hasOwn(ACTIONS, key);
  if (known) ACTIONS[key](map);
  return known;
}

/**
 * @param {Needs} map
 * @param {KeyboardEvent} event
 * @param {{walk: (dx: number, dy: number) => void, pin: () => void, back: () => void}} hands
 * @returns {boolean} whether the key means something here
 */
export function pressed(map, event, { walk, pin, back }) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if ((event.ctrlKey || event.metaKey) && key === "a") map.selection.selectLit();
  else if (event.ctrlKey || event.metaKey || event.altKey) return false;
  else if (ARROWS[key]) walk(...ARROWS[key]);
  else if (key === "Enter" || key === " ") pin();
  else if (key === "Escape") back();
  else return press(map, key);
  return true;
}
