/**
 * Shows small images as crisp tiles in a responsive grid, in groups; a click reports the tile's row.
 *
 * @typedef {{row: number, title: string, lines?: string[][], wrong?: boolean}} Tile
 *   lines: each a list of [text, class index or -1] pairs joined by a space
 * @typedef {{heading: string, label: number, tiles: Tile[]}} Group
 * @typedef {{sheet: {uri: string, width: number, height: number, columns: number}, groups: Group[],
 *   colours: [string, string][], size: number, columns: number, selected: number|null, action: string}} Data
 */

/** @type {WeakMap<Element, {uri: string, bitmap: Promise<ImageBitmap>}>} */
const sheets = new WeakMap();

/** @param {Element} root @param {string} uri @returns {Promise<ImageBitmap>} */
function bitmapOf(root, uri) {
  const kept = sheets.get(root);
  if (kept?.uri === uri) return kept.bitmap;
  const bitmap = decode(uri);
  sheets.set(root, { uri, bitmap });
  return bitmap;
}

/** @param {string} uri @returns {Promise<ImageBitmap>} */
async function decode(uri) {
  const bytes = Uint8Array.from(atob(uri.slice(uri.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  return createImageBitmap(new Blob([bytes], { type: "image/webp" }));
}

/**
 * @param {string} tag @param {string} className @param {string} [text]
 * @returns {HTMLElement}
 */
function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** @param {HTMLElement} target @param {[string, string]|undefined} colour */
function paint(target, colour) {
  if (!colour) return;
  target.style.setProperty("--light", colour[0]);
  target.style.setProperty("--dark", colour[1]);
  target.classList.add("class");
}

/** @param {[string, number][]} words @param {Data} data */
function lineOf(words, data) {
  const line = element("span", "line");
  for (const [text, label] of words) {
    const word = element("span", "word", text);
    paint(word, data.colours[label]);
    line.append(word, " ");
  }
  return line;
}

/** @param {Tile} tile @param {Data} data @returns {HTMLButtonElement} */
function tileOf(tile, data) {
  const button = /** @type {HTMLButtonElement} */ (element("button", tile.wrong ? "tile wrong" : "tile"));
  button.type = "button";
  button.dataset.row = String(tile.row);
  button.title = data.action ? `${tile.title}\n${data.action}` : tile.title;
  button.setAttribute("aria-label", data.action ? `${tile.title}. ${data.action}` : tile.title);
  if (data.action) button.setAttribute("aria-pressed", String(tile.row === data.selected));
  else button.classList.add("still");
  const canvas = document.createElement("canvas");
  canvas.width = data.sheet.width;
  canvas.height = data.sheet.height;
  button.append(canvas, ...(tile.lines ?? []).map((words) => lineOf(words, data)));
  return button;
}

/** @param {Group} group @param {Data} data @returns {HTMLElement} */
function groupOf(group, data) {
  const section = element("section", group.heading ? "group named" : "group");
  const grid = element("div", "grid");
  grid.append(...group.tiles.map((tile) => tileOf(tile, data)));
  if (group.heading) {
    const heading = element("h4", "heading", group.heading);
    paint(heading, data.colours[group.label]);
    heading.title = group.heading;
    section.append(heading);
  }
  section.append(grid);
  return section;
}

/** @param {HTMLCanvasElement[]} canvases @param {ImageBitmap} bitmap @param {Data["sheet"]} sheet */
function draw(canvases, bitmap, sheet) {
  const { width, height, columns } = sheet;
  canvases.forEach((canvas, i) => {
    const x = (i % columns) * width;
    const y = Math.floor(i / columns) * height;
    canvas.getContext("2d")?.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
  });
}

/**
 * A dialog hangs outside the app's root, which alone says whether the theme is dark: say it again here.
 * @param {HTMLElement} root
 */
function takeTheme(root) {
  root.style.colorScheme = "";
  const style = getComputedStyle(root);
  if (style.colorScheme !== "normal") return;
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return;
  context.fillStyle = style.getPropertyValue("--st-background-color").trim();
  const green = Number.parseInt(context.fillStyle.slice(3, 5), 16);
  root.style.colorScheme = green < 128 ? "dark" : "light";
}

/** Moves the focus with the arrow keys, so that a gallery is one stop of the Tab key. */
function rove(/** @type {KeyboardEvent} */ event, /** @type {HTMLButtonElement[]} */ tiles) {
  const from = tiles.indexOf(/** @type {HTMLButtonElement} */ (event.target));
  if (from < 0) return;
  const top = tiles[from].getBoundingClientRect().top;
  const perRow = Math.max(1, tiles.filter((tile) => Math.abs(tile.getBoundingClientRect().top - top) < 2).length);
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[event.key];
  const to = step === undefined ? undefined : tiles[from + step];
  if (!to) return;
  event.preventDefault();
  tiles[from].tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

/** @param {{parentElement: HTMLElement, data: Data, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".gallery"));
  takeTheme(root);
  root.style.setProperty("--tile", `${data.size}px`);
  root.style.setProperty("--columns", String(data.columns));
  root.classList.toggle("fixed", data.columns > 0);
  root.replaceChildren(...data.groups.map((group) => groupOf(group, data)));
  const tiles = /** @type {HTMLButtonElement[]} */ ([...root.querySelectorAll("button.tile")]);
  tiles.forEach((tile, i) => (tile.tabIndex = i === 0 ? 0 : -1));
  root.onclick = (event) => {
    const tile = event.target instanceof Element ? event.target.closest("button.tile") : null;
    if (data.action && tile instanceof HTMLElement) setTriggerValue("picked", Number(tile.dataset.row));
  };
  root.onkeydown = (event) => rove(event, tiles);
  bitmapOf(root, data.sheet.uri).then((bitmap) => {
    draw(tiles.map((tile) => /** @type {HTMLCanvasElement} */ (tile.firstElementChild)), bitmap, data.sheet);
    root.dataset.drawn = String(tiles.length);
  });
}
