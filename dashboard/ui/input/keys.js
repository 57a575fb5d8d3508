/**
 * What each key does on the map; buttons do the same.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "navigation" | "tools" | "looking" | "selection" | "screen" | "frame">} Needs
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
  Enter: pin,
  " ": pin,
  Escape: back,
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
 * @param {(dx: number, dy: number) => void} walk
 * @returns {boolean} whether the key means something here
 */
export function pressed(map, event, walk) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if ((event.ctrlKey || event.metaKey) && key === "a") map.selection.selectLit();
  else if (event.ctrlKey || event.metaKey || event.altKey) return false;
  else if (ARROWS[key]) walk(...ARROWS[key]);
  else return press(map, key);
  return true;
}

/** @param {Needs} map */
function pin({ looking }) {
  if (looking.row >= 0) looking.pin(looking.row);
}

/** One step back, the latest thing first; at last out of the map. @param {Needs} map */
function back({ view, looking, selection, frame }) {
  const { selection: selected, pinned } = view.value;
  if (looking.row >= 0) looking.look(-1);
  else if (selected) selection.select(null);
  else if (pinned.length) view.set({ pinned: [] });
  else frame.stage.blur();
}
