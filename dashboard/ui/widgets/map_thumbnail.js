/**
 * A map in small: its real points in the colours of their classes; the image under the pointer; a click opens the map.
 *
 * @typedef {{n: number, class_names: string[], label: string, href: string, points: string,
 *   sheets: import("../render/atlas.js").Sheets | null,
 *   colours: string[]}} Data of the classes
 * @typedef {import("../render/painter.js").Frame} Frame
 */

import { decodePoints, get } from "../data/columns.js";
import { address, sheetsOf } from "../data/source.js";
import { find } from "../dom/element.js";
import { drawThumbnail } from "../dom/thumbnail.js";
import { Atlas } from "../render/atlas.js";
import { Painter } from "../render/painter.js";
import { compose } from "../render/scene.js";
import { paintsOf, readTheme } from "../render/theme.js";
import { Camera, boundingBox } from "../space/camera.js";
import { PointIndex } from "../space/point_index.js";

const PADDING = 14; // pixels round the points
const REACH = 24; // pixels from the pointer to a point that it still means
const IMAGE = 84; // side of the image, pixels
const GAP = 12;

class Thumbnail {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.painter = new Painter(canvasOf(root, ".points"), canvasOf(root, ".marks"));
    this.image = canvasOf(root, ".image");
    this.points = "";
    this.row = -1;
    /** @type {{places: import("../data/columns.js").Points, camera: Camera, index: PointIndex} | null} */
    this.scene = null;
    new ResizeObserver(() => this.draw()).observe(root);
    root.onpointermove = ({ offsetX, offsetY }) => this.look(offsetX, offsetY);
    root.onpointerleave = () => this.show(-1);
  }

  /** @param {Data} data */
  update(data) {
    this.data = data;
    this.theme = readTheme(this.root);
    if (this.points === data.points) return this.draw();
    this.points = data.points;
    this.atlas?.close();
    this.atlas = new Atlas(sheetsOf(/** @type {any} */ (data)), () => this.show(this.row));
    return this.load(data);
  }

  /** @param {Data} data */
  async load({ points, n, class_names }) {
    const bytes = await get(address(points)).then((file) => file.arrayBuffer(), () => null);
    if (bytes === null || points !== this.points) return; // it is a link all the same; or another map was asked for meanwhile
    const places = decodePoints(bytes, n, class_names.length > 255);
    this.scene = { places, camera: new Camera(boundingBox(places.x, places.y), PADDING), index: new PointIndex(places.x, places.y) };
    this.draw();
  }

  draw() {
    const { width, height } = this.root.getBoundingClientRect();
    if (!this.scene || !width || !height) return;
    this.painter.resize(width, height, window.devicePixelRatio);
    this.scene.camera.resize(width, height);
    this.frame = this.frameOf(this.scene);
    this.painter.drawWhole(this.frame);
    this.root.dataset.drawn = String(this.scene.places.n);
  }

  /** @param {{places: import("../data/columns.js").Points, camera: Camera}} scene @returns {Frame} */
  frameOf({ places, camera }) {
    const data = /** @type {Data} */ (this.data);
    const theme = /** @type {import("../render/theme.js").Theme} */ (this.theme);
    const all = new Uint8Array(places.n).fill(1);
    const attribute = /** @type {any} */ ({ kind: "category", paint: "classes", names: data.class_names, values: places.label });
    const look = { points: places, attribute, wrong: null, lit: all, passing: all, selected: null, chosen: new Set(), shapes: false };
    const paints = paintsOf(theme, /** @type {any} */ ({ classes: data.colours, wrong: theme.text })); // nothing is marked as wrong
    const picture = compose(look, paints);
    return { places, picture, camera, background: theme.background, moving: false, cell: 0, montage: null };
  }

  /** @param {number} left @param {number} top pixels */
  look(left, top) {
    if (!this.scene) return;
    const { camera, index } = this.scene;
    const [x, y] = camera.toPosition(left, top);
    this.show(index.nearest(x, y, REACH / camera.scale, () => true));
  }

  /** @param {number} row whose image is shown, or -1 */
  show(row) {
    this.row = row;
    if (!this.scene || !this.frame || !this.theme) return;
    const rings = row < 0 ? [] : [{ row, reach: 2, width: 2 }];
    this.painter.drawOverlay({ rings, lines: [], outline: null }, this.frame, this.theme);
    this.root.title = this.atlas?.trouble ?? "";
    const cell = row < 0 ? "missing" : (this.atlas?.cell(row) ?? "missing");
    this.image.hidden = cell === "missing";
    if (this.image.hidden) return;
    drawThumbnail(this.image, cell, IMAGE);
    const { places, camera } = this.scene;
    const [left, top] = camera.toScreen(places.x[row], places.y[row]);
    this.image.style.transform = `translate(${beside(left, camera.width)}px, ${beside(top, camera.height)}px)`;
  }
}

/** @param {number} at pixels @param {number} room @returns {number} where the image begins: behind the point, or before it */
function beside(at, room) {
  return at + GAP + IMAGE <= room ? at + GAP : Math.max(at - GAP - IMAGE, 0);
}

/** @param {ParentNode} root @param {string} selector */
function canvasOf(root, selector) {
  return /** @type {HTMLCanvasElement} */ (find(root, selector));
}

/** @type {WeakMap<Element, Thumbnail>} */
const live = new WeakMap();

/** @param {import("../session/mounting.js").Mount<Data>} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLAnchorElement} */ (find(parentElement, ".map"));
  const thumbnail = live.get(root) ?? new Thumbnail(root);
  live.set(root, thumbnail);
  root.href = data.href;
  root.setAttribute("aria-label", `${data.label}. Open the map`);
  find(root, ".words").textContent = "Open the map";
  root.onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a tab of its own
    event.preventDefault();
    setTriggerValue("open", true);
  };
  thumbnail.update(data);
}
