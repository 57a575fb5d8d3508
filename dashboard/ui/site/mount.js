/**
 * Mounts a component of the app: in a shadow of its own, with the markup and style that the app gives it.
 *
 * @typedef {(mount: {parentElement: ParentNode, data: any, setTriggerValue: import("../map/capabilities.js").Send}) => unknown} Component
 */

import { MARKUP, STYLES } from "./components_shell.js"; // made by dashboard/site/bundle.py of what Python says
import choices from "../widgets/choices.js";
import classMatrix from "../widgets/class_matrix.js";
import classTable from "../widgets/class_table.js";
import curve from "../curve/entry.js";
import gallery from "../widgets/gallery.js";
import map from "../map/entry.js";
import mapThumbnail from "../widgets/map_thumbnail.js";
import pair from "../pair/entry.js";

/** @type {Record<string, Component>} */
const COMPONENTS = { choices, class_matrix: classMatrix, class_table: classTable, curve, gallery, map, map_thumbnail: mapThumbnail, pair };

/**
 * @param {HTMLElement} host @param {string} name
 * @returns {(data: any, send: import("../map/capabilities.js").Send) => void} tells it something, as often as wanted
 */
export function mount(host, name) {
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES[name] ?? "");
  root.adoptedStyleSheets.push(sheet);
  const place = document.createElement("div");
  place.innerHTML = MARKUP[name] ?? "";
  place.className = "place";
  root.append(place);
  const parent = /** @type {ParentNode} */ (MARKUP[name] && name === "curve" ? place.firstElementChild : place);
  return (data, send) => COMPONENTS[name]({ parentElement: parent, data, setTriggerValue: send });
}
